// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Comparable {
    /// The value as it is written in a declaration.
    var asWritten: String { (self as? Double)?.shortText ?? "\(self)" }
}

extension ClosedRange<Int> {
    /// The range for people: `1 to 16`.
    public var words: String { "\(lowerBound) to \(upperBound)" }
}

extension ClosedRange<Double> {
    /// The range for people: `0.5 to 1`.
    public var words: String { "\(lowerBound.shortText) to \(upperBound.shortText)" }
}

extension String {
    /// The text cut to a length that fits into a message, so that a hostile one cannot flood it.
    public var shortened: String {
        let line = prefix(48).map { $0.isNewline ? " " : String($0) }.joined()
        return dropFirst(48).isEmpty ? line : line + "…"
    }
}
