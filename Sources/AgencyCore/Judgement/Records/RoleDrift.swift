// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What comparing the answers of a role to its probes shows.
public struct RoleDrift: Hashable, Sendable {
    /// The role.
    public var role: RoleName
    /// Whose answers were the earlier ones.
    public var was: RecordKey
    /// Whose answers are the later ones; the same key where the same name answered at two times.
    public var now: RecordKey
    /// The natural logarithm of the largest evidence that there ever was for a change, after what looking for one at
    /// several places costs.
    public var logE: Double
    /// How many pairs of answers were compared.
    public var pairs: Int
    /// The name of the question whose answers moved most, as the later run calls it.
    public var question: String
    /// The run whose answers were the first of the later ones.
    public var run: RunID
    /// When that run was over, in milliseconds since 1970 UTC.
    public var sinceMilliseconds: Int64

    /// The chance that what has not moved is ever said to have, for one role as one performer plays it.
    public static let alpha = 0.01

    /// Whether the answers have moved.
    public var isDrift: Bool { logE >= -log(Self.alpha) }

    /// Whether the same name answered at both times.
    public var isSameName: Bool { was == now }

    /// How large the evidence is, for people: `1 : 340`, meaning that a bet on no change has lost so much.
    public var evidence: String {
        let factor = exp(min(logE, log(1e15)))
        return "1 : " + (factor < 10 ? String((factor * 10).rounded() / 10) : Int(factor).grouped)
    }

    /// What was found, in a sentence without its end.
    public var words: String {
        let since = Instant(milliseconds: sinceMilliseconds)
        let counted = pairs == 1 ? "1 pair of answers" : "\(pairs.grouped) pairs of answers"
        guard isDrift else {
            return
                "\(now.performer) shows no change in \(counted) against \(earlier), which is not to say that there is none"
        }
        return "\(now.performer) answers otherwise than \(before), since \(since): evidence \(evidence) in \(counted), "
            + "most of it on “\(question)”, see run \(run)"
    }

    private var before: String {
        if isSameName { return "it did before" }
        let isSame = was.performer == now.performer
        return isSame ? "with the prompt before (\(was.prompt))" : "\(was.performer), which was asked before it"
    }

    private var earlier: String {
        if isSameName { return "its own earlier answers" }
        let isSame = was.performer == now.performer
        return isSame
            ? "those with the prompt before (\(was.prompt))" : "those of \(was.performer), which was asked before it"
    }
}
