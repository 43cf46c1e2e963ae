// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

// Which C module `stat` belongs to depends on what the compiler met first; both are imported.
import AgencyRuntime
import CDispatch
import Dispatch
import Foundation

/// Where one rehearsal takes place: its ledger, its checkpoints, its copy of the workspace and its diary.
struct RehearsalFolder: Sendable {
    let path: String

    var home: Home { Home(path: path + "/home") }
    var ledger: String { home.path + "/ledger.sqlite" }
    var workspace: String { path + "/workspace" }
    /// Where tools that act outside the workspace do so in a rehearsal.
    var outside: String { path + "/outside" }
    var diary: RehearsalDiary { RehearsalDiary(path: path + "/diary") }

    /// Makes another rehearsal from where this one stands.
    func copied(to other: String) throws -> RehearsalFolder {
        try Self.copy(path, to: other)
        return RehearsalFolder(path: other)
    }

    /// Keeps where this rehearsal stands, sharing what has not changed with what was kept before.
    ///
    /// - Parameters:
    ///   - other: Where it is kept; nobody may change anything there.
    ///   - before: What was kept before, and when.
    /// - Returns: What was kept.
    /// - Throws: ``RuntimeError`` with `.unavailable` when there is no room.
    func kept(in other: String, sharing before: (folder: RehearsalFolder, since: timespec)?) throws -> RehearsalFolder {
        try Self.copy(path, to: other, sharing: before.map { ($0.folder.path, $0.since) })
        return RehearsalFolder(path: other)
    }

    func remove() {
        // A rehearsal that cannot be swept away is only litter.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Copies a file, a link or a folder with its permissions and times.
    ///
    /// Git never changes an object that it has written, so all may have the same one.
    static func copy(_ from: String, to other: String, sharing before: (path: String, since: timespec)? = nil) throws {
        var information = stat()
        guard lstat(from, &information) == 0 else {
            // A temporary file may be gone by the time that its turn comes.
            if errno == ENOENT { return }
            throw failure(from)
        }
        switch information.st_mode & S_IFMT {
        case S_IFDIR:
            guard mkdir(other, 0o700) == 0 || errno == EEXIST else { throw failure(other) }
            for name in try FileManager.default.contentsOfDirectory(atPath: from) {
                let below = before.map { ($0.path + "/" + name, $0.since) }
                try copy(from + "/" + name, to: other + "/" + name, sharing: below)
            }
        case S_IFLNK:
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: from)
            guard symlink(target, other) == 0 else { throw failure(other) }
            return
        case S_IFREG:
            if from.contains(".git/objects/"), link(from, other) == 0 { return }
            if let before, isSame(information, as: before), link(before.path, other) == 0 { return }
            guard let data = FileManager.default.contents(atPath: from) else { throw failure(from) }
            guard FileManager.default.createFile(atPath: other, contents: data) else { throw failure(other) }
        default: return
        }
        let times = [information.st_atim, information.st_mtim]
        guard chmod(other, information.st_mode & 0o7777) == 0, utimensat(AT_FDCWD, other, times, 0) == 0 else {
            throw failure(other)
        }
    }

    /// Whether a file is as it was when it was kept before, by its size and times; in the ledger's pages both may be the
    /// same after a change.
    private static func isSame(_ now: stat, as before: (path: String, since: timespec)) -> Bool {
        var then = stat()
        guard !before.path.contains("/ledger.sqlite"), lstat(before.path, &then) == 0 else { return false }
        // One that was changed shortly before it was kept may have been changed again in the same tick.
        let isSettled = now.st_mtim.tv_sec < before.since.tv_sec - 1
        return isSettled && then.st_size == now.st_size && then.st_mode == now.st_mode
            && then.st_mtim.tv_sec == now.st_mtim.tv_sec && then.st_mtim.tv_nsec == now.st_mtim.tv_nsec
    }

    /// Where rehearsals take place: in memory where there is room, because a disk would have to be waited for at every
    /// record, and a process that is killed loses nothing that it has written to either.
    static func makeRoot() throws -> RehearsalFolder {
        var information = statvfs()
        let memory = "/dev/shm"
        let isRoomy =
            statvfs(memory, &information) == 0
            && UInt64(information.f_bavail) * UInt64(information.f_frsize) > 4 << 30 && access(memory, W_OK) == 0
        let chosen = ProcessInfo.processInfo.environment["TMPDIR"]
        let place = chosen ?? (isRoomy ? memory : NSTemporaryDirectory())
        var template = Array((place + "/agency-crashtest-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else {
            throw RuntimeError(.unavailable, "no folder for the rehearsals can be made in \(place)")
        }
        return RehearsalFolder(path: URL(fileURLWithPath: String(cString: made)).standardizedFileURL.path)
    }

    private static func failure(_ path: String) -> RuntimeError {
        RuntimeError(.unavailable, "a rehearsal cannot be copied: \(path): \(String(cString: strerror(errno)))")
    }
}
