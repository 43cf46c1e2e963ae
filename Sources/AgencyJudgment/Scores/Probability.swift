// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A probability that an evaluator gave, from 0 to 1, kept as it was given.
///
/// What is no probability is no answer: the initialiser returns `nil` for it, and whoever gave it counts as absent, not as
/// wrong.
@frozen public struct Probability: Hashable, Sendable, Comparable {
    /// What was given.
    public let value: Double

    /// Takes a number; `nil` when it is NaN, infinite, below 0 or above 1.
    @inlinable public init?(_ value: Double) {
        guard value >= 0, value <= 1 else { return nil }
        self.value = value
    }

    /// The least probability that is scored; 1 less this is the greatest.
    ///
    /// A forecaster who says 0 or 1 and is wrong has an infinite logarithmic score and would never be heard again. With this
    /// bound one outcome costs at most ln 100 = 4.6 nats, and moves the odds between two evaluators by a factor of 99 at most.
    public static let least = 0.01

    /// The probability between ``least`` and 1 − ``least``, as it is scored and pooled.
    @inlinable public var clipped: Double { min(1 - Self.least, max(Self.least, value)) }

    /// The natural logarithm of the odds of ``clipped``: between −4.6 and 4.6.
    @inlinable public var logit: Double { Self.logit(clipped) }

    /// The probability, clipped, that was given to what happened.
    @inlinable public func given(to outcome: Bool) -> Double { outcome ? clipped : 1 - clipped }

    /// Compares what was given.
    @inlinable public static func < (left: Probability, right: Probability) -> Bool { left.value < right.value }

    /// ln(p / (1 − p)) for p strictly between 0 and 1.
    @usableFromInline static func logit(_ value: Double) -> Double { log(value / (1 - value)) }
}

extension Probability: Codable {
    /// Reads a number; one that is no probability is a fault of the data.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let read = Probability(try container.decode(Double.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a probability from 0 to 1")
        }
        self = read
    }

    /// Writes the number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
