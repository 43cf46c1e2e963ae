// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import Synchronization

/// An exclusive hold on a run, so that only one process works on it.
///
/// The lock is advisory and belongs to the open file: the system releases it when the process ends, however it ends, so
/// no stale lock has to be cleaned up. It is not inherited by programs that this process starts.
///
/// > Source: flock(2) <https://man7.org/linux/man-pages/man2/flock.2.html>.
public final class RunLock: Sendable {
    /// The path of the lock file.
    public let path: String
    private let descriptor: Mutex<Int32?>

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = Mutex(descriptor)
    }

    deinit { close() }

    /// Acquires the lock at once, or fails.
    ///
    /// The file is made if need be, for its owner alone, and stays when the lock is released.
    ///
    /// - Parameters:
    ///   - path: The path of the lock file. Its folder must exist.
    ///   - holder: What the lock is held for, in a few words, which a rival is told.
    /// - Returns: The lock, which is held until it is closed or let go of.
    /// - Throws: ``LedgerError`` with `.busy` that names the process that holds it (end that process, or wait), or
    ///   `.unavailable` when the file cannot be opened (mend the path or its permissions).
    public static func acquire(path: String, holder: String) throws(LedgerError) -> RunLock {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw unavailable(path, errno) }
            let lock = RunLock(path: path, descriptor: descriptor)
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let reason = errno
                guard reason == EWOULDBLOCK || reason == EINTR else { throw unavailable(path, reason) }
                if reason == EINTR { continue }
                throw busy(path, heldBy: readHolder(descriptor))
            }
            // Whoever removes the file while we open it leaves us with a lock that nobody else can see.
            guard isCurrent(descriptor, path) else { continue }
            writeHolder("\(getpid())\n\(oneLine(holder))\n", to: descriptor)
            return lock
        }
    }

    /// Releases the lock; doing so again has no effect.
    public func close() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            _ = ftruncate(open, 0)
            closeDescriptor(open)
            descriptor = nil
        }
    }

    private static let maximumHolderBytes = 256

    private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && isSame(opened, named)
    }

    /// Whether two paths lead to the same file, whatever it is called; `false` where one leads to none.
    public static func isSameFile(_ one: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        return stat(one, &first) == 0 && stat(other, &second) == 0 && isSame(first, second)
    }

    private static func isSame(_ one: stat, _ other: stat) -> Bool {
        one.st_ino == other.st_ino && one.st_dev == other.st_dev
    }

    private static func writeHolder(_ text: String, to descriptor: Int32) {
        // Only a courtesy to rivals: the lock holds whether or not its holder can be written down.
        let bytes = Array(text.utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    private static func readHolder(_ descriptor: Int32) -> (pid: Int32, holder: String)? {
        var buffer = [UInt8](repeating: 0, count: maximumHolderBytes + 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        let lines = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n")
        guard let first = lines.first, let pid = Int32(first) else { return nil }
        return (pid, lines.count > 1 ? oneLine(String(lines[1])) : "")
    }

    private static func oneLine(_ text: String) -> String {
        String(
            decoding: text.utf8.prefix(maximumHolderBytes).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") },
            as: UTF8.self
        )
    }

    private static func busy(_ path: String, heldBy holder: (pid: Int32, holder: String)?) -> LedgerError {
        let name = holder.map { $0.holder.isEmpty ? "process \($0.pid)" : "process \($0.pid) (\($0.holder))" }
        return LedgerError(
            .busy,
            "\(name ?? "another process") holds \(path); end it or wait for it",
            retry: .after(.seconds(1))
        )
    }

    private static func unavailable(_ path: String, _ reason: Int32) -> LedgerError {
        LedgerError(
            .unavailable,
            "cannot lock \(path): \(String(cString: strerror(reason))); check the path and its permissions"
        )
    }
}

/// Closes a descriptor; inside the class, `close` is its own method.
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
