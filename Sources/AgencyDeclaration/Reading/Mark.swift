// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A place in a text.
struct Mark: Hashable, Comparable, Sendable {
    /// The line, counted from 1.
    var line: Int
    /// The column in Unicode scalars, counted from 1.
    var column: Int

    static let start = Mark(line: 1, column: 1)

    static func < (left: Mark, right: Mark) -> Bool { (left.line, left.column) < (right.line, right.column) }
}
