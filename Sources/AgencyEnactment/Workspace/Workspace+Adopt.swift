// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Workspace {
    /// Makes a private copy of a folder that is not under version control, as a repository with one commit.
    ///
    /// Everything is copied with its times, permissions and links; what a `.gitignore` names is copied but not committed.
    ///
    /// - Parameters:
    ///   - directory: The folder to copy; it is only read.
    ///   - copy: Where the copy is to be; there must be nothing.
    /// - Returns: The path of the copy.
    /// - Throws: ``EnactmentError``; what was copied before a failure is left there.
    public static func adopt(directory: String, into copy: String) async throws -> String {
        let source = Workspace(directory: directory, checkpoints: copy)
        func unusable(_ why: String) -> EnactmentError { EnactmentError(.workspaceUnusable, why) }
        guard source.kindOfRepository == nil else {
            throw unusable("\(source.directory) is a repository already; use it as it is, or a clone of it")
        }
        guard !(source.checkpoints + "/").hasPrefix(source.directory + "/") else {
            throw unusable("the copy of \(source.directory) must be outside it")
        }
        if let fault = try await blocking({ try source.inventory() }).fault {
            throw unusable("\(fault) in \(source.directory); remove it first")
        }
        guard mkdir(source.checkpoints, 0o700) == 0 else {
            throw FileFault(errno, copy).error(otherwise: .workspaceUnusable, "the copy cannot be made")
        }
        let copying = Program(
            name: "cp",
            arguments: ["-a", "--reflink=auto", "-T", "--", source.directory, source.checkpoints],
            limits: .init(seconds: 3600)
        )
        let outcome = try await HostGit.started { try await copying.run() }
        guard outcome.status == 0, outcome.ending == .exited else {
            let failure = HostGit.failure(outcome, ["cp"])
            throw failure.code == .outOfSpace ? failure : unusable("the copy failed: \(outcome.errors.text)")
        }
        let git = HostGit(repository: source.checkpoints + "/.git", workTree: source.checkpoints)
        try await git.run(["init", "--quiet", "--template=", "--initial-branch=main"])
        try await git.run(["add", "--all", "--", "."])
        try await git.run(["commit", "--quiet", "--allow-empty", "--no-verify", "-m", "As it was found"])
        return source.checkpoints
    }
}
