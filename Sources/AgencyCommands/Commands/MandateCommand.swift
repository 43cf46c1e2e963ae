// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import ArgumentParser

/// Lists and withdraws what a run may do without a question.
struct MandateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mandate",
        abstract: "List or withdraw what a run may do without a question.",
        discussion: """
            Mandates come with the brief (docs/policy.md) and are chosen with the plan. A wider one needs another brief; \
            withdrawing one needs nobody.
            """,
        subcommands: [List.self, Revoke.self],
        defaultSubcommand: List.self
    )

    /// Lists the mandates that stand.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the mandates that stand, as JSON.")

        @Argument(help: "The run; the latest when left out.")
        var run: String?
        @OptionGroup var home: HomeOptions

        func run() async throws {
            let setup = try await Setup.existing(home.folder)
            let state = try await setup.agency.state(of: try await setup.resolve(run))
            Terminal.out(try Output.json(state.mandates))
        }
    }

    /// Withdraws one.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Withdraw a mandate; what it covered and is not done is asked about again."
        )

        @Argument(help: "The run.")
        var run: String
        @Argument(help: "The mandate.")
        var mandate: String
        @Option(help: "Why; goes on the record.")
        var why: String
        @OptionGroup var home: HomeOptions
        @OptionGroup var person: PersonOptions

        func run() async throws {
            let setup = try await Setup.existing(home.folder)
            let id = try await setup.resolve(run)
            try await setup.agency.revoke(mandate: mandate, in: id, by: person.person, reason: why)
            Terminal.out("mandate \(Escape.terminal(mandate)) is withdrawn")
        }
    }
}
