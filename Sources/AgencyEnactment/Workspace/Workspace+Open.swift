// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Workspace {
    /// Makes sure that the folder can serve, and starts its private history.
    ///
    /// Changes that are not committed are a fault, because a person's unsaved work may be among them, unless a checkpoint
    /// holds exactly what there is now.
    ///
    /// - Parameter resuming: Whether a run goes on in a folder that its own steps have changed already, so that changes
    ///   which are not committed are no fault.
    /// - Throws: ``EnactmentError``: ``EnactmentError/Code/workspaceUnusable`` says what to change about the folder;
    ///   ``EnactmentError/Code/sandboxUnavailable`` when its repository cannot be examined in a sandbox.
    public func open(resuming: Bool = false) async throws {
        try checkFolder()
        try checkRepository()
        if let fault = try inventory().fault { throw unusable("\(fault); remove it or leave it out") }
        if hasRepository, !resuming, let fault = try await changesNotCommitted(), !(try await isKept()) { throw fault }
        try await startHistory()
    }

    /// Whether a checkpoint holds the contents of the folder as they are now.
    private func isKept() async throws -> Bool {
        guard access(checkpoints + "/refs/checkpoints", F_OK) == 0 else { return false }
        return try await withHistory {
            let now = try await snapshot()
            let trees = try await git.run(["for-each-ref", "--format=%(tree)", "refs/checkpoints"], limit: 16 << 20)
            return trees.split(separator: 0x0A).contains { $0.elementsEqual(now.tree.utf8) }
        }
    }

    private func checkFolder() throws {
        var status = stat()
        guard stat(directory, &status) == 0 else { throw unusable("does not exist; name a folder that does") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw unusable("is not a folder; name one") }
        guard access(directory, R_OK | W_OK | X_OK) == 0 else {
            throw unusable("cannot be read and written by this user; change its permissions or work on a copy")
        }
        guard directory != "/", !(checkpoints + "/").hasPrefix(directory + "/"),
            !(directory + "/").hasPrefix(checkpoints + "/")
        else { throw unusable("and the folder of its checkpoints lie in one another; keep the checkpoints elsewhere") }
        for path in leaveOut where path.hasPrefix("/") || path.split(separator: "/").contains("..") || path.isEmpty {
            throw unusable("cannot leave out “\(path.forMessage)”: give a path relative to it")
        }
    }

    private func checkRepository() throws {
        guard let kind = kindOfRepository, !kind.isDirectory else { return }
        throw unusable(
            "has a .git that is not a folder (a linked worktree or a submodule); work on a clone or a copy"
        )
    }

    private func changesNotCommitted() async throws -> EnactmentError? {
        // In the sandbox, because a repository's configuration can name programs for git to run.
        let outcome = try await Sandbox().run(
            Sandbox.git + ["status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none"],
            in: directory,
            access: .readOnly,
            seconds: 300
        )
        let said = outcome.output.text
        guard outcome.status == 0, outcome.ending == .exited else {
            throw unusable("has a repository that git cannot read: \(said.escaped(limit: 300))")
        }
        let lines = said.split(separator: "\n")
        if lines.isEmpty { return nil }
        let some = lines.prefix(3).map { String($0).forMessage }.joined(separator: ", ")
        return unusable(
            "has \(lines.count) \(lines.count == 1 ? "change" : "changes") not committed (\(some)); commit or stash"
        )
    }

    /// Makes the private repository, or mends what a crash left of it.
    private func startHistory() async throws {
        do {
            try await git.run(["init", "--quiet", "--template="])
            let attributes = "* -text -filter -ident !eol !working-tree-encoding !diff !merge !whitespace\n"
            try await blocking { [checkpoints] in
                let history = FileTree(directory: checkpoints)
                try history.write(Array(attributes.utf8), to: RelativePath("info/attributes"))
            }
        } catch let fault as FileFault {
            throw fault.error(otherwise: .workspaceUnusable, "the folder of the checkpoints cannot be written")
        } catch let error as EnactmentError where error.code == .checkpointFailed {
            throw EnactmentError(
                .workspaceUnusable,
                "the checkpoints cannot be kept at \(checkpoints): \(error.message)"
            )
        }
    }

    func inventory(repairing: Bool = false) throws -> Inventory {
        do throws(FileFault) {
            return try Inventory(of: directory, leavingOut: leftOut, repairing: repairing)
        } catch {
            throw error.error(otherwise: .checkpointFailed, "the workspace cannot be read")
        }
    }

    private func unusable(_ why: String) -> EnactmentError {
        EnactmentError(.workspaceUnusable, "\(directory.forMessage) \(why)")
    }
}
