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

    /// The architecture by which one of its roles is probed: under the same name, since it is the same kind of work.
    ///
    /// A verifier is not told what is asked, so that a role that is verified answers without one.
    ///
    /// - Returns: `nil` where there is no such role, or none that performs episodes.
    public func probing(_ name: RoleName, times: Int) -> Architecture? {
        guard var role = role(name), role.kind != .enact else { return nil }
        if case .verified? = role.vote?.rule { role.vote = nil }
        return Architecture(name: self.name, about: about, roles: [role], flow: [.probe(role: name, times: times)])
    }

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
    /// A person chooses, or several that agree.
    case choose(Choosing)
    /// The chosen plan is carried out step by step.
    case enact(Enacting)
    /// After a halt, a role revises the plan, at most so many times.
    case update(role: RoleName, atMost: Int)
    /// Each question of the brief is put to a role so many times, each time to an episode that sees nothing else.
    case probe(role: RoleName, times: Int)

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
        case .probe: "probe"
        }
    }

    /// The roles that perform in this stage.
    public var roles: [RoleName] {
        switch self {
        case .propose(let role, _), .critique(let role, _), .explain(let role), .update(let role, _),
            .iterate(let role, _), .probe(let role, _):
            [role]
        case .enact(let enacting): [enacting.role]
        case .evaluate(let roles): roles
        case .choose: []
        }
    }
}

extension Stage: Codable {
    private enum Keys: String, CodingKey {
        case stage, role, roles, count, rounds, times
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
            self = .choose(try Choosing(from: decoder))
        case "enact": self = .enact(try Enacting(from: decoder))
        case "update": self = .update(role: try role(), atMost: try number(.atMost))
        case "probe": self = .probe(role: try role(), times: try number(.times))
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
        case .choose(let choosing): try choosing.encode(to: encoder)
        case .enact(let enacting): try enacting.encode(to: encoder)
        case .update(let role, let atMost), .iterate(let role, let atMost):
            try container.encode(role, forKey: .role)
            try container.encode(atMost, forKey: .atMost)
        case .probe(let role, let times):
            try container.encode(role, forKey: .role)
            try container.encode(times, forKey: .times)
        }
    }
}
