// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Workspace {
    /// What a checkpoint says of itself.
    struct Record: Sendable {
        var tree: String
        var inventory: Inventory
        var position: Position?
        var index: String?
    }

    /// Makes the folder exactly what it was at a checkpoint, its repository's branch and index included.
    ///
    /// It can be called again after a failure and goes on where that left off.
    ///
    /// - Throws: ``EnactmentError``: ``EnactmentError/Code/unknownCheckpoint``, or
    ///   ``EnactmentError/Code/checkpointFailed`` when the folder afterwards is not what it should be.
    public func restore(_ id: String) async throws {
        try await withHistory {
            let record = try await record(id)
            try await removeExtras(record)
            // Not `-m`: the index of a copy knows the files by other times, and would refuse to let go of them.
            try await git.run(["read-tree", "--reset", record.tree], limit: 1 << 16)
            try await git.run(["checkout-index", "--all", "--force", "--index", "--quiet"], limit: 1 << 16)
            try await blocking { try setModes(record.inventory) }
            try await restoreRepository(record)
            let now = try await snapshot()
            let differing = now.inventory.differences(from: record.inventory)
            guard now.tree == record.tree, now.position == record.position, differing.isEmpty else {
                throw EnactmentError(
                    .checkpointFailed,
                    "the workspace could not be put back exactly\(differing.min().map { ": see \($0.forMessage)" } ?? "")"
                )
            }
        }
    }

    func record(_ id: String) async throws -> Record {
        guard [40, 64].contains(id.utf8.count),
            id.utf8.allSatisfy({ $0 < 0x67 && Character(Unicode.Scalar($0)).isHexDigit })
        else { throw unknown(id) }
        let known = try await git.attempt(["rev-parse", "--quiet", "--verify", "refs/checkpoints/\(id)^{commit}"])
        guard known.status == 0 else { throw unknown(id) }
        let text = String(decoding: try await git.run(["cat-file", "commit", id]), as: UTF8.self)
        var fields: [String: String] = [:]
        var tree: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if tree == nil, line.hasPrefix("tree ") { tree = String(line.dropFirst(5)) }
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[colon...].dropFirst(2))
        }
        guard let tree, let manifest = fields["Manifest"],
            let inventory = Inventory(bytes: try await git.run(["cat-file", "blob", manifest], limit: 256 << 20))
        else { throw EnactmentError(.checkpointFailed, "checkpoint \(id) is damaged; it cannot be used") }
        func field(_ name: String) -> String? { fields[name].flatMap { $0 == "none" ? nil : $0 } }
        let position = fields["Commit"].map { _ in Position(branch: field("Branch"), commit: field("Commit")) }
        return Record(tree: tree, inventory: inventory, position: position, index: field("Index"))
    }

    private func unknown(_ id: String) -> EnactmentError {
        EnactmentError(.unknownCheckpoint, "there is no checkpoint “\(id.forMessage)” of \(directory)")
    }

    /// Removes first, so that a full disk has room for what comes back.
    private func removeExtras(_ record: Record) async throws {
        var wanted: [[UInt8]: Inventory.Entry.Kind] = [:]
        for entry in record.inventory.entries { wanted[entry.path] = entry.kind }
        let now = try await blocking { try self.inventory(repairing: true) }
        var removed: [[UInt8]] = []
        for entry in now.entries {
            if let last = removed.last, entry.path.starts(with: last + [0x2F]) { continue }
            if wanted[entry.path] != entry.kind || entry.kind == .other { removed.append(entry.path) }
        }
        if record.position == nil, kindOfRepository != nil { removed.append(Array(".git".utf8)) }
        try await remove(removed)
    }

    func remove(_ paths: [[UInt8]]) async throws {
        var doomed: [String] = []
        for path in paths {
            let cPath = (Array(directory.utf8) + [0x2F] + path + [0]).map { CChar(bitPattern: $0) }
            // The folders on the way have just been seen to be folders, and nothing else runs here now.
            if unlink(cPath) == 0 || errno == ENOENT || rmdir(cPath) == 0 { continue }
            // A folder with something in it gets a plain name first, whatever bytes its own is made of.
            let name = ".agency-removing-\(doomed.count)"
            guard chmod(cPath, 0o700) == 0, rename(cPath, "\(directory)/\(name)") == 0 else {
                throw FileFault(errno, String(decoding: path, as: UTF8.self))
                    .error(otherwise: .checkpointFailed, "it cannot be removed")
            }
            doomed.append("\(directory)/\(name)")
        }
        for path in doomed {
            // The first makes room for the second and may fail on what is gone already.
            for (name, arguments) in [("chmod", ["-R", "u+rwX", "--", path]), ("rm", ["-rf", "--", path])] {
                let program = Program(name: name, arguments: arguments, limits: .init(seconds: 600))
                let outcome = try await HostGit.started { try await program.run() }
                guard outcome.status == 0 || name == "chmod" else {
                    throw EnactmentError(
                        .checkpointFailed,
                        "“\(path.forMessage)” cannot be removed: \(outcome.errors.text.escaped(limit: 200))"
                    )
                }
            }
        }
    }

    private func setModes(_ inventory: Inventory) throws {
        let root = Array(directory.utf8) + [0x2F]
        func cPath(_ entry: Inventory.Entry) -> [CChar] { (root + entry.path + [0]).map { CChar(bitPattern: $0) } }
        for entry in inventory.entries where entry.kind == .directory {
            guard mkdir(cPath(entry), 0o700) == 0 || errno == EEXIST else {
                throw FileFault(errno, entry.name).error(otherwise: .checkpointFailed, "a folder cannot be put back")
            }
        }
        // Backwards, so that a folder that forbids changes is closed after what is in it was set.
        for entry in inventory.entries.reversed() where entry.kind == .directory || entry.kind == .file {
            var status = stat()
            guard lstat(cPath(entry), &status) == 0 else {
                throw FileFault(errno, entry.name).error(otherwise: .checkpointFailed, "it could not be put back")
            }
            if status.st_mode & 0o7777 == entry.mode { continue }
            guard chmod(cPath(entry), entry.mode) == 0 else {
                throw FileFault(errno, entry.name).error(otherwise: .checkpointFailed, "its mode cannot be put back")
            }
        }
    }

    private func restoreRepository(_ record: Record) async throws {
        guard let wanted = record.position else { return }
        // A commit that was stopped half-way leaves these, and git would wait for its end for ever.
        for name in ["index", "HEAD", wanted.branch ?? "index"] { unlink("\(directory)/.git/\(name).lock") }
        guard let now = try await position() else {
            throw EnactmentError(.checkpointFailed, "the workspace's own repository is gone; put it back by hand")
        }
        if now != wanted {
            let reason = ["-m", "openagency: restore a checkpoint"]
            if let branch = wanted.branch {
                if let commit = wanted.commit {
                    try await userGit.run(["update-ref"] + reason + [branch, commit])
                } else if now.branch == branch, now.commit != nil {
                    try await userGit.run(["update-ref", "-d"] + reason + [branch])
                }
                try await userGit.run(["symbolic-ref"] + reason + ["HEAD", branch])
            } else if let commit = wanted.commit {
                try await userGit.run(["update-ref", "--no-deref"] + reason + ["HEAD", commit])
            }
        }
        let index = try await index(record)
        try await blocking {
            do throws(FileFault) {
                let folder = try FileTree(directory: directory).open([".git"])
                guard let index else {
                    unlinkat(folder.raw, "index", 0)
                    return
                }
                let old = try? FileTree.read("index", in: folder, ".git/index", limit: .max)
                if old?.bytes == index { return }
                try FileTree.replace("index", in: folder, ".git/index", with: index, mode: old?.kind.permissions)
            } catch {
                throw error.error(otherwise: .checkpointFailed, "the index cannot be put back")
            }
        }
    }

    private func index(_ record: Record) async throws -> [UInt8]? {
        guard let blob = record.index else { return nil }
        return try await git.run(["cat-file", "blob", blob], limit: 256 << 20)
    }
}
