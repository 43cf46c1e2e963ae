// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The proposals of several that none of the others beats on every criterion, as far as it is known.
public struct ParetoSet: Hashable, Sendable {
    /// What is known of one criterion: the truth lies between the two.
    public struct Range: Hashable, Sendable, Codable {
        /// The lower bound.
        public let lower: Double
        /// The upper bound.
        public let upper: Double

        /// Makes a range; a bound that is NaN, or two that are the wrong way round, say nothing.
        public init(_ lower: Double, _ upper: Double) {
            let isKnown = lower <= upper
            self.lower = isKnown ? lower : -.infinity
            self.upper = isKnown ? upper : .infinity
        }

        /// What is known without error.
        public init(exactly value: Double) { self.init(value, value) }

        /// The range of what lies so far around a value.
        public init(_ value: Double, within radius: Double) { self.init(value - radius, value + radius) }

        /// What is not known at all.
        public static let unknown = Range(-.infinity, .infinity)
    }

    /// What is known of a proposal.
    public enum Standing: String, Hashable, Sendable, Codable {
        /// None of the others is as good on every criterion: for each of them there is one on which this is better.
        case undominated
        /// Another may be as good on every criterion; it is not yet known.
        case undecided
        /// Another is at least as good on every criterion, and better on one.
        case dominated
    }

    /// How each proposal stands, in the order given.
    public let standings: [Standing]

    /// Compares proposals.
    ///
    /// One is dominated if there is another whose lower bound is at least its upper bound on every criterion, and
    /// above its lower bound on one; so that of two that are known to be equal both stay.
    ///
    /// - Parameter ranges: For each proposal what is known of each criterion, more being better. Criteria that some
    ///   lack are unknown for them.
    /// - Complexity: O(n²) for n proposals and each criterion.
    public init(_ ranges: [[Range]]) {
        let criteria = ranges.map(\.count).max() ?? 0
        let all = ranges.map { $0 + Array(repeating: .unknown, count: criteria - $0.count) }
        standings = all.indices.map { place in
            var standing = Standing.undominated
            for other in all.indices where other != place {
                if Self.dominates(all[other], all[place]) { return .dominated }
                let isBetterSomewhere = zip(all[place], all[other]).contains { $0.lower > $1.upper }
                if !isBetterSomewhere, !Self.areSame(all[place], all[other]) { standing = .undecided }
            }
            return standing
        }
    }

    /// The places of the proposals that are not dominated.
    public var members: [Int] { standings.indices.filter { standings[$0] != .dominated } }

    /// The places of those that may be dominated, which is not yet known.
    public var undecided: [Int] { standings.indices.filter { standings[$0] == .undecided } }

    private static func dominates(_ one: [Range], _ other: [Range]) -> Bool {
        !one.isEmpty && zip(one, other).allSatisfy { $0.lower >= $1.upper }
            && zip(one, other).contains { $0.upper > $1.lower }
    }

    /// Whether both are known without error, and are equal.
    private static func areSame(_ one: [Range], _ other: [Range]) -> Bool {
        one == other && one.allSatisfy { $0.lower == $0.upper }
    }
}
