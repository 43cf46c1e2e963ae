// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Tools {
    static let shownBytes = 64 << 10
    static let readableBytes = 16 << 20

    func listFiles(_ arguments: Arguments) async throws -> ToolResult {
        let path = try arguments.path("path")
        let depth = arguments.number("depth") ?? 1
        let files = workspace.files
        return try await blocking {
            var names: [String] = []
            try files.visit(path.components, depth: depth) { name, kind in
                names.append(name.escaped(limit: 4096) + (kind.isDirectory ? "/" : kind.isLink ? " (link)" : ""))
                return names.count <= 2000
            }
            let most = 1000
            var lines = names.prefix(most).joined(separator: "\n")
            if names.count > most { lines += "\n… and more; list a folder below" }
            return ToolResult(status: 0, output: lines, isTruncated: names.count > most)
        }
    }

    func readFile(_ arguments: Arguments) async throws -> ToolResult {
        let path = try arguments.path("path")
        let files = workspace.files
        return try await blocking {
            let (bytes, kind) = try files.read(path, limit: Self.readableBytes)
            guard !Self.isBinary(bytes) else {
                return ToolResult(status: 1, output: "\(path): a binary file of \(kind.size) bytes, not text")
            }
            let first = (arguments.number("from_line") ?? 1) - 1
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let wanted = lines.dropFirst(first).prefix(arguments.number("lines") ?? .max)
            guard first == 0 || first < lines.count else {
                return ToolResult(status: 1, output: "\(path) has only \(lines.count) lines")
            }
            let text = Array(wanted.joined(separator: [0x0A]))
            let isTruncated = text.count > Self.shownBytes || kind.size > bytes.count
            var output = Capture.repaired(Array(text.prefix(Self.shownBytes)))
            if isTruncated { output += "\n[… the file has \(kind.size) bytes; ask for some of its lines …]" }
            return ToolResult(status: 0, output: output, isTruncated: isTruncated)
        }
    }

    func searchFiles(_ arguments: Arguments, seconds: Double) async throws -> ToolResult {
        let path = try arguments.path("path")
        let pattern = arguments.text("pattern")
        let passage = Passage(Array(pattern.utf8))
        let limit = arguments.number("limit") ?? 50
        let files = workspace.files
        let deadline = ContinuousClock.now + .seconds(seconds)
        guard !pattern.utf8.contains(0x0A) else {
            throw EnactmentError(.badArguments, "the pattern has a line break in it; search for one line")
        }
        return try await blocking {
            var found: [String] = []
            var isCut = false
            func search(_ name: String, _ components: [String]) throws {
                // Read as components, so that a name from the disk is not taken for a path.
                guard let bytes = try? files.read(components, limit: Self.readableBytes), !Self.isBinary(bytes) else {
                    return
                }
                guard passage.offset(in: bytes[...]) != nil else { return }
                for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
                    guard passage.offset(in: line) != nil else { continue }
                    found.append(
                        "\(name.forMessage):\(number + 1): \(Capture.repaired(Array(line)).escaped(limit: 300))"
                    )
                    if found.count > limit { return }
                }
            }
            if !path.isRoot, try files.kind(path).isFile {
                try search(path.description, path.components)
            } else {
                try files.visit(path.components, depth: 64) { name, kind in
                    isCut = isCut || ContinuousClock.now >= deadline
                    guard !isCut, found.count <= limit else { return false }
                    if kind.isFile { try search(name, name.split(separator: "/").map(String.init)) }
                    return true
                }
            }
            var output = found.prefix(limit).joined(separator: "\n")
            if found.count > limit { output += "\n… and more" }
            if isCut { output += "\n… the search was stopped after \(seconds.shortText) s" }
            return ToolResult(status: isCut ? 124 : 0, output: output, isTruncated: isCut || found.count > limit)
        }
    }

    func writeFile(_ arguments: Arguments) async throws -> ToolResult {
        let path = try changeable(arguments, "path")
        let bytes = Array(arguments.text("content").utf8)
        let files = workspace.files
        return try await blocking {
            try files.write(bytes, to: path)
            return ToolResult(status: 0, output: "\(path): \(bytes.count) bytes written")
        }
    }

    func patchFile(_ arguments: Arguments) async throws -> ToolResult {
        let path = try changeable(arguments, "path")
        let edits = (arguments.json["edits"]?.array ?? []).map {
            (find: Array(($0["find"]?.string ?? "").utf8), replace: Array(($0["replace"]?.string ?? "").utf8))
        }
        let files = workspace.files
        return try await blocking {
            var (bytes, kind) = try files.read(path, limit: Self.readableBytes)
            guard kind.size <= bytes.count else {
                return ToolResult(status: 1, output: "\(path) is larger than \(Self.readableBytes) bytes")
            }
            for (number, edit) in edits.enumerated() {
                let passage = Passage(edit.find)
                guard let start = passage.offset(in: bytes[...]) else {
                    return ToolResult(
                        status: 1,
                        output: "edit \(number + 1): the passage is not in \(path); nothing was changed"
                    )
                }
                guard passage.offset(in: bytes[(start + 1)...]) == nil else {
                    return ToolResult(
                        status: 1,
                        output: "edit \(number + 1): the passage is in \(path) more than once; nothing was changed"
                    )
                }
                bytes.replaceSubrange(start..<start + edit.find.count, with: edit.replace)
                guard bytes.count <= Self.readableBytes else {
                    return ToolResult(status: 1, output: "\(path) would become too large; nothing was changed")
                }
            }
            try files.write(bytes, to: path)
            return ToolResult(status: 0, output: "\(path): \(edits.count) \(edits.count == 1 ? "edit" : "edits") made")
        }
    }

    func deleteFile(_ arguments: Arguments) async throws -> ToolResult {
        let path = try changeable(arguments, "path")
        let files = workspace.files
        return try await blocking {
            try files.delete(path)
            return ToolResult(status: 0, output: "\(path) removed")
        }
    }

    func moveFile(_ arguments: Arguments) async throws -> ToolResult {
        let from = try changeable(arguments, "from")
        let to = try changeable(arguments, "to")
        let files = workspace.files
        return try await blocking {
            try files.move(from, to: to)
            return ToolResult(status: 0, output: "\(from) is now \(to)")
        }
    }

    /// A path that may be changed: what checkpoints leave out could not be put back.
    func changeable(_ arguments: Arguments, _ name: String) throws -> RelativePath {
        let path = try arguments.path(name)
        let prefixes = (0...path.components.count).map { path.components.prefix($0).joined(separator: "/") }
        guard workspace.leftOut.isDisjoint(with: prefixes) else {
            throw EnactmentError(.notPermitted, "“\(path)” is left out of checkpoints and could not be put back")
        }
        return path
    }

    private static func isBinary(_ bytes: [UInt8]) -> Bool { bytes.prefix(8192).contains(0) }
}

extension FileTree {
    /// Visits what is below a folder, in the order of the bytes of the names, and never the folder of a repository.
    ///
    /// The visitor gets the path from the root and returns whether to go on.
    func visit(
        _ path: [String],
        depth: Int,
        _ visitor: (String, Kind) throws -> Bool
    ) throws {
        let folder = try open(path)
        _ = try visit(folder, path.joined(separator: "/"), depth: depth, visitor)
    }

    private func visit(
        _ folder: borrowing Descriptor,
        _ path: String,
        depth: Int,
        _ visitor: (String, Kind) throws -> Bool
    ) throws -> Bool {
        for bytes in try DirectoryEntry.names(in: folder, path) {
            // A name that is no text cannot be given to a tool either.
            guard let name = String(validating: bytes, as: UTF8.self), name.lowercased() != ".git" else { continue }
            let here = path.isEmpty ? name : path + "/" + name
            let kind = try Self.kind(name, in: folder, here)
            guard try visitor(here, kind) else { return false }
            guard kind.isDirectory, depth > 1 else { continue }
            guard let inner = Descriptor(openat(folder.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
            else {
                continue
            }
            guard try visit(inner, here, depth: depth - 1, visitor) else { return false }
        }
        return true
    }

    func read(_ components: [String], limit: Int) throws -> [UInt8] {
        let folder = try open(components.dropLast())
        return try Self.read(components.last ?? ".", in: folder, components.joined(separator: "/"), limit: limit).bytes
    }
}
