// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import ArgumentParser
import Foundation

/// Shows this terminal's key for choices, and says whose choices are enacted here.
struct DeskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "desk",
        abstract: "Show the key with which this terminal signs choices, or trust another desk's.",
        discussion: """
            Every choice is signed. A run takes choices from the desks that were trusted where it was started, and what was \
            chosen is enacted only by a machine that trusts the desk. People with an account at agency serve have keys of their \
            own, which this machine trusts, and others have to be told of. The key is $AGENCY_DESK_KEY, else \
            ~/.config/agency/desk-key; the trusted desks are listed beside it.
            """,
        subcommands: [Show.self, Trust.self, List.self],
        defaultSubcommand: Show.self
    )

    /// Shows the public half of the key.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Print the public half of this desk's key, to be trusted by others; makes the key if there is none."
        )

        func run() async throws { Terminal.out(try Desk(try DeskFiles.keyMadeIfNeeded()).key.description) }
    }

    /// Trusts a desk.
    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enact what is chosen at another desk, and let runs that are started here take choices from it."
        )

        @Argument(help: "The desk's key, as agency desk show prints it there.")
        var key: String

        func run() async throws {
            guard let desk = DeskKey(key) else {
                throw RuntimeError(
                    .badInput,
                    "this is no desk key; one is written name+id+key, as agency desk show prints it"
                )
            }
            try DeskFiles.trust(desk)
            Terminal.out("trusted: \(desk.short)")
        }
    }

    /// Lists the desks that are trusted.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the desks whose choices are enacted here.")

        func run() async throws {
            if let key = try DeskFiles.key() { Terminal.out("\(try Desk(key).key)  (this one)") }
            for desk in try DeskFiles.trusted() { Terminal.out(desk.description) }
            for person in try DeskFiles.choosers() { Terminal.out("\(person)  (an account here)") }
        }
    }
}
