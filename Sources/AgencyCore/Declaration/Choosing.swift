// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How an option is chosen.
public struct Choosing: Hashable, Sendable, Codable {
    /// Seconds after which a choice lapses.
    public var expires: Int
    /// How often work may be sent back in all.
    public var returns: Int
    /// How many persons have to choose the same.
    public var persons: Int
    /// Seconds after being asked in which somebody has to choose, or nothing is done; `nil` where there is time.
    public var within: Int?
    /// When it may be done by rule, if a person grants that; `nil` where only people choose.
    public var mandate: MandateTerms?

    /// Makes the terms of a choice.
    public init(expires: Int, returns: Int, persons: Int = 1, within: Int? = nil, mandate: MandateTerms? = nil) {
        self.expires = expires
        self.returns = returns
        self.persons = persons
        self.within = within
        self.mandate = mandate
    }

    private enum CodingKeys: String, CodingKey { case expires, returns, persons, within, mandate }

    /// Reads an object; without `persons` it is one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        expires = try container.decode(Int.self, forKey: .expires)
        returns = try container.decode(Int.self, forKey: .returns)
        persons = try container.decodeIfPresent(Int.self, forKey: .persons) ?? 1
        within = try container.decodeIfPresent(Int.self, forKey: .within)
        mandate = try container.decodeIfPresent(MandateTerms.self, forKey: .mandate)
    }

    /// Writes an object; one person goes without saying.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(expires, forKey: .expires)
        try container.encode(returns, forKey: .returns)
        if persons != 1 { try container.encode(persons, forKey: .persons) }
        try container.encodeIfPresent(within, forKey: .within)
        try container.encodeIfPresent(mandate, forKey: .mandate)
    }
}

extension Stage {
    /// A person chooses, or several that agree, on these terms.
    public static func choose(expires: Int, returns: Int, persons: Int = 1, within: Int? = nil) -> Stage {
        .choose(Choosing(expires: expires, returns: returns, persons: persons, within: within))
    }
}

extension Architecture {
    /// How an option is chosen; `nil` where nobody chooses.
    public var choosing: Choosing? {
        for case .choose(let choosing) in flow { return choosing }
        return nil
    }
}
