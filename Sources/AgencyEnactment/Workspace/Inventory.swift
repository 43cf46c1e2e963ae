// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What there is below a folder: every name with its kind and mode, whatever the repository ignores.
///
/// Git keeps neither empty folders nor any mode but “executable”; this does.
struct Inventory: Sendable {
    /// One thing, with its path in bytes, because names need not be text.
    struct Entry: Sendable, Hashable {
        enum Kind: UInt8, Sendable {
            case directory = 0x64
            case file = 0x66
            case link = 0x6C
            /// Something that a checkpoint cannot hold.
            case other = 0x3F
        }
        var kind: Kind
        var mode: UInt32
        var path: [UInt8]

        /// The path as text, with a stroke after a folder's.
        var name: String { String(decoding: path, as: UTF8.self) + (kind == .directory ? "/" : "") }
    }

    private(set) var entries: [Entry] = []
    /// Why a checkpoint of this cannot be made, with the path of the first cause.
    private(set) var fault: String?

    private static let deepest = 256

    /// Walks a folder in the order of the bytes of the names.
    ///
    /// - Parameters:
    ///   - directory: The folder.
    ///   - leavingOut: Paths that are passed over, with all below them. The folder's own `.git` always is.
    ///   - repairing: Whether folders that forbid their owner to enter are made to let it in.
    /// - Throws: ``FileFault`` at the first folder that cannot be read.
    init(of directory: String, leavingOut: Set<String>, repairing: Bool = false) throws(FileFault) {
        let root = try FileTree(directory: directory).open([])
        try walk(root, path: [], depth: 0, leavingOut: leavingOut, repairing: repairing)
    }

    private mutating func walk(
        _ folder: borrowing Descriptor,
        path: [UInt8],
        depth: Int,
        leavingOut: Set<String>,
        repairing: Bool
    ) throws(FileFault) {
        for name in try DirectoryEntry.names(in: folder, String(decoding: path, as: UTF8.self)) {
            let here = path.isEmpty ? name : path + [0x2F] + name
            let text = String(decoding: here, as: UTF8.self)
            if path.isEmpty, text == ".git" { continue }
            if leavingOut.contains(text) { continue }
            var status = stat()
            let cName = (name + [0]).map { CChar(bitPattern: $0) }
            guard fstatat(folder.raw, cName, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw FileFault(errno, text) }
            let kind = FileTree.Kind(mode: status.st_mode, size: Int(status.st_size))
            let entry = Entry(kind: Self.kind(kind, depth), mode: kind.isLink ? 0o777 : kind.permissions, path: here)
            if String(decoding: name, as: UTF8.self).lowercased() == ".git" {
                note("“\(text.forMessage)” belongs to a repository inside the workspace")
                entries.append(Entry(kind: .other, mode: entry.mode, path: here))
                continue
            }
            entries.append(entry)
            if entry.kind == .other {
                note(
                    kind.isDirectory
                        ? "“\(text.forMessage)” is nested deeper than \(Self.deepest) folders"
                        : "“\(text.forMessage)” is neither a file nor a folder nor a link"
                )
            }
            // Outside the sandbox this bit would lend the rights of whoever runs it there.
            if entry.kind == .file, entry.mode & 0o6000 != 0 {
                note("“\(text.forMessage)” runs with its owner's rights (set-user-id or set-group-id)")
            }
            guard entry.kind == .directory else { continue }
            if repairing, entry.mode & 0o700 != 0o700, fchmodat(folder.raw, cName, entry.mode | 0o700, 0) != 0 {
                throw FileFault(errno, text)
            }
            guard
                let inner = Descriptor(openat(folder.raw, cName, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
            else { throw FileFault(errno, text) }
            try walk(inner, path: here, depth: depth + 1, leavingOut: leavingOut, repairing: repairing)
        }
    }

    private static func kind(_ kind: FileTree.Kind, _ depth: Int) -> Entry.Kind {
        if kind.isDirectory { return depth < deepest ? .directory : .other }
        return kind.isFile ? .file : kind.isLink ? .link : .other
    }

    private mutating func note(_ fault: String) { if self.fault == nil { self.fault = fault } }
}

extension Inventory {
    /// The stored form: kind, mode in octal and path of each entry, each ended by a NUL.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes.append(entry.kind.rawValue)
            bytes.append(contentsOf: " \(String(entry.mode, radix: 8)) ".utf8)
            bytes.append(contentsOf: entry.path)
            bytes.append(0)
        }
        return bytes
    }

    /// Reads the stored form.
    init?(bytes: [UInt8]) {
        for line in bytes.split(separator: 0) {
            let parts = line.split(separator: 0x20, maxSplits: 2)
            guard parts.count == 3, let kind = parts[0].first.flatMap(Entry.Kind.init(rawValue:)),
                let mode = UInt32(String(decoding: parts[1], as: UTF8.self), radix: 8)
            else { return nil }
            entries.append(Entry(kind: kind, mode: mode, path: Array(parts[2])))
        }
    }

    /// The paths whose kind or mode differs, or that only one of both has.
    func differences(from other: Inventory) -> Set<String> {
        Set(Set(entries).symmetricDifference(other.entries).map(\.name))
    }
}
