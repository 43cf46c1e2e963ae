// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What the information flow of a call leads to: data that is versioned and on the record, not code.
public struct Policy: Hashable, Sendable, Codable {
    /// Its name.
    public var name: String
    /// Its version; a policy that says something else has a higher one.
    public var version: Int
    /// Whose writing is trusted.
    public var trusted: Set<Writer>
    /// What is decided otherwise than usual, by the name of the rule.
    public var decisions: [String: PolicyDecision]

    /// Makes a policy.
    public init(
        name: String,
        version: Int,
        trusted: Set<Writer> = [.person, .tool, .model],
        decisions: [String: PolicyDecision] = [:]
    ) {
        self.name = name
        self.version = version
        self.trusted = trusted
        self.decisions = decisions
    }

    /// What holds unless somebody says otherwise.
    public static let standard = Policy(name: "standard", version: 1)

    private enum CodingKeys: CodingKey { case name, version, trusted, decisions }

    /// Reads an object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            version: try container.decode(Int.self, forKey: .version),
            trusted: try container.decodeIfPresent(Set<Writer>.self, forKey: .trusted) ?? Policy.standard.trusted,
            decisions: try container.decodeIfPresent([String: PolicyDecision].self, forKey: .decisions) ?? [:]
        )
    }

    /// Writes an object, its lists sorted.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(version, forKey: .version)
        try container.encode(trusted.sorted(), forKey: .trusted)
        try container.encode(decisions, forKey: .decisions)
    }

    /// The digest of its canonical form.
    public var digest: Digest { (try? Digest(encoding: self)) ?? Digest(of: name) }

    /// What a rule leads to: of those that are not open to a policy, always the usual.
    public func decision(_ rule: PolicyRule) -> PolicyDecision {
        rule.isOpen ? decisions[rule.rawValue] ?? rule.usual : rule.usual
    }

    /// Who of the writers of a value is not trusted.
    func untrusted(_ label: Label) -> Set<Writer> { label.writers.subtracting(trusted) }
}

/// What becomes of a call.
public enum PolicyDecision: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// It is carried out: the choice of the plan covers it.
    case allowed
    /// It goes back to the person first.
    case asks
    /// It is not carried out.
    case refused
    /// No enactor could come to attempt it: the plan that was chosen does not contain it.
    case cannotArise = "cannot arise"

    /// Orders from the mildest to the hardest.
    public static func < (left: PolicyDecision, right: PolicyDecision) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}
