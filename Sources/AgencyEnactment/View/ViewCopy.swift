// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Fills a view with a copy of a folder, where the kernel cannot lay changes over the folder itself.
///
/// The file system that it is copied to has a size, which bounds the copy.
enum ViewCopy {
    /// Whether an overlay would not do, because an ordinary user cannot change files of other users or groups in one.
    ///
    /// Looks no deeper than into the folder itself.
    static func isNeeded(for directory: String) throws(FileFault) -> Bool {
        let (user, group) = (geteuid(), getegid())
        guard user != 0 else { return false }
        let folder = try FileTree(directory: directory).open([])
        var status = stat()
        guard fstat(folder.raw, &status) == 0 else { throw FileFault(errno, directory) }
        if status.st_uid != user || status.st_gid != group { return true }
        for name in try FileName.all(in: folder, directory) where !name.isRepository {
            guard let status = try name.status(in: folder, directory) else { continue }
            if status.st_uid != user || status.st_gid != group { return true }
        }
        return false
    }

    /// Copies everything but the folder's own repository, for which an empty place is made.
    ///
    /// - Throws: ``FileFault``; a number of `ENOSPC` says that the copy does not fit.
    static func fill(_ target: borrowing Descriptor, from directory: String) throws(FileFault) {
        let source = try FileTree(directory: directory).open([])
        try copy(source, to: target, "", isRoot: true)
    }

    private static func copy(
        _ source: borrowing Descriptor,
        to target: borrowing Descriptor,
        _ path: String,
        isRoot: Bool
    ) throws(FileFault) {
        for name in try FileName.all(in: source, path) {
            let here = (path.isEmpty ? "" : path + "/") + String(decoding: name.bytes, as: UTF8.self)
            guard let status = try name.status(in: source, here) else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                guard mkdirat(target.raw, name.c, 0o700) == 0 else { throw FileFault(errno, here) }
                if isRoot, name.isRepository { continue }
                let from = try name.openFolder(in: source, here)
                let to = try name.openFolder(in: target, here)
                try copy(from, to: to, here, isRoot: false)
                guard fchmod(to.raw, status.st_mode & 0o1777) == 0 else { throw FileFault(errno, here) }
            case S_IFREG:
                let from = try name.open(O_RDONLY, in: source, here)
                let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
                guard let to = Descriptor(openat(target.raw, name.c, flags, 0o600)) else {
                    throw FileFault(errno, here)
                }
                try ViewChanges.copy(from, to: to, most: Int(status.st_size), here)
                let times = [status.st_mtim, status.st_mtim]
                guard fchmod(to.raw, status.st_mode & 0o777) == 0, futimens(to.raw, times) == 0 else {
                    throw FileFault(errno, here)
                }
            case S_IFLNK:
                let text = (try name.target(in: source, here) + [0]).map { CChar(bitPattern: $0) }
                guard symlinkat(text, target.raw, name.c) == 0 else { throw FileFault(errno, here) }
            // What no checkpoint holds is not shown either, and would be taken for removed: it must not be there.
            default: throw FileFault(EINVAL, here, reason: "it is neither a file nor a folder nor a link")
            }
        }
    }
}
