// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One name in a folder as the kernel takes it, because names need not be text.
struct FileName: Sendable, Hashable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The name with its end.
    var c: [CChar] { (bytes + [0]).map { CChar(bitPattern: $0) } }

    /// Whether a repository keeps its own things under this name, on any file system.
    var isRepository: Bool { String(decoding: bytes, as: UTF8.self).lowercased() == ".git" }

    static func all(in folder: borrowing Descriptor, _ path: String) throws(FileFault) -> [FileName] {
        try DirectoryEntry.names(in: folder, path).map { FileName($0) }
    }

    /// What there is under the name, links not followed; `nil` when there is nothing.
    func status(in folder: borrowing Descriptor, _ path: String) throws(FileFault) -> stat? {
        var status = stat()
        if fstatat(folder.raw, c, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        guard errno == ENOENT else { throw FileFault(errno, path) }
        return nil
    }

    func open(_ flags: Int32, in folder: borrowing Descriptor, _ path: String) throws(FileFault) -> Descriptor {
        guard let file = Descriptor(openat(folder.raw, c, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) else {
            throw FileFault(errno, path)
        }
        return file
    }

    func openFolder(in folder: borrowing Descriptor, _ path: String) throws(FileFault) -> Descriptor {
        try open(O_RDONLY | O_DIRECTORY, in: folder, path)
    }

    /// What a link of this name says.
    func target(in folder: borrowing Descriptor, _ path: String) throws(FileFault) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(folder.raw, c, &buffer, buffer.count)
        guard count >= 0, count < buffer.count else { throw FileFault(count < 0 ? errno : ENAMETOOLONG, path) }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// Removes what has this name, with all that is below it.
    func remove(in folder: borrowing Descriptor, _ path: String) throws(FileFault) {
        if unlinkat(folder.raw, c, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw FileFault(errno, path) }
        if fchmodat(folder.raw, c, 0o700, AT_SYMLINK_NOFOLLOW) != 0, errno != EOPNOTSUPP, errno != EPERM {
            throw FileFault(errno, path)
        }
        do {
            let inner = try openFolder(in: folder, path)
            _ = fchmod(inner.raw, 0o700)
            for name in try FileName.all(in: inner, path) { try name.remove(in: inner, path) }
        }
        guard unlinkat(folder.raw, c, AT_REMOVEDIR) == 0 else { throw FileFault(errno, path) }
    }
}
