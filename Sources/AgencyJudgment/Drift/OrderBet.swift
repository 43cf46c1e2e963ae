// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Bets on which of two answers to one question is the old one.
///
/// It sees two answers without being told which is which, and stakes on the order that the earlier answers make
/// likely. If old and new answer alike, the order carries no information and no bet can win on average, whatever the
/// answers are; so that ever to have gained a factor of 1/α has a chance of at most α.
///
/// Answers are classes: a choice, a refusal, a cluster, a band of length. Classes need not be known beforehand.
///
/// > Source: a conformal bet on exchangeable pairs with the estimate of Krichevsky and Trofimov, 1981, for each side.
/// > That of Turner, Ly and Grünwald, arXiv 2106.02693, asks that the two answers be independent; this does not.
public struct OrderBet: Hashable, Sendable, Codable {
    private var old: [String: Int] = [:]
    private var new: [String: Int] = [:]
    /// The pairs seen.
    public private(set) var pairs = 0
    /// The natural logarithm of what a unit has become.
    public private(set) var logE = 0.0

    /// Begins with nothing known.
    public init() {}

    /// Takes a pair of answers, whose order in time was drawn by chance or carries no information for another reason.
    public mutating func see(old first: String, new second: String) {
        // The odds of this order against the other: what the two sides would say of it.
        let asIs = log(Self.weight(of: first, in: old)) + log(Self.weight(of: second, in: new))
        let swapped = log(Self.weight(of: second, in: old)) + log(Self.weight(of: first, in: new))
        logE += log(2) - log1p(exp(swapped - asIs))
        old[first, default: 0] += 1
        new[second, default: 0] += 1
        pairs += 1
    }

    /// The count of a class, and a half, so that none is impossible.
    private static func weight(of answer: String, in counts: [String: Int]) -> Double {
        Double(counts[answer] ?? 0) + 0.5
    }
}

/// Bets on the sign of a difference between new and old, such as in length, in a score or in a similarity.
///
/// If old and new measure alike, either sign is as likely. Differences of 0 say nothing and are left out.
///
/// > Source: R. Krichevsky and V. Trofimov, The performance of universal encoding, 1981.
public struct SignBet: Hashable, Sendable, Codable {
    /// The differences above 0.
    public private(set) var rises = 0
    /// The differences below 0.
    public private(set) var falls = 0
    /// The natural logarithm of what a unit has become.
    public private(set) var logE = 0.0

    /// Begins with nothing known.
    public init() {}

    /// Takes the difference of a pair, new less old; 0 and NaN leave everything as it is.
    public mutating func see(_ difference: Double) {
        guard difference > 0 || difference < 0 else { return }
        let same = difference > 0 ? rises : falls
        logE += log(2 * (Double(same) + 0.5) / Double(rises + falls + 1))
        if difference > 0 { rises += 1 } else { falls += 1 }
    }
}
