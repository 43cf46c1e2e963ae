// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Sandbox {
    /// Runs a command inside to its end or to the first bound it meets; everything it started is gone afterwards.
    ///
    /// What it changed in its view of the workspace is carried over when it ended by itself, whatever its status; of a
    /// program that was stopped nothing is.
    ///
    /// - Throws: ``EnactmentError/Code/sandboxUnavailable`` when the command was not begun because it could not be
    ///   contained; ``EnactmentError/Code/badArguments`` for a command that no system could run; ``FileFault`` when the
    ///   changes could not be carried over: some of them may have been.
    func run(
        _ command: [String],
        in directory: String,
        access: Access,
        gitWritable: Bool = false,
        seconds: Double? = nil,
        adjust: (inout Program.Limits) -> Void = { _ in },
        tell: (@Sendable (String) -> Void)? = nil
    ) async throws -> Program.Outcome {
        var sandbox = self
        sandbox.limits.seconds = seconds ?? limits.seconds
        var program = try sandbox.program(command, in: directory, access: access, gitWritable: gitWritable)
        adjust(&program.limits)
        let harvest = harvest(into: directory)
        let mask = SecretMask(secrets)
        program.telling = tell.map { Telling(tell: $0, mask: mask, sign: Array(Self.signOfLife.utf8)) }
        do {
            return try await program.run { outcome, changes, isCopy in
                var outcome = outcome
                let sign = Array(Self.signOfLife.utf8)
                guard outcome.output.starts(with: sign) else {
                    throw Self.unavailable("it said “\(outcome.output.text.escaped(limit: 200))”")
                }
                outcome.output.dropHead(sign.count)
                if let mask { outcome.output.mask(mask) }
                return try harvest(outcome, changes, isCopy)
            }
        } catch let failure as ContainedProgram.Failure {
            throw Self.unavailable(failure.message)
        }
    }

    /// Starts a command inside that stays and is spoken to; blocks until it has begun.
    ///
    /// Its first word is ``signOfLife``: what does not say it was not contained.
    ///
    /// - Throws: ``EnactmentError`` as ``run(_:in:access:gitWritable:seconds:adjust:)`` does.
    func start(_ command: [String], in directory: String, access: Access) throws(EnactmentError) -> Residence {
        var program = try program(command, in: directory, access: access)
        program.talks = true
        do {
            return try Residence(program, harvest: harvest(into: directory))
        } catch let failure as ContainedProgram.Failure {
            throw Self.unavailable(failure.message)
        } catch {
            throw error as? EnactmentError ?? Self.unavailable("\(error)")
        }
    }

    private func program(
        _ command: [String],
        in directory: String,
        access: Access,
        gitWritable: Bool = false
    ) throws(EnactmentError) -> ContainedProgram {
        guard !command.isEmpty, command.allSatisfy({ !$0.utf8.contains(0) }),
            command.allSatisfy({ $0.utf8.count < 128 << 10 }), command.reduce(0, { $0 + $1.utf8.count }) < 1 << 20
        else {
            throw EnactmentError(
                .badArguments,
                "the command is empty, too long, or has a NUL in it; give a shorter one"
            )
        }
        guard let architecture = SystemCallFilter.Architecture.current else {
            throw Self.unavailable("there is no filter of system calls for this kind of processor")
        }
        var program = ContainedProgram(
            arguments: arguments(for: command, viewing: directory, access: access, gitWritable: gitWritable),
            filter: SystemCallFilter.standard.bytes(for: architecture),
            view: view(of: directory, access),
            limits: programLimits(seconds: limits.seconds)
        )
        program.network = proxyRules
        program.hidden = hiddenArguments
        return program
    }

    /// Carries over what a program changed that has ended by itself.
    private func harvest(into directory: String) -> Residence.Harvest {
        { [limits, mask = SecretMask(secrets)] outcome, changes, isCopy in
            guard let changes, outcome.ending == .exited else { return outcome }
            var outcome = outcome
            try Self.carry(changes, into: directory, limits, isCopy, mask, &outcome)
            return outcome
        }
    }

    private func programLimits(seconds: Double) -> Program.Limits {
        Program.Limits(
            seconds: seconds,
            head: limits.outputBytes / 2,
            tail: limits.outputBytes / 2,
            flood: limits.floodBytes,
            // Two of them are bubblewrap's own.
            processes: limits.processes + 2,
            residentBytes: limits.residentBytes
        )
    }

    private func view(of directory: String, _ access: Access) -> ContainedProgram.View {
        guard access == .readWrite else { return ContainedProgram.View(kind: .look, directory: directory) }
        return ContainedProgram.View(
            // What cannot be looked at here is found out when the view is made.
            kind: copies || (try? ViewCopy.isNeeded(for: directory)) == true ? .copy : .overlay,
            directory: directory,
            bytes: limits.changedBytes,
            entries: limits.changedEntries,
            fill: { [limits] folder in
                do throws(FileFault) {
                    try ViewCopy.fill(folder, from: directory)
                } catch {
                    guard error.number == ENOSPC else { throw error }
                    throw Self.unavailable(
                        "the kernel cannot lay changes over the workspace, and a copy of it takes more than "
                            + "\(limits.changedBytes) bytes or \(limits.changedEntries) names"
                    )
                }
            }
        )
    }

    private static func carry(
        _ memory: Int32,
        into directory: String,
        _ limits: Limits,
        _ isCopy: Bool,
        _ mask: SecretMask?,
        _ outcome: inout Program.Outcome
    ) throws {
        var yield = ViewChanges(bytes: limits.changedBytes, entries: limits.changedEntries, isCopy: isCopy, mask: mask)
        defer { if let mask { outcome.notes = outcome.notes.map { mask.masked($0) } } }
        let folder = try FileTree(directory: directory).open([])
        guard let changes = Descriptor(openat(memory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else {
            throw FileFault(errno, directory)
        }
        do throws(FileFault) {
            try yield.examine(changes, over: folder)
        } catch {
            // Nothing has been carried over yet, and the program's own failure is not hidden.
            outcome.notes.append("none of its changes were kept: \(error.message)")
            return
        }
        try yield.apply(changes, to: folder)
        outcome.notes += yield.refusals.map { "not kept: \($0)" }
        if yield.refused > yield.refusals.count {
            outcome.notes.append("not kept: \(yield.refused - yield.refusals.count) more")
        }
    }

    /// Looks whether programs can be contained on this machine.
    ///
    /// - Returns: `nil` when they can; otherwise what is missing and how to get it.
    public static func probe() async -> EnactmentError? {
        do {
            // Not in the folder of the programs themselves, which the view would cover.
            let outcome = try await Sandbox().run(["true"], in: "/usr/share", access: .readOnly, seconds: 20)
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
