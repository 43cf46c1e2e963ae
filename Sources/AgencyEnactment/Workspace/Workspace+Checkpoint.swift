// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Workspace {
    /// Where the folder's own repository stands.
    struct Position: Hashable, Sendable {
        /// The branch, or `nil` when none is checked out.
        var branch: String?
        /// The commit, or `nil` before the first one.
        var commit: String?
    }

    /// The state of everything that a checkpoint holds.
    struct Snapshot: Sendable {
        var tree: String
        var inventory: Inventory
        /// `nil` when the folder is no repository.
        var position: Position?
    }

    /// Keeps the state of the folder.
    ///
    /// - Parameter label: A word on it for people who look into the private history.
    /// - Returns: The name of the checkpoint: the same state under the same label has the same name.
    /// - Throws: ``EnactmentError``; the folder is not touched in any case.
    public func checkpoint(_ label: String) async throws -> String {
        try await withHistory {
            let now = try await snapshot()
            // With a field name of its own, so that no label can pass for another field.
            var lines = ["Label: \(label.escaped(limit: 200))", ""]
            let manifest = "manifest.tmp"
            try await blocking { [checkpoints] in
                do throws(FileFault) {
                    let folder = try FileTree(directory: checkpoints).open([])
                    try FileTree.replace(manifest, in: folder, manifest, with: now.inventory.bytes, mode: 0o600)
                } catch {
                    throw error.error(otherwise: .checkpointFailed, "the checkpoint cannot be written")
                }
            }
            lines.append("Manifest: \(try await store(checkpoints + "/" + manifest))")
            if let position = now.position {
                lines.append("Branch: \(position.branch ?? "none")")
                lines.append("Commit: \(position.commit ?? "none")")
                let index = directory + "/.git/index"
                lines.append("Index: \(access(index, F_OK) == 0 ? try await store(index) : "none")")
            }
            let id = try await git.line(["commit-tree", now.tree, "-m", lines.joined(separator: "\n")])
            unlink("\(checkpoints)/refs/checkpoints/\(id).lock")
            try await git.run(["update-ref", "refs/checkpoints/\(id)", id])
            return id
        }
    }

    /// Looks at the folder as it is now, with the contents stored on the way.
    func snapshot() async throws -> Snapshot {
        let inventory = try await blocking { try self.inventory() }
        if let fault = inventory.fault {
            throw EnactmentError(.checkpointFailed, "\(fault), which no checkpoint can hold; remove it or leave it out")
        }
        let exclusions = leftOut.sorted().map { ":(top,exclude,literal)\($0)" }
        do {
            try await git.run(["add", "--all", "--force", "--", "."] + exclusions)
        } catch let error as EnactmentError where error.code == .outOfSpace {
            git.removeLeftovers()
            throw error
        }
        let tree = try await git.line(["write-tree"])
        return Snapshot(tree: tree, inventory: inventory, position: try await position())
    }

    func position() async throws -> Position? {
        guard hasRepository else { return nil }
        let branch = try await userGit.attempt(["symbolic-ref", "--quiet", "HEAD"])
        let commit = try await userGit.attempt(["rev-parse", "--quiet", "--verify", "HEAD^{commit}"])
        func line(_ outcome: Program.Outcome) -> String? {
            outcome.status == 0 ? String(decoding: outcome.output.bytes.prefix { $0 != 0x0A }, as: UTF8.self) : nil
        }
        return Position(branch: line(branch), commit: line(commit))
    }

    private func store(_ path: String) async throws -> String {
        try await git.line(["hash-object", "-w", "--no-filters", "--", path])
    }

    /// Holds the private history for one piece of work at a time, in this process and in others.
    func withHistory<Result>(_ work: () async throws -> Result) async throws -> Result {
        guard let lock = Descriptor(openat(AT_FDCWD, checkpoints + "/agency.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
        else {
            let fault = FileFault(errno, checkpoints)
            throw fault.error(otherwise: .checkpointFailed, "the private history is missing; open the workspace first")
        }
        var waited = 0
        while flock(lock.raw, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, waited < 6000 else {
                throw EnactmentError(
                    .checkpointFailed,
                    "the private history is in use by another process; wait for it to end",
                    retry: true
                )
            }
            waited += 1
            try await Task.sleep(for: .milliseconds(10))
        }
        // Whoever left this behind is dead, or it would hold the lock.
        unlink(checkpoints + "/index.lock")
        return try await work()
    }
}
