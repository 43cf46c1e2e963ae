// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The files below a folder, reached name by name from the folder's descriptor so that no link is ever followed.
///
/// A check of a path before its use can be outrun; a walk with `O_NOFOLLOW` from descriptor to descriptor cannot. Each
/// call blocks.
struct FileTree: Sendable {
    let directory: String

    /// What there is under a name.
    struct Kind: Sendable {
        var mode: UInt32
        var size: Int

        var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
        var isFile: Bool { mode & S_IFMT == S_IFREG }
        var isLink: Bool { mode & S_IFMT == S_IFLNK }
        var permissions: UInt32 { mode & 0o7777 }
    }

    /// Opens a folder.
    func open(_ path: some Collection<String>) throws(FileFault) -> Descriptor {
        guard var current = Descriptor(Self.retrying { openFolder(AT_FDCWD, directory, 0) }) else {
            throw FileFault(errno, directory)
        }
        var walked = ""
        for name in path {
            walked += walked.isEmpty ? name : "/" + name
            let raw = Self.retrying { openFolder(current.raw, name, O_NOFOLLOW) }
            let number = errno
            guard let next = Descriptor(raw) else {
                let kind = try? Self.kind(name, in: current, walked)
                if kind?.isLink == true { throw Self.linkFault(walked) }
                throw FileFault(number, walked)
            }
            current = next
        }
        return current
    }

    private func openFolder(_ parent: Int32, _ name: String, _ flag: Int32) -> Int32 {
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flag)
    }

    /// Reads a regular file, no further than a limit.
    func read(_ path: RelativePath, limit: Int) throws(FileFault) -> (bytes: [UInt8], kind: Kind) {
        let place = try place(of: path)
        return try Self.read(place.name, in: place.folder, path.description, limit: limit)
    }

    static func read(
        _ name: String,
        in folder: borrowing Descriptor,
        _ path: String,
        limit: Int
    ) throws(FileFault) -> (bytes: [UInt8], kind: Kind) {
        // Without O_NONBLOCK a pipe of that name would hold us for ever.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        guard let file = Descriptor(retrying { openat(folder.raw, name, flags) }) else {
            throw errno == ELOOP ? linkFault(path) : FileFault(errno, path)
        }
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw FileFault(errno, path) }
        let kind = Kind(mode: status.st_mode, size: Int(status.st_size))
        guard kind.isFile else {
            throw FileFault(EISDIR, path, reason: kind.isDirectory ? "it is a folder" : "it is not a regular file")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(kind.size, limit))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let want = min(buffer.count, limit - bytes.count)
            let count = retrying { Glibc.read(file.raw, &buffer, want) }
            guard count >= 0 else { throw FileFault(errno, path) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return (bytes, kind)
    }

    /// Writes a file as a whole or not at all, keeping the mode that it had; folders on the way are made.
    func write(_ bytes: [UInt8], to path: RelativePath) throws(FileFault) {
        let place = try place(of: path, making: true)
        let text = path.description
        let old = try Self.kindIfAny(place.name, in: place.folder, text)
        if let old, !old.isFile {
            throw old.isLink ? Self.linkFault(text) : FileFault(EISDIR, text, reason: "it is not a regular file")
        }
        try Self.replace(place.name, in: place.folder, text, with: bytes, mode: old?.permissions)
    }

    /// Puts bytes under a name in one step that survives a power cut.
    static func replace(
        _ name: String,
        in folder: borrowing Descriptor,
        _ path: String,
        with bytes: [UInt8],
        mode: UInt32?
    ) throws(FileFault) {
        var temporary = ""
        var raw: Int32 = -1
        for attempt in 0..<100 where raw < 0 {
            temporary = ".agency-\(getpid())-\(attempt).tmp"
            raw = retrying {
                openat(folder.raw, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            }
            if raw < 0, errno != EEXIST { break }
        }
        guard let file = Descriptor(raw) else { throw FileFault(errno, path) }
        do throws(FileFault) {
            try writeAll(bytes, to: file, path)
            if let mode, fchmod(file.raw, mode) != 0 { throw FileFault(errno, path) }
            guard fsync(file.raw) == 0 else { throw FileFault(errno, path) }
            guard renameat(folder.raw, temporary, folder.raw, name) == 0 else { throw FileFault(errno, path) }
            guard fsync(folder.raw) == 0 else { throw FileFault(errno, path) }
        } catch {
            unlinkat(folder.raw, temporary, 0)
            throw error
        }
    }

    private static func writeAll(
        _ bytes: [UInt8],
        to file: borrowing Descriptor,
        _ path: String
    ) throws(FileFault) {
        var written = 0
        while written < bytes.count {
            let count = retrying {
                bytes.withUnsafeBytes {
                    Glibc.write(file.raw, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
            }
            guard count > 0 else { throw FileFault(errno, path) }
            written += count
        }
    }

    /// Removes a file, a link or an empty folder.
    func delete(_ path: RelativePath) throws(FileFault) {
        let place = try place(of: path)
        let kind = try Self.kind(place.name, in: place.folder, path.description)
        guard unlinkat(place.folder.raw, place.name, kind.isDirectory ? AT_REMOVEDIR : 0) == 0 else {
            throw FileFault(errno, path.description)
        }
        guard fsync(place.folder.raw) == 0 else { throw FileFault(errno, path.description) }
    }

    /// Gives something another place, where there is nothing yet; folders on the way are made.
    func move(_ path: RelativePath, to target: RelativePath) throws(FileFault) {
        let source = try place(of: path)
        _ = try Self.kind(source.name, in: source.folder, path.description)
        let place = try place(of: target, making: true)
        if try Self.kindIfAny(place.name, in: place.folder, target.description) != nil {
            throw FileFault(EEXIST, target.description)
        }
        guard renameat(source.folder.raw, source.name, place.folder.raw, place.name) == 0,
            fsync(place.folder.raw) == 0, fsync(source.folder.raw) == 0
        else { throw FileFault(errno, target.description) }
    }

    /// What there is at a path, links not followed.
    func kind(_ path: RelativePath) throws(FileFault) -> Kind {
        let place = try place(of: path)
        return try Self.kind(place.name, in: place.folder, path.description)
    }

    static func kind(_ name: String, in folder: borrowing Descriptor, _ path: String) throws(FileFault) -> Kind {
        var status = stat()
        guard fstatat(folder.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw FileFault(errno, path) }
        return Kind(mode: status.st_mode, size: Int(status.st_size))
    }

    private static func kindIfAny(
        _ name: String,
        in folder: borrowing Descriptor,
        _ path: String
    ) throws(FileFault) -> Kind? {
        do throws(FileFault) {
            return try kind(name, in: folder, path)
        } catch {
            if error.number == ENOENT { return nil }
            throw error
        }
    }

    /// An open folder and a name in it.
    private struct Place: ~Copyable {
        let folder: Descriptor
        let name: String
    }

    private func place(of path: RelativePath, making: Bool = false) throws(FileFault) -> Place {
        guard let name = path.components.last else {
            throw FileFault(EISDIR, ".", reason: "it is the workspace itself")
        }
        let way = path.components.dropLast()
        if making {
            for length in 1..<max(1, way.count + 1) {
                let prefix = way.prefix(length)
                let folder = try open(prefix.dropLast())
                guard mkdirat(folder.raw, prefix.last ?? ".", 0o777) == 0 || errno == EEXIST else {
                    throw FileFault(errno, prefix.joined(separator: "/"))
                }
            }
        }
        return Place(folder: try open(way), name: name)
    }

    private static func linkFault(_ path: String) -> FileFault {
        FileFault(ELOOP, path, reason: "it is a symbolic link, which the file tools do not follow")
    }

    private static func retrying<Number: BinaryInteger>(_ call: () -> Number) -> Number {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }
}
