// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Workspace {
    /// Lists what differs now from a checkpoint.
    ///
    /// - Returns: Paths in the order of their bytes, folders with a stroke at the end; `.git/HEAD` when the folder's own
    ///   repository is on another branch or commit. Empty when nothing differs.
    /// - Throws: ``EnactmentError``.
    public func changes(since id: String) async throws -> [String] {
        try await withHistory {
            let record = try await record(id)
            let now = try await snapshot()
            var paths = now.inventory.differences(from: record.inventory)
            let listing = try await git.run(
                ["diff-tree", "-r", "-z", "--name-only", "--no-renames", record.tree, now.tree],
                limit: 64 << 20
            )
            paths.formUnion(listing.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
            if now.position != record.position { paths.insert(".git/HEAD") }
            return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    /// Shows the difference between two checkpoints as text.
    ///
    /// - Returns: A unified diff in which binary files are only named, followed by one line for each permission or empty
    ///   folder that differs; cut in the middle with a word on it beyond 256 KiB.
    /// - Throws: ``EnactmentError``.
    public func differences(from: String, to: String) async throws -> String {
        let old = try await record(from)
        let new = try await record(to)
        let outcome = try await git.attempt(
            [
                "diff-tree", "-r", "-p", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", old.tree,
                new.tree,
            ],
            limit: 256 << 10
        )
        guard outcome.status == 0 || outcome.ending == .flooded else { throw HostGit.failure(outcome, ["diff-tree"]) }
        var text = outcome.output.text
        let before = Dictionary(old.inventory.entries.map { ($0.path, $0) }) { $1 }
        let after = Dictionary(new.inventory.entries.map { ($0.path, $0) }) { $1 }
        var lines: [String] = []
        for entry in new.inventory.entries {
            let name = entry.name.forMessage
            if let was = before[entry.path], was.kind == entry.kind {
                guard was.mode != entry.mode else { continue }
                lines.append("mode \(String(was.mode, radix: 8)) → \(String(entry.mode, radix: 8)) \(name)")
            } else if entry.kind == .directory {
                lines.append("new folder \(name)")
            }
        }
        for entry in old.inventory.entries where entry.kind == .directory && after[entry.path]?.kind != .directory {
            lines.append("removed folder \(entry.name.forMessage)")
        }
        let most = 200
        text += lines.prefix(most).map { $0 + "\n" }.joined()
        if lines.count > most { text += "and \(lines.count - most) more\n" }
        return text
    }

    /// Lists the folder for people and prompts.
    ///
    /// - Parameter limit: The most lines to list.
    /// - Returns: One relative path on a line, in the order of their bytes, folders with a stroke at the end; `.git` and
    ///   what checkpoints leave out are not listed. A last line says how many more there are.
    /// - Throws: ``EnactmentError`` when the folder cannot be read.
    public func tree(limit: Int) throws -> String {
        let names = try inventory().entries.map { $0.name.escaped(limit: 4096) }
        var lines = Array(names.prefix(max(0, limit)))
        if names.count > lines.count { lines.append("… and \(names.count - lines.count) more") }
        return lines.joined(separator: "\n")
    }
}
