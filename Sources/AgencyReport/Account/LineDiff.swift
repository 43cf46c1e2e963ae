// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How one list of lines differs from another.
struct LineDiff: Hashable, Sendable {
    /// What became of one line, or of a run of lines that are alike.
    enum Change: Hashable, Sendable {
        case same(ArgumentLine)
        case added(ArgumentLine)
        case removed(ArgumentLine)
        /// So many lines alike, which are not shown.
        case skipped(Int)
    }

    /// The lines of both, in the new order.
    var changes: [Change]

    /// The most lines that are compared one by one; beyond it the old lines are shown as removed and the new as added,
    /// which is never wrong and bounds the work.
    static let mostLines = 4000

    /// Compares two lists of lines.
    ///
    /// > Source: E. Myers, An O(ND) difference algorithm and its variations, 1986, as the standard library has it.
    init(from old: [ArgumentLine], to new: [ArgumentLine], context: Int = 3) {
        guard old.count + new.count <= Self.mostLines else {
            changes = old.map { .removed($0) } + new.map { .added($0) }
            return
        }
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var all: [Change] = []
        var position = 0
        for (index, line) in new.enumerated() {
            while removed.contains(position) {
                all.append(.removed(old[position]))
                position += 1
            }
            if added.contains(index) {
                all.append(.added(line))
            } else {
                all.append(.same(line))
                position += 1
            }
        }
        all += old[min(position, old.count)...].map { .removed($0) }
        changes = Self.folded(all, context: context)
    }

    /// Leaves out lines of texts that are far from any change; lines of the structure always stay, to say where one is.
    private static func folded(_ all: [Change], context: Int) -> [Change] {
        var near = Array(repeating: false, count: all.count)
        for (index, change) in all.enumerated() {
            if case .same(let line) = change, line.isBlock { continue }
            if case .same = change {
                near[index] = true
            } else {
                for other in max(0, index - context)...min(all.count - 1, index + context) { near[other] = true }
            }
        }
        var result: [Change] = []
        var skipped = 0
        for (index, change) in all.enumerated() {
            if near[index] {
                if skipped > 0 { result.append(.skipped(skipped)) }
                skipped = 0
                result.append(change)
            } else {
                skipped += 1
            }
        }
        if skipped > 0 { result.append(.skipped(skipped)) }
        return result
    }
}
