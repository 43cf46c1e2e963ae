// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What settled cases say on whether a class of choices succeeds more often than it must.
///
/// The evidence is how much more likely the outcomes are if the rate of success lies anywhere above the floor, all
/// rates being weighed alike, than if it lies at the floor. As long as the chance of success, given what was known,
/// is not above the floor it is expected never to grow: it ever reaches 1/α with a probability of at most α, as often
/// as one looks and whenever one stops. A bound for a number of cases that was fixed beforehand promises no such
/// thing.
///
/// Only cases whose outcome was checked by a rule fixed beforehand may be counted: all of them, or a random audit.
/// Reports of failures alone, or of successes alone, void it.
///
/// > Source: H. Robbins's method of mixtures, 1970, with the uniform mixture over the rates above the floor.
public struct DelegationEvidence: Hashable, Sendable, Codable {
    /// The rate of success that has to be surpassed.
    public let floor: Double
    /// The cases that succeeded.
    public private(set) var successes = 0
    /// The cases that failed.
    public private(set) var failures = 0
    /// The natural logarithm of the evidence as it stands.
    public private(set) var logE = 0.0
    /// The largest that ``logE`` has been.
    public private(set) var peak = 0.0

    /// Begins without cases.
    ///
    /// - Parameter floor: The rate that has to be surpassed; cut to a millionth and 1. NaN counts as 1, which nothing
    ///   surpasses.
    public init(floor: Double) { self.floor = floor.isNaN ? 1 : min(1, max(1e-6, floor)) }

    /// Counts a settled case.
    public mutating func see(succeeded: Bool) {
        if succeeded { successes += 1 } else { failures += 1 }
        logE = Self.logE(successes: successes, failures: failures, floor: floor)
        peak = max(peak, logE)
    }

    /// The cases counted.
    public var cases: Int { successes + failures }

    /// Whether the rate has ever been shown to be above the floor.
    ///
    /// - Parameter alpha: The chance that it ever says so wrongly, above 0 and below 1.
    /// - Returns: False for any other chance.
    public func isEarned(alpha: Double) -> Bool { alpha > 0 && alpha < 1 && floor < 1 && peak >= -log(alpha) }

    /// The largest floor that the cases as they stand surpass.
    ///
    /// - Parameter alpha: The chance that it is ever above the true rate, above 0 and below 1.
    /// - Returns: 0 when there is none, and for any other chance.
    public func lowerBound(alpha: Double) -> Double {
        Self.lowerBound(successes: successes, failures: failures, alpha: alpha)
    }

    /// The logarithm of the evidence of so many cases, in whatever order they came.
    ///
    /// ln of ∫ p^s (1 − p)^f dp over p from the floor to 1, divided by (1 − floor) floor^s (1 − floor)^f.
    ///
    /// - Parameters:
    ///   - successes: The cases that succeeded; below 0 counts as 0.
    ///   - failures: The cases that failed; below 0 counts as 0.
    ///   - floor: Above 0 and at most 1.
    /// - Returns: NaN for a floor that is none.
    public static func logE(successes: Int, failures: Int, floor: Double) -> Double {
        let (s, f) = (Double(max(0, successes)), Double(max(0, failures)))
        guard floor > 0, floor <= 1 else { return .nan }
        // The limit: with u = (1 − p) / (1 − floor) what is left is ∫ u^f du.
        guard floor < 1 else { return -log(f + 1) }
        let above = IncompleteBeta.logComplement(floor, s + 1, f + 1)
        return above + log(floor) - BetaDensity.log(floor, 1 - floor, s + 1, f + 1)
    }

    /// The largest floor that so many cases surpass; 0 when there is none.
    public static func lowerBound(successes: Int, failures: Int, alpha: Double) -> Double {
        guard alpha > 0, alpha < 1, successes > 0 else { return 0 }
        // The evidence falls as the floor rises, so that there is one place where it is enough. At the share seen it
        // is not.
        var low = 0.0
        var high = Double(successes) / (Double(successes) + Double(max(0, failures)))
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let isEnough = logE(successes: successes, failures: failures, floor: middle) >= -log(alpha)
            if isEnough { low = middle } else { high = middle }
        }
        return low
    }
}
