// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// One line of the table: what a method reaches on some data, beside what it must reach.
struct Figure: Sendable {
    /// The data and the question.
    var what: String
    /// The method.
    var method: String
    /// What was measured, ready to print.
    var measured: String
    /// What it must reach, where it must reach something: the words and whether it does.
    var aim: (words: String, met: Bool)?
}
