// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// How the errors of a role's performer are corrected: each episode is sampled several times, and the answers are counted.
///
/// A sample is never sent back to be mended: one that does not fit is discarded, since whoever slips in form is more likely
/// to be wrong in substance too.
///
/// > Source: red-flagging and first-to-ahead-by-k voting, MAKER, arXiv 2511.09030.
public struct VotePolicy: Hashable, Sendable {
    /// When an answer has won.
    public var rule: Rule
    /// What discards an answer before it counts, besides not being one JSON value and not fitting its schema.
    public var flags: RedFlags
    /// The parts of an output that must be equal for two answers to be the same; empty for the whole output.
    public var sameWhen: [JSONPointer]

    /// Makes a policy.
    public init(_ rule: Rule, flags: RedFlags = RedFlags(), sameWhen: [JSONPointer] = []) {
        self.rule = rule
        self.flags = flags
        self.sameWhen = sameWhen
    }

    /// When an answer has won.
    public enum Rule: Hashable, Sendable {
        /// When it is so many votes ahead of every other; `atMost` bounds the samples, discarded ones included.
        case aheadBy(Int, atMost: Int)
        /// When more than half of so many votes are for it; discarded samples are replaced up to `atMost` samples.
        case majority(of: Int, atMost: Int)
        /// When a role of kind verify accepts it; answers are sampled one after another.
        case verified(by: RoleName, atMost: Int)

        /// The most samples of one episode.
        public var mostSamples: Int {
            switch self {
            case .aheadBy(_, let most), .majority(_, let most), .verified(_, let most): most
            }
        }

        /// The rule in words: `ahead by 3, at most 15 samples`.
        public var words: String {
            switch self {
            case .aheadBy(let lead, let most): "ahead by \(lead), at most \(most) samples"
            case .majority(let votes, let most): "majority of \(votes), at most \(most) samples"
            case .verified(let role, let most): "accepted by \(role), at most \(most) samples"
            }
        }

        /// The bound on samples of a rule that says none: five times the lead, the votes, or five tries.
        ///
        /// With answers right four times in five, a lead of 3 is reached within 15 samples in all but one in 700 ballots.
        public static func usualMost(lead: Int) -> Int { max(1, lead).saturatingTimes(5) }
        /// The bound on samples of a verified rule that says none.
        public static let usualTries = 5
    }

    /// What discards an answer before it counts.
    public struct RedFlags: Hashable, Sendable, Codable {
        /// The most bytes of UTF-8 that an answer may have; one that rambles is more likely to be wrong.
        public var bytes: Int?

        /// Makes red flags.
        public init(bytes: Int? = nil) { self.bytes = bytes }
    }
}

extension VotePolicy: Codable {
    private enum Keys: String, CodingKey {
        case aheadBy = "ahead-by"
        case atMost = "at-most"
        case sameWhen = "same-when"
        case majority, verify, flags
    }

    /// Reads an object as declarations write it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let most = try container.decode(Int.self, forKey: .atMost)
        if let lead = try container.decodeIfPresent(Int.self, forKey: .aheadBy) {
            rule = .aheadBy(lead, atMost: most)
        } else if let votes = try container.decodeIfPresent(Int.self, forKey: .majority) {
            rule = .majority(of: votes, atMost: most)
        } else {
            rule = .verified(by: try container.decode(RoleName.self, forKey: .verify), atMost: most)
        }
        flags = try container.decodeIfPresent(RedFlags.self, forKey: .flags) ?? RedFlags()
        sameWhen = try container.decodeIfPresent([JSONPointer].self, forKey: .sameWhen) ?? []
    }

    /// Writes an object as declarations write it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch rule {
        case .aheadBy(let lead, _): try container.encode(lead, forKey: .aheadBy)
        case .majority(let votes, _): try container.encode(votes, forKey: .majority)
        case .verified(let role, _): try container.encode(role, forKey: .verify)
        }
        try container.encode(rule.mostSamples, forKey: .atMost)
        if flags != RedFlags() { try container.encode(flags, forKey: .flags) }
        if !sameWhen.isEmpty { try container.encode(sameWhen, forKey: .sameWhen) }
    }
}
