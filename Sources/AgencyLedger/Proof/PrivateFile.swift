// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Small files that are written whole or not at all, readable by their owner only.
public enum PrivateFile {
    /// Makes a folder that only its owner may enter, unless it is there.
    ///
    /// - Throws: ``ProofError`` with `.unavailable`.
    public static func makeFolder(_ path: String) throws(ProofError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ProofError(.unavailable, "cannot make the folder \(path): \(error.localizedDescription)")
        }
    }

    /// Writes a file in the place of an earlier one; after a crash either of the two is there.
    ///
    /// - Throws: ``ProofError`` with `.unavailable`; mend the folder or make room.
    public static func write(_ bytes: [UInt8], to path: String) throws(ProofError) {
        let draft = "\(path).\(getpid()).draft"
        try store(bytes, at: draft, flags: O_TRUNC)
        guard rename(draft, path) == 0 else {
            let reason = errno
            unlink(draft)
            throw failure("write", path, reason)
        }
        syncFolder(of: path)
    }

    /// Writes a file where there is none yet.
    ///
    /// - Throws: ``ProofError`` with `.conflict` when there is one, `.unavailable` when it cannot be written.
    public static func create(_ bytes: [UInt8], at path: String) throws(ProofError) {
        try store(bytes, at: path, flags: O_EXCL)
        syncFolder(of: path)
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: The most bytes that it may have.
    ///   - isSecret: Whether a file that others may read or write is refused.
    /// - Returns: The bytes, or `nil` when there is no such file.
    /// - Throws: ``ProofError`` with `.unavailable`, `.malformed` when it is too long, `.badKey` for a secret that others
    ///   may read.
    public static func read(_ path: String, limit: Int, isSecret: Bool = false) throws(ProofError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", path, errno)
        }
        defer { close(descriptor) }
        var about = stat()
        guard fstat(descriptor, &about) == 0 else { throw failure("read", path, errno) }
        if isSecret, about.st_mode & 0o077 != 0 {
            throw ProofError(.badKey, "\(path) may be read by others; make it private with: chmod 600 \(path)")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = readDescriptor(descriptor, &buffer)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path, errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw ProofError(.malformed, "\(path) is longer than \(limit) bytes") }
        }
    }

    private static func store(_ bytes: [UInt8], at path: String, flags: Int32) throws(ProofError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw ProofError(.conflict, "\(path) is there already, and is left as it is") }
            throw failure("write", path, errno)
        }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = writeDescriptor(descriptor, bytes[written...])
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw discard(path, errno) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw discard(path, errno) }
    }

    private static func discard(_ path: String, _ reason: Int32) -> ProofError {
        unlink(path)
        return failure("write", path, reason)
    }

    /// Makes the name of a file as durable as its bytes; a file system that cannot is left to itself.
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ verb: String, _ path: String, _ reason: Int32) -> ProofError {
        ProofError(.unavailable, "cannot \(verb) \(path): \(String(cString: strerror(reason)))")
    }
}

// Inside the enumeration, `read` and `write` are its own methods.
private func readDescriptor(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
}

private func writeDescriptor(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}
