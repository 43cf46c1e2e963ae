// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension ViewChanges {
    mutating func carryFile(
        _ name: FileName,
        _ changes: borrowing Descriptor,
        _ folder: borrowing Descriptor,
        _ new: stat,
        _ old: stat?,
        _ step: Step,
        _ phase: Phase
    ) throws(FileFault) {
        if new.st_mode & 0o6000 != 0 {
            refuse(step, "would run with its owner's rights; they were taken from it", phase)
        }
        let mode = open(name, changes, new, step, 0o400)
        let source = try name.open(O_RDONLY, in: changes, step.text)
        let permissions = mode & 0o777
        let isFile = old.map { $0.st_mode & S_IFMT == S_IFREG } ?? false
        var isEqual = isFile && old?.st_size == new.st_size
        if isEqual { isEqual = try Self.isEqual(source, name, folder, step.text) }
        if isEqual, let old {
            guard old.st_mode & 0o777 != permissions else { return }
            if phase == .examine { return try note(step) }
            let file = try name.open(O_RDONLY, in: folder, step.text)
            guard fchmod(file.raw, permissions) == 0 else { throw FileFault(errno, step.text) }
            return
        }
        if phase == .examine, try mask?.finds(in: source, step.text) == true { withheld.insert(step.path) }
        if withheld.contains(step.path) { return refuse(step, "has a secret in it", phase) }
        guard phase == .apply else { return try note(step, bytes: Int(new.st_size)) }
        if let old, old.st_mode & S_IFMT == S_IFDIR { try name.remove(in: folder, step.text) }
        let raw = folder.raw
        try Self.replace(name, in: folder, step.text) { temporary throws(FileFault) in
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            guard let file = Descriptor(openat(raw, temporary, flags, 0o600)) else { return false }
            try Self.copy(source, to: file, most: Int(new.st_size), step.text)
            // The superuser may work in a folder of somebody else.
            if let old, isFile, geteuid() == 0 { _ = fchown(file.raw, old.st_uid, old.st_gid) }
            let times = [new.st_mtim, new.st_mtim]
            guard fchmod(file.raw, permissions) == 0, futimens(file.raw, times) == 0 else {
                throw FileFault(errno, step.text)
            }
            return true
        }
    }

    /// Makes something under a name of our own, and gives it its name in one step.
    static func replace(
        _ name: FileName,
        in folder: borrowing Descriptor,
        _ path: String,
        _ make: (_ temporary: String) throws(FileFault) -> Bool
    ) throws(FileFault) {
        for attempt in 0..<100 {
            let temporary = ".agency-\(getpid())-\(attempt).tmp"
            do throws(FileFault) {
                guard try make(temporary) else {
                    if errno == EEXIST { continue }
                    throw FileFault(errno, path)
                }
                guard renameat(folder.raw, temporary, folder.raw, name.c) == 0 else { throw FileFault(errno, path) }
                return
            } catch {
                if error.number != EEXIST { unlinkat(folder.raw, temporary, 0) }
                throw error
            }
        }
        throw FileFault(EEXIST, path)
    }

    /// Copies no more than what there was when it was examined.
    static func copy(
        _ source: borrowing Descriptor,
        to target: borrowing Descriptor,
        most: Int,
        _ path: String
    ) throws(FileFault) {
        guard lseek(source.raw, 0, SEEK_SET) == 0 else { throw FileFault(errno, path) }
        var left = most
        while left > 0 {
            let count = sendfile(target.raw, source.raw, nil, min(left, 1 << 30))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFault(count < 0 ? errno : EIO, path) }
            left -= count
        }
    }

    private static func isEqual(
        _ source: borrowing Descriptor,
        _ name: FileName,
        _ folder: borrowing Descriptor,
        _ path: String
    ) throws(FileFault) -> Bool {
        // What cannot be read is written anew.
        guard let other = try? name.open(O_RDONLY, in: folder, path) else { return false }
        guard lseek(source.raw, 0, SEEK_SET) == 0 else { throw FileFault(errno, path) }
        var (one, two) = ([UInt8](repeating: 0, count: 1 << 16), [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let count = read(source.raw, &one, one.count)
            guard count >= 0 else { throw FileFault(errno, path) }
            var have = 0
            while have < count {
                let more = two.withUnsafeMutableBytes {
                    read(other.raw, $0.baseAddress?.advanced(by: have), count - have)
                }
                guard more > 0 else { return false }
                have += more
            }
            if count == 0 { return true }
            guard one[..<count] == two[..<count] else { return false }
        }
    }
}
