// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser

/// Shows which choices could be made by rule, and lets a person grant that or take it back.
struct Delegate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegate",
        abstract: "Show which choices may be made by rule, grant it, or take it back.",
        discussion: """
            An architecture can say when its choices may be made by rule (choose: {mandate: …}). Every run that is over shows whether \
            the rule would have been right; once that is shown often enough, the run that shows it proposes a mandate, and a person \
            may grant it. It ends by itself when the record does not carry it any more, when another performer takes over, and when \
            a role's judgement has moved. See docs/mandates.md.
            """,
        subcommands: [List.self, Grant.self, Withdraw.self],
        defaultSubcommand: List.self
    )

    /// Lists how choices by rule fare.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List how choices by rule fare, and what is granted.")

        @Flag(help: "Print JSON.")
        var json = false
        @OptionGroup var home: HomeOptions

        func run() async throws {
            let setup = try await Setup.existing(home.folder)
            let all = try await setup.agency.mandates()
            if json { return Terminal.out(MandatesText.json(all).prettyText) }
            Terminal.out(Terminal.text(MandatesText(all)))
        }
    }

    /// Grants one.
    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let choices like those of a run that proposes it be made by rule."
        )

        @Argument(help: "The run that proposes it.")
        var run: String
        @Option(help: "Why; goes on the record.")
        var why: String
        @Option(help: "For how many days at most.")
        var days = 30
        @OptionGroup var home: HomeOptions
        @OptionGroup var person: PersonOptions

        func validate() throws {
            guard (1...365).contains(days) else { throw ValidationError("--days is a number from 1 to 365") }
        }

        func run() async throws {
            let setup = try await Setup.existing(home.folder)
            let id = try await setup.resolve(run)
            let mandate = try await setup.agency.grantMandate(
                in: id,
                untilMilliseconds: WallClock.milliseconds() + Int64(days) * 86_400_000,
                by: person.person,
                reason: why
            )
            let floor = Int((mandate.terms.success * 100).rounded())
            Terminal.out(
                Escape.terminal(mandate.evidence.words) + " It ends when that is no longer above \(floor)%."
            )
            Terminal.out(
                "mandate \(mandate.id.prefix(8)): choices of \(Escape.terminal(mandate.work)) are made by rule while the record carries "
                    + "it, until \(EventText.time(mandate.untilMilliseconds)); agency delegate withdraw \(mandate.id.prefix(8)) ends it"
            )
        }
    }

    /// Takes one back.
    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Have a person make such choices again.")

        @Argument(help: "The mandate, or how its name begins.")
        var mandate: String
        @Option(help: "Why; goes on the record.")
        var why: String
        @OptionGroup var home: HomeOptions
        @OptionGroup var person: PersonOptions

        func run() async throws {
            let setup = try await Setup.existing(home.folder)
            try await setup.agency.withdrawMandate(mandate, by: person.person, reason: why)
            Terminal.out("mandate \(Escape.terminal(mandate)) has ended; people choose")
        }
    }
}
