// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A declared set of roles and the flow between them.
public struct Architecture: Hashable, Sendable, Codable {
    /// Its name.
    public var name: String
    /// What it is for, in a sentence.
    public var about: String
    /// Its roles, in the order of declaration.
    public var roles: [Role]
    /// Its stages, in the order of the flow.
    public var flow: [Stage]

    /// Makes an architecture.
    public init(name: String, about: String = "", roles: [Role], flow: [Stage]) {
        self.name = name
        self.about = about
        self.roles = roles
        self.flow = flow
    }

    /// The role of a name.
    public func role(_ name: RoleName) -> Role? { roles.first { $0.name == name } }

    /// The digest of its canonical form.
    public var digest: Digest {
        // Encoding plain values cannot fail; a digest of nothing would still never match.
        (try? Digest(encoding: self)) ?? Digest(of: "")
    }
}

/// One stage of a flow.
public enum Stage: Hashable, Sendable {
    /// Several independent episodes of one role, each producing a proposal.
    case propose(role: RoleName, count: Int)
    /// Rounds in which a critic reads each proposal and its proposer mends it.
    case critique(role: RoleName, rounds: Int)
    /// Each role evaluates each proposal without seeing the other evaluations.
    case evaluate(roles: [RoleName])
    /// One episode that explains the options.
    case explain(role: RoleName)
    /// One small episode after another, each from the state that the one before has reached, until the work is done.
    case iterate(role: RoleName, atMost: Int)
    /// A person chooses, or several that agree; the choice lapses after `expires` seconds; work may be sent back `returns`
    /// times in all. Where nobody has chosen `within` so many seconds of being asked, nothing is done.
    case choose(expires: Int, returns: Int, persons: Int = 1, within: Int? = nil)
    /// The chosen plan is carried out step by step; a forecast of at least `surprise` that fails halts it.
    case enact(role: RoleName, surprise: Double)
    /// After a halt, a role revises the plan, at most so many times.
    case update(role: RoleName, atMost: Int)

    /// The word for this stage in declarations and on screen.
    public var word: String {
        switch self {
        case .propose: "propose"
        case .critique: "critique"
        case .evaluate: "evaluate"
        case .explain: "explain"
        case .iterate: "iterate"
        case .choose: "choose"
        case .enact: "enact"
        case .update: "update"
        }
    }

    /// The roles that perform in this stage.
    public var roles: [RoleName] {
        switch self {
        case .propose(let role, _), .critique(let role, _), .explain(let role), .enact(let role, _),
            .update(let role, _), .iterate(let role, _):
            [role]
        case .evaluate(let roles): roles
        case .choose: []
        }
    }
}

extension Stage: Codable {
    private enum Keys: String, CodingKey {
        case stage, role, roles, count, rounds, expires, returns, persons, within, surprise
        case atMost = "at-most"
    }

    /// Reads a stage as an object with its word under `stage`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        func role() throws -> RoleName { try container.decode(RoleName.self, forKey: .role) }
        func number(_ key: Keys) throws -> Int { try container.decode(Int.self, forKey: key) }
        switch try container.decode(String.self, forKey: .stage) {
        case "propose": self = .propose(role: try role(), count: try number(.count))
        case "critique": self = .critique(role: try role(), rounds: try number(.rounds))
        case "evaluate": self = .evaluate(roles: try container.decode([RoleName].self, forKey: .roles))
        case "explain": self = .explain(role: try role())
        case "iterate": self = .iterate(role: try role(), atMost: try number(.atMost))
        case "choose":
            self = .choose(
                expires: try number(.expires),
                returns: try number(.returns),
                persons: try container.decodeIfPresent(Int.self, forKey: .persons) ?? 1,
                within: try container.decodeIfPresent(Int.self, forKey: .within)
            )
        case "enact":
            self = .enact(role: try role(), surprise: try container.decode(Double.self, forKey: .surprise))
        case "update": self = .update(role: try role(), atMost: try number(.atMost))
        case let word:
            throw DecodingError.dataCorruptedError(
                forKey: .stage,
                in: container,
                debugDescription: "no stage is called “\(word)”"
            )
        }
    }

    /// Writes a stage as an object with its word under `stage`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(word, forKey: .stage)
        switch self {
        case .propose(let role, let count):
            try container.encode(role, forKey: .role)
            try container.encode(count, forKey: .count)
        case .critique(let role, let rounds):
            try container.encode(role, forKey: .role)
            try container.encode(rounds, forKey: .rounds)
        case .evaluate(let roles): try container.encode(roles, forKey: .roles)
        case .explain(let role): try container.encode(role, forKey: .role)
        case .choose(let expires, let returns, let persons, let within):
            try container.encode(expires, forKey: .expires)
            try container.encode(returns, forKey: .returns)
            if persons != 1 { try container.encode(persons, forKey: .persons) }
            try container.encodeIfPresent(within, forKey: .within)
        case .enact(let role, let surprise):
            try container.encode(role, forKey: .role)
            try container.encode(surprise, forKey: .surprise)
        case .update(let role, let atMost), .iterate(let role, let atMost):
            try container.encode(role, forKey: .role)
            try container.encode(atMost, forKey: .atMost)
        }
    }
}
