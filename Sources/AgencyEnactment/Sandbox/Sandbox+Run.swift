// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Subprocess

extension Sandbox {
    /// Runs a command inside to its end or to the first bound it meets; everything it started is gone afterwards.
    ///
    /// - Throws: ``EnactmentError/Code/sandboxUnavailable`` when the command was not begun because it could not be
    ///   contained; ``EnactmentError/Code/badArguments`` for a command that no system could run.
    func run(
        _ command: [String],
        in directory: String,
        access: Access,
        gitWritable: Bool = false,
        seconds: Double? = nil,
        adjust: (inout Program.Limits) -> Void = { _ in }
    ) async throws -> Program.Outcome {
        guard !command.isEmpty, command.allSatisfy({ !$0.utf8.contains(0) }),
            command.allSatisfy({ $0.utf8.count < 128 << 10 }), command.reduce(0, { $0 + $1.utf8.count }) < 1 << 20
        else {
            throw EnactmentError(
                .badArguments,
                "the command is empty, too long, or has a NUL in it; give a shorter one"
            )
        }
        var sandbox = self
        sandbox.limits.seconds = seconds ?? limits.seconds
        var program = Program(
            name: "bwrap",
            arguments: sandbox.arguments(for: command, in: directory, access: access, gitWritable: gitWritable),
            mergesErrors: true
        )
        program.limits = .init(
            seconds: sandbox.limits.seconds,
            head: limits.outputBytes / 2,
            tail: limits.outputBytes / 2,
            flood: limits.floodBytes,
            // Two of them are bubblewrap's own.
            processes: limits.processes + 2,
            residentBytes: limits.residentBytes
        )
        adjust(&program.limits)
        var outcome: Program.Outcome
        do {
            outcome = try await program.run()
        } catch let error as SubprocessError {
            throw Self.unavailable("bubblewrap cannot be started (\(error))")
        }
        let sign = Array(Self.signOfLife.utf8)
        guard outcome.output.starts(with: sign) else {
            throw Self.unavailable("it said “\(outcome.output.text.escaped(limit: 200))”")
        }
        outcome.output.dropHead(sign.count)
        return outcome
    }

    /// Looks whether programs can be contained on this machine.
    ///
    /// - Returns: `nil` when they can; otherwise what is missing and how to get it.
    public static func probe() async -> EnactmentError? {
        do {
            let outcome = try await Sandbox().run(["true"], in: "/usr", access: .readOnly, seconds: 20)
            guard outcome.status == 0 else { return unavailable("`true` ended with status \(outcome.status)") }
            return nil
        } catch {
            return error as? EnactmentError ?? unavailable("\(error)")
        }
    }

    private static func unavailable(_ why: String) -> EnactmentError {
        EnactmentError(
            .sandboxUnavailable,
            "programs cannot be contained here, so none is run: \(why); install bubblewrap 0.8 or later "
                + "(apt-get install bubblewrap) and let this user make user namespaces"
        )
    }
}
