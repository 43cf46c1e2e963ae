// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How far a class of choices may be made by rule: what its settled cases carry, and whether a person has granted it.
///
/// It begins unproven. When the lower bound of its rate of success is above the floor, over enough cases, it may be
/// proposed; it is granted by a person only. It lasts as long as the bound stays above the floor. Where the bound
/// falls back it is withdrawn, and may be proposed again when the bound has recovered; where a decline or drift is
/// seen, or another performer takes over, it is withdrawn and begins again from zero. Each beginning may go wrong
/// with a chance of ``DelegationTerms/alpha``.
public struct DelegationGrade: Hashable, Sendable, Codable {
    /// How it stands.
    public enum Standing: String, Hashable, Sendable, Codable {
        /// The stakes are above the ceiling: no record is enough.
        case beyondCeiling
        /// The cases do not show enough.
        case unproven
        /// The cases show enough, and a person may grant it.
        case proposable
        /// A person has granted it.
        case granted
    }

    /// Why it was withdrawn.
    public enum Reason: String, Hashable, Sendable, Codable {
        /// The lower bound is no longer above the floor.
        case boundFell
        /// What happened since the grant is too unlikely at the floor.
        case decline
        /// The performer's answers have changed.
        case drift
        /// Another performer, model or prompt has taken over.
        case performerChanged
        /// The stakes have risen above the ceiling.
        case stakes
        /// A person took it back.
        case person
    }

    /// What has changed.
    public enum Change: Hashable, Sendable, Codable {
        /// It may be proposed to a person now.
        case becameProposable
        /// It may not be proposed any more.
        case lapsed
        /// A person has granted it.
        case granted
        /// It was withdrawn.
        case withdrawn(Reason)
    }

    /// What it has to show.
    public let terms: DelegationTerms
    /// The stakes of its choices.
    public private(set) var stakes: Double
    /// The performer whose cases are counted, with model and prompt.
    public private(set) var performer: String
    /// The cases since it last began from zero.
    public private(set) var evidence: DelegationEvidence
    /// How it stands.
    public private(set) var standing: Standing
    /// What has been seen since the grant.
    private var decline: DeclineTest

    /// Begins unproven.
    ///
    /// - Parameters:
    ///   - terms: What it has to show.
    ///   - stakes: The stakes of its choices, in the unit of the ceiling; NaN counts as above it.
    ///   - performer: The performer whose cases are counted, with model and prompt.
    public init(_ terms: DelegationTerms, stakes: Double, performer: String) {
        self.terms = terms
        self.stakes = Self.known(stakes)
        self.performer = performer
        evidence = DelegationEvidence(floor: terms.floor)
        decline = DeclineTest(floor: terms.floor)
        standing = self.stakes <= terms.ceiling ? .unproven : .beyondCeiling
    }

    /// The lower confidence bound of the rate of success, which holds as often as one looks.
    public var lowerBound: Double { evidence.lowerBound(alpha: terms.alpha) }

    /// Whether choices may be made by rule.
    public var isGranted: Bool { standing == .granted }

    /// Counts a settled case.
    ///
    /// - Returns: What has changed, or `nil`.
    public mutating func settle(succeeded: Bool) -> Change? {
        evidence.see(succeeded: succeeded)
        if isGranted {
            decline.see(succeeded: succeeded)
            if decline.logSum >= log(terms.patience) { return beginAgain(.decline) }
        }
        return review()
    }

    /// Grants it, on a person's word.
    ///
    /// - Returns: What has changed; `nil`, and nothing is granted, unless it may be proposed.
    public mutating func grant() -> Change? {
        guard standing == .proposable else { return nil }
        standing = .granted
        decline = DeclineTest(floor: terms.floor)
        return .granted
    }

    /// Takes it back, on a person's word; the cases are kept.
    public mutating func takeBack() -> Change? { isGranted ? leave(.person) : nil }

    /// Begins again from zero because the performer's answers have changed.
    public mutating func driftSeen() -> Change? { beginAgain(.drift) }

    /// Begins again from zero if this is another performer than the one whose cases are counted.
    public mutating func perform(by performer: String) -> Change? {
        guard performer != self.performer else { return nil }
        self.performer = performer
        return beginAgain(.performerChanged)
    }

    /// Takes note of other stakes; the cases are kept.
    public mutating func stake(_ stakes: Double) -> Change? {
        self.stakes = Self.known(stakes)
        return review()
    }

    /// Whether the bound is above the floor now, over enough cases.
    private var suffices: Bool {
        terms.floor < 1 && evidence.cases >= terms.leastCases && evidence.logE >= -log(terms.alpha)
    }

    private mutating func review() -> Change? {
        guard stakes <= terms.ceiling else {
            let change = change(to: .stakes)
            standing = .beyondCeiling
            return change
        }
        if standing == .beyondCeiling { standing = .unproven }
        switch (standing, suffices) {
        case (.unproven, true):
            standing = .proposable
            return .becameProposable
        case (.proposable, false), (.granted, false): return leave(.boundFell)
        default: return nil
        }
    }

    private mutating func beginAgain(_ reason: Reason) -> Change? {
        evidence = DelegationEvidence(floor: terms.floor)
        return leave(reason)
    }

    private mutating func leave(_ reason: Reason) -> Change? {
        let change = change(to: reason)
        if standing != .beyondCeiling { standing = reason == .person && suffices ? .proposable : .unproven }
        return change
    }

    private func change(to reason: Reason) -> Change? {
        switch standing {
        case .granted: .withdrawn(reason)
        case .proposable: .lapsed
        case .unproven, .beyondCeiling: nil
        }
    }

    /// Finite, so that they can be written down; what is not known is above every ceiling.
    private static func known(_ stakes: Double) -> Double { stakes.isNaN ? 1e301 : min(1e301, max(-1e301, stakes)) }
}
