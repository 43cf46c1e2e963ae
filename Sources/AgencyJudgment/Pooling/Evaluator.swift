// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Who files forecasts, as pooling knows it.
public struct Evaluator: Hashable, Sendable, Comparable, Codable {
    /// What tells it from all others: for example role, model version and prompt.
    public let name: String
    /// Those it is likely to be wrong together with, for example the model; two of a family are not two opinions.
    public let family: String

    /// Names an evaluator.
    ///
    /// - Parameters:
    ///   - name: What tells it from all others.
    ///   - family: What it shares with others; `nil` for one that stands alone.
    public init(_ name: String, family: String? = nil) {
        self.name = name
        self.family = family ?? name
    }

    /// Compares names, byte for byte.
    public static func < (left: Evaluator, right: Evaluator) -> Bool { left.name < right.name }
}
