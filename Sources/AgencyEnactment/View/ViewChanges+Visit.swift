// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import CContainment

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension ViewChanges {
    mutating func visit(
        _ changes: borrowing Descriptor,
        _ folder: borrowing Descriptor,
        _ step: Step,
        _ phase: Phase
    ) throws(FileFault) {
        let names = try FileName.all(in: changes, step.text)
        if step.isWhole, !step.isNew {
            let kept = Set(names)
            for name in try FileName.all(in: folder, step.text) where !kept.contains(name) {
                // The folder's own repository is no part of any view.
                if step.path.isEmpty, name.isRepository { continue }
                try remove(name, folder, step.below(name), phase)
            }
        }
        for name in names {
            try carry(name, changes, folder, step.below(name), phase)
        }
    }

    private mutating func carry(
        _ name: FileName,
        _ changes: borrowing Descriptor,
        _ folder: borrowing Descriptor,
        _ step: Step,
        _ phase: Phase
    ) throws(FileFault) {
        guard let new = try name.status(in: changes, step.text) else { return }
        let old = step.isNew ? nil : try name.status(in: folder, step.text)
        if name.isRepository {
            // The place to which the folder's own repository is bound is no change.
            let isPlace = step.depth == 1 && (old != nil || isEmptyFolder(name, changes, new))
            if !isPlace { refuse(step, "is a repository, which no program may make", phase) }
            return
        }
        guard step.depth <= Self.deepest, step.path.count <= Self.longest else {
            return refuse(step, "is nested too deeply", phase)
        }
        if let mask, old == nil, mask.finds(step.path) { return refuse(step, "has a secret in its name", phase) }
        switch new.st_mode & S_IFMT {
        case S_IFDIR: try carryFolder(name, changes, folder, new, old, step, phase)
        case S_IFREG: try carryFile(name, changes, folder, new, old, step, phase)
        case S_IFLNK: try carryLink(name, changes, folder, old, step, phase)
        case S_IFCHR where new.st_rdev == 0 && !isCopy:
            if old != nil { try remove(name, folder, step, phase) }
        default: refuse(step, "is neither a file nor a folder nor a link", phase)
        }
    }

    private func isEmptyFolder(_ name: FileName, _ folder: borrowing Descriptor, _ status: stat) -> Bool {
        guard isCopy, status.st_mode & S_IFMT == S_IFDIR, let inner = try? name.openFolder(in: folder, "") else {
            return false
        }
        return (try? FileName.all(in: inner, "").isEmpty) ?? false
    }

    private mutating func remove(
        _ name: FileName,
        _ folder: borrowing Descriptor,
        _ step: Step,
        _ phase: Phase
    ) throws(FileFault) {
        guard phase == .apply else { return try note(step) }
        try name.remove(in: folder, step.text)
    }

    private mutating func carryFolder(
        _ name: FileName,
        _ changes: borrowing Descriptor,
        _ folder: borrowing Descriptor,
        _ new: stat,
        _ old: stat?,
        _ step: Step,
        _ phase: Phase
    ) throws(FileFault) {
        // Nobody looks at it any more but us, who have to get in.
        let mode = open(name, changes, new, step, 0o700)
        let inner = try name.openFolder(in: changes, step.text)
        var step = step
        step.isWhole = isCopy || containment_is_opaque(inner.raw) != 0
        let permissions = mode & 0o1777
        guard let old, old.st_mode & S_IFMT == S_IFDIR else {
            if phase == .examine {
                try note(step)
                step.isNew = true
                return try visit(inner, inner, step, phase)
            }
            if old != nil { try name.remove(in: folder, step.text) }
            guard mkdirat(folder.raw, name.c, 0o700) == 0 else { throw FileFault(errno, step.text) }
            let made = try name.openFolder(in: folder, step.text)
            try visit(inner, made, step, phase)
            guard fchmod(made.raw, permissions) == 0 else { throw FileFault(errno, step.text) }
            return
        }
        let differs = old.st_mode & 0o1777 != permissions
        if phase == .examine {
            if differs { try note(step) }
        } else if old.st_mode & 0o700 != 0o700 {
            _ = fchmodat(folder.raw, name.c, old.st_mode & 0o7777 | 0o700, AT_SYMLINK_NOFOLLOW)
        }
        let there = try name.openFolder(in: folder, step.text)
        try visit(inner, there, step, phase)
        guard phase == .apply, differs || old.st_mode & 0o700 != 0o700 else { return }
        guard fchmod(there.raw, old.st_mode & 0o6000 | permissions) == 0 else { throw FileFault(errno, step.text) }
    }

    /// Lets us in, and returns the mode that it had before.
    mutating func open(
        _ name: FileName,
        _ changes: borrowing Descriptor,
        _ status: stat,
        _ step: Step,
        _ needed: mode_t
    ) -> mode_t {
        if let mode = closed[step.path] { return mode }
        guard status.st_mode & needed != needed else { return status.st_mode }
        closed[step.path] = status.st_mode
        _ = fchmodat(changes.raw, name.c, 0o700, AT_SYMLINK_NOFOLLOW)
        return status.st_mode
    }

    private mutating func carryLink(
        _ name: FileName,
        _ changes: borrowing Descriptor,
        _ folder: borrowing Descriptor,
        _ old: stat?,
        _ step: Step,
        _ phase: Phase
    ) throws(FileFault) {
        let target = try name.target(in: changes, step.text)
        if let old, old.st_mode & S_IFMT == S_IFLNK, try name.target(in: folder, step.text) == target { return }
        if mask?.finds(target) == true { return refuse(step, "leads to a name with a secret in it", phase) }
        guard Self.staysInside(target, depth: step.depth - 1) else {
            return refuse(step, "is a link that leaves the workspace", phase)
        }
        guard phase == .apply else { return try note(step) }
        if let old, old.st_mode & S_IFMT == S_IFDIR { try name.remove(in: folder, step.text) }
        let text = (target + [0]).map { CChar(bitPattern: $0) }
        let raw = folder.raw
        try Self.replace(name, in: folder, step.text) { temporary in symlinkat(text, raw, temporary) == 0 }
    }

    /// Whether a link leads no further up than to the root, whatever the names on the way are.
    ///
    /// Going up behind a name is not followed: the name may itself be a link.
    static func staysInside(_ target: [UInt8], depth: Int) -> Bool {
        guard let first = target.first, first != 0x2F else { return false }
        let parts = target.split(separator: 0x2F).filter { $0 != [0x2E] }
        let climbs = parts.prefix { $0 == [0x2E, 0x2E] }.count
        return climbs <= depth && !parts.dropFirst(climbs).contains([0x2E, 0x2E])
            && !parts.contains { FileName(Array($0)).isRepository }
    }
}
