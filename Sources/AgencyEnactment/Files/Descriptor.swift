// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An open file, closed when it goes out of scope.
struct Descriptor: ~Copyable {
    let raw: Int32

    init?(_ raw: Int32) {
        guard raw >= 0 else { return nil }
        self.raw = raw
    }

    deinit { close(raw) }
}

/// A call of the operating system that failed.
struct FileFault: Error {
    var number: Int32
    var path: String
    /// What was found instead, when no number says it.
    var reason: String?

    init(_ number: Int32, _ path: String, reason: String? = nil) {
        self.number = number
        self.path = path
        self.reason = reason
    }

    var message: String { "\(path.forMessage): \(reason ?? String(cString: strerror(number)))" }

    var isOutOfSpace: Bool { number == ENOSPC || number == EDQUOT }

    /// The fault as an error of this room: a full disk is always told apart.
    func error(otherwise code: EnactmentError.Code, _ what: String) -> EnactmentError {
        isOutOfSpace
            ? EnactmentError(.outOfSpace, "\(message); free some space, then restore the last checkpoint", retry: true)
            : EnactmentError(code, "\(what): \(message)")
    }
}

enum DirectoryEntry {
    /// The name of an entry, without its end.
    static func name(_ entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }

    /// The names in a folder but for itself and its parent, sorted by their bytes.
    static func names(in folder: borrowing Descriptor, _ path: String) throws(FileFault) -> [[UInt8]] {
        // A second descriptor, because reading a folder takes its descriptor over.
        let copy = openat(folder.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw FileFault(errno, path) }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw FileFault(errno, path)
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = Self.name(entry)
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        guard errno == 0 else { throw FileFault(errno, path) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// Runs work that blocks where it holds up no task.
func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Swift.Result { try work() }) }
    }
}
