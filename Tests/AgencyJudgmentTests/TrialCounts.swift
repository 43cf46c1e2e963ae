// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How often tasks came out right.
enum TrialCounts {
    /// Right trials of four, by task, in τ-bench's airline domain.
    static let airline = [
        0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 4, 2, 0, 2, 1, 1, 4, 0, 4, 3, 0, 0, 4,
        0, 2, 2, 0, 1, 2, 2, 0, 0, 3, 4, 4, 3, 4, 1, 3, 2, 4, 1, 2, 2, 2, 1, 4, 4,
    ]
}
