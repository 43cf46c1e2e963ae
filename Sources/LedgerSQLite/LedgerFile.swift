// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The file of a ledger and its folders, readable by their owner alone.
enum LedgerFile {
    /// Makes the missing folders and the file, before SQLite would with the process's own mask.
    ///
    /// SQLite gives the files beside it, `-wal` and `-shm`, the permissions of the main file.
    static func prepare(_ path: String) throws(LedgerError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .invalid("the path of a ledger is empty or holds a NUL; give the path of a file")
        }
        var folder: [UInt8] = []
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/"), !folder.isEmpty { try makeFolder(String(decoding: folder, as: UTF8.self)) }
            folder.append(byte)
        }
        var found = stat()
        if stat(path, &found) != 0, errno == ENOENT { try makeFile(path) }
    }

    /// Makes the file under another name and closes it before it gets its own: closing a file releases all locks that
    /// the process holds on it, also those of a SQLite connection that another thread has just opened.
    ///
    /// > Source: SQLite, “How To Corrupt An SQLite Database File”, 2.2 <https://www.sqlite.org/howtocorrupt.html>.
    private static func makeFile(_ path: String) throws(LedgerError) {
        var template = (path + ".XXXXXX").utf8CString.map { $0 }
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw unavailable(path, errno) }
        _ = close(descriptor)
        defer { _ = unlink(template) }
        guard link(template, path) != 0, errno != EEXIST else { return }
        throw unavailable(path, errno)
    }

    private static func makeFolder(_ path: String) throws(LedgerError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        let reason = errno
        var found = stat()
        // On the way down, read-only and automounted folders answer with other reasons than that they exist.
        guard stat(path, &found) == 0, found.st_mode & S_IFMT == S_IFDIR else { throw unavailable(path, reason) }
    }

    private static func unavailable(_ path: String, _ reason: Int32) -> LedgerError {
        LedgerError(
            .unavailable,
            "cannot make \(path): \(String(cString: strerror(reason))); check the path and its permissions"
        )
    }
}
