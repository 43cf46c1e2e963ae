// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Foundation

/// The `agency` command: hand consequential work to language models without trusting any one of them.
public struct AgencyCommand: AsyncParsableCommand {
    /// How the command is called, and what it is made of.
    public static let configuration = CommandConfiguration(
        commandName: "agency",
        abstract: "Hand consequential work to language models without trusting any one of them.",
        discussion: """
            A brief is carried through an architecture of separate roles that propose, criticise, evaluate and explain; a \
            person chooses; the chosen plan is enacted step by step in a sandbox and can be undone; everything is on a ledger.

            Exit statuses: 0 done, 1 ended without reaching the goals, 64 usage, 65 bad input or a ledger that does not \
            verify, 69 unavailable, 70 our fault, 75 waiting for a person or try again, 77 not permitted, 130 interrupted.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Begin",
                subcommands: [
                    Init.self, Check.self, PolicyCommand.self, PlanVotes.self, MCPCommand.self, SecretCommand.self,
                    Schema.self,
                ]
            ),
            CommandGroup(
                name: "Run",
                subcommands: [
                    Run.self, Probe.self, Calibrate.self, Choose.self, Reconcile.self, Resume.self, WorkerCommand.self,
                    DeskCommand.self,
                    Pause.self, Stop.self,
                    Revert.self, ForkCommand.self,
                ]
            ),
            CommandGroup(name: "Look", subcommands: look),
            CommandGroup(
                name: "Steer and prove",
                subcommands: [
                    GoalCommand.self, MandateCommand.self, Delegate.self, Settle.self, Verify.self, Prove.self,
                    ReplayCommand.self,
                    CheckpointCommand.self,
                    KeyCommand.self, Export.self, Import.self, CrashTest.self, CollectCommand.self, Migrate.self,
                ]
            ),
        ]
    )

    private static var look: [any ParsableCommand.Type] {
        let always: [any ParsableCommand.Type] = [
            Status.self, Show.self, Diff.self, Events.self, Report.self, Record.self,
        ]
        #if Live
        return [Serve.self] + always
        #else
        return always
        #endif
    }

    /// Makes the command.
    public init() {}

    /// Runs the command line and ends the process with its status.
    public static func runAndExit() async -> Never {
        // A reader that goes away (a pager, head) is a failed write, not the end of a run.
        signal(SIGPIPE, SIG_IGN)
        await ExitStatus.exit { () async throws in
            var command = try AgencyCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        }
    }
}
