// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// What may be done without a question: a predicate over what a call does, to whom and how much, never over names of tools
/// alone.
public struct Mandate: Hashable, Sendable, Codable {
    /// Its name.
    public var id: String
    /// The classes of effects that it covers.
    public var classes: Set<EffectClass>
    /// What arguments may be, by what they decide; what is not named here is not covered.
    public var authority: [String: Bound]
    /// Who may have written the arguments that decide something.
    public var writers: Set<Writer>
    /// The most that all calls under it may amount to together; `nil` for no bound on the sum.
    public var total: Double?
    /// The most calls under it; `nil` for no bound on their number.
    public var calls: Int?
    /// When it ends, in UTC: `2026-12-01T00:00:00Z`; `nil` for the end of the undertaking.
    public var until: String?

    /// Makes a mandate.
    public init(
        id: String,
        classes: Set<EffectClass>,
        authority: [String: Bound] = [:],
        writers: Set<Writer> = [.person, .tool, .model],
        total: Double? = nil,
        calls: Int? = nil,
        until: String? = nil
    ) {
        self.id = id
        self.classes = classes
        self.authority = authority
        self.writers = writers
        self.total = total
        self.calls = calls
        self.until = until
    }

    /// What is wrong with it; `nil` where it can hold.
    public var fault: String? {
        if classes.isEmpty { return "covers no class of effects" }
        if let until, Instant(until) == nil { return "ends at “\(until.shortened)”, and there is no such second" }
        if total.map({ $0 < 0 }) ?? false { return "has a total below nothing" }
        return nil
    }

    private enum CodingKeys: CodingKey { case id, classes, authority, writers, total, calls, until }

    /// Reads an object; what is not there covers nothing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            classes: try container.decodeIfPresent(Set<EffectClass>.self, forKey: .classes) ?? [],
            authority: try container.decodeIfPresent([String: Bound].self, forKey: .authority) ?? [:],
            writers: try container.decodeIfPresent(Set<Writer>.self, forKey: .writers) ?? [.person, .tool, .model],
            total: try container.decodeIfPresent(Double.self, forKey: .total),
            calls: try container.decodeIfPresent(Int.self, forKey: .calls),
            until: try container.decodeIfPresent(String.self, forKey: .until)
        )
    }

    /// Writes an object, its lists sorted.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(classes.map(\.rawValue).sorted(), forKey: .classes)
        try container.encode(authority, forKey: .authority)
        try container.encode(writers.sorted(), forKey: .writers)
        try container.encodeIfPresent(total, forKey: .total)
        try container.encodeIfPresent(calls, forKey: .calls)
        try container.encodeIfPresent(until, forKey: .until)
    }

    /// What an argument may be.
    public struct Bound: Hashable, Sendable, Codable {
        /// One of these; `nil` for anything within the other bound.
        public var oneOf: [JSONValue]?
        /// No more than this; `nil` for no bound.
        public var atMost: Double?

        /// Makes a bound.
        public init(oneOf: [JSONValue]? = nil, atMost: Double? = nil) {
            self.oneOf = oneOf
            self.atMost = atMost
        }

        private enum CodingKeys: String, CodingKey { case oneOf = "one-of", atMost = "at-most" }

        /// Whether a value keeps to it; nothing keeps to a bound that says nothing.
        func admits(_ value: JSONValue) -> Bool {
            if saysNothing { return false }
            if let oneOf, !oneOf.contains(value) { return false }
            guard let atMost else { return true }
            guard let number = value.double else { return false }
            return number >= 0 && number <= atMost
        }

        private var saysNothing: Bool { oneOf == nil && atMost == nil }

        func isWithin(_ other: Bound) -> Bool {
            if saysNothing || other.saysNothing { return saysNothing }
            if let allowed = other.oneOf {
                guard let mine = oneOf, mine.allSatisfy(allowed.contains) else { return false }
            }
            return isNoMore(atMost, than: other.atMost)
        }
    }

    /// Whether everything that this mandate covers is covered by another: such a one needs no new question.
    public func isWithin(_ other: Mandate) -> Bool {
        classes.isSubset(of: other.classes) && writers.isSubset(of: other.writers)
            && authority.allSatisfy { kind, bound in other.authority[kind].map(bound.isWithin) ?? false }
            && isNoMore(total, than: other.total) && isNoMore(calls, than: other.calls)
            && isNoMore(until, than: other.until)
    }
}

/// Whether one bound is as tight as another, where none is the widest.
func isNoMore<Value: Comparable>(_ bound: Value?, than other: Value?) -> Bool {
    guard let other else { return true }
    return bound.map { $0 <= other } ?? false
}
