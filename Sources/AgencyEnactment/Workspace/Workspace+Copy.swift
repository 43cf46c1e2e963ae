// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Workspace {
    /// Makes a copy of the folder that is exactly what the folder was at a checkpoint, with a private history of its own.
    ///
    /// The folder and its private history are only read.
    ///
    /// - Parameters:
    ///   - directory: Where the copy is to be; there must be nothing.
    ///   - checkpoints: Where the copy's private history is to be kept; there must be nothing.
    ///   - checkpoint: The checkpoint; without one, the folder is copied as it is.
    /// - Returns: The copy.
    /// - Throws: ``EnactmentError``; what was copied before a failure is left there.
    public func copy(to directory: String, checkpoints: String, at checkpoint: String?) async throws -> Workspace {
        func unusable(_ why: String) -> EnactmentError { EnactmentError(.workspaceUnusable, why) }
        if let kind = kindOfRepository, !kind.isDirectory {
            throw unusable("\(self.directory) has a .git that is not a folder, which a copy would share")
        }
        if let checkpoint { _ = try await record(checkpoint) }
        let copy = Workspace(directory: directory, checkpoints: checkpoints, leaveOut: leaveOut)
        for path in [copy.directory, copy.checkpoints] where (path + "/").hasPrefix(self.directory + "/") {
            throw unusable("the copy of \(self.directory) must be outside it")
        }
        try await Self.copy(self.directory, to: copy.directory)
        guard let checkpoint else { return copy }
        try await withHistory { try await Self.copy(self.checkpoints, to: copy.checkpoints) }
        try await copy.restore(checkpoint)
        return copy
    }

    private static func copy(_ source: String, to target: String) async throws {
        guard mkdir(target, 0o700) == 0 else {
            throw FileFault(errno, target).error(otherwise: .workspaceUnusable, "the copy cannot be made")
        }
        let copying = Program(
            name: "cp",
            arguments: ["-a", "--reflink=auto", "-T", "--", source, target],
            limits: .init(seconds: 3600)
        )
        let outcome = try await HostGit.started { try await copying.run() }
        guard outcome.status == 0, outcome.ending == .exited else {
            let failure = HostGit.failure(outcome, ["cp"])
            guard failure.code != .outOfSpace else { throw failure }
            throw EnactmentError(.workspaceUnusable, "the copy failed: \(outcome.errors.text)")
        }
    }
}
