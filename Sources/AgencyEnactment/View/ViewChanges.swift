// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import CContainment

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a program changed in its view of a folder, examined as a whole before anything of it is carried over.
///
/// The changes are a tree that holds what was added and changed, with signs for what was removed; of a copy it is the
/// whole tree. Files are carried over as files: two names of one file become two files. Carried over are contents, permissions
/// and times of change, and nothing else.
///
/// Each folder is walked descriptor by descriptor, so that nothing that the program left behind leads anywhere else.
///
/// > Source: Linux, Documentation/filesystems/overlayfs.rst: whiteouts and opaque folders.
struct ViewChanges {
    /// Bounds on what may be carried over.
    let bytes: Int
    let entries: Int
    /// Whether the changes are a copy of everything, so that what is not in it was removed.
    let isCopy: Bool
    /// What may be neither in a name nor in a file that is carried over.
    let mask: SecretMask?

    /// What is not carried over, or not as it is, and why; the first few of them.
    private(set) var refusals: [String] = []
    private(set) var refused = 0
    /// How many names are added, changed or removed.
    private(set) var count = 0
    private var written = 0
    /// The modes of what forbade even us to look at it, before it was opened to us.
    var closed: [[UInt8]: mode_t] = [:]
    /// The files in which there is a secret.
    var withheld: Set<[UInt8]> = []

    static let deepest = 250
    /// Beyond it, other programs could not name what they find.
    static let longest = 3800

    init(bytes: Int, entries: Int, isCopy: Bool, mask: SecretMask? = nil) {
        self.bytes = bytes
        self.entries = entries
        self.isCopy = isCopy
        self.mask = mask
    }

    enum Phase { case examine, apply }

    /// Where the walk is.
    struct Step {
        var path: [UInt8] = []
        var depth = 0
        /// Whether what the changes do not have was removed here.
        var isWhole: Bool
        /// Whether there was no such folder, so that there is nothing to compare with.
        var isNew = false

        func below(_ name: FileName) -> Step {
            var step = self
            step.path += (path.isEmpty ? [] : [0x2F]) + name.bytes
            step.depth += 1
            return step
        }

        var text: String { String(decoding: path, as: UTF8.self) }
    }

    /// Looks at everything, and carries over nothing.
    ///
    /// - Throws: ``FileFault``, also when there is more than may be carried over.
    mutating func examine(_ changes: borrowing Descriptor, over folder: borrowing Descriptor) throws(FileFault) {
        try visit(changes, folder, Step(isWhole: isCopy), .examine)
    }

    /// Carries everything over that was not refused, and makes it last.
    mutating func apply(_ changes: borrowing Descriptor, to folder: borrowing Descriptor) throws(FileFault) {
        guard count > 0 else { return }
        try visit(changes, folder, Step(isWhole: isCopy), .apply)
        guard containment_sync(folder.raw) == 0 else { throw FileFault(errno, ".") }
    }

    mutating func refuse(_ step: Step, _ why: String, _ phase: Phase) {
        guard phase == .examine else { return }
        refused += 1
        if refusals.count < 5 { refusals.append("“\(step.text.forMessage)” \(why)") }
    }

    mutating func note(_ step: Step, bytes more: Int = 0) throws(FileFault) {
        count += 1
        written += more
        guard written <= bytes else {
            throw FileFault(EFBIG, step.text, reason: "more than \(bytes) bytes were changed")
        }
        guard count <= entries else {
            throw FileFault(EFBIG, step.text, reason: "more than \(entries) names were changed")
        }
    }
}
