// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What an argument of a tool decides.
public enum Authority: String, Hashable, Sendable, CaseIterable {
    /// Who is reached.
    case recipient
    /// Which object is read, changed or removed.
    case object
    /// How much.
    case amount
    /// What is run.
    case code
    /// Nothing of these: it is content.
    case none
    /// The manifest does not say, so it may be any of them.
    case undeclared

    /// Whether the argument decides what is done, or to whom, or how much.
    public var decides: Bool { self != .none }
    /// Whether the argument may say who is reached.
    public var reaches: Bool { self == .recipient || self == .undeclared }
}

extension Authority: Codable {
    /// Reads a word; one that is not known is the most dangerous one.
    public init(from decoder: any Decoder) throws {
        self = Authority(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .undeclared
    }
}

/// Whether what a tool is given leaves the machine.
public enum Reach: String, Hashable, Sendable, CaseIterable {
    /// It stays here.
    case local
    /// It leaves, as the address does with every look at a page of the web.
    case leaves
}

extension Reach: Codable {
    /// Reads a word; one that is not known is the most dangerous one.
    public init(from decoder: any Decoder) throws {
        self = Reach(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .leaves
    }
}

/// What is known of one field of what a tool shows.
public struct ResultLabel: Hashable, Sendable, Codable {
    /// Who could have written it.
    public var writers: Set<Writer>
    /// Who may read it.
    public var readers: Readers
    /// The arguments that it may repeat; `nil` where it may be any of them.
    public var repeats: [String]?

    /// Makes a declaration.
    public init(writers: Set<Writer>, readers: Readers, repeats: [String]? = nil) {
        self.writers = writers
        self.readers = readers
        self.repeats = repeats
    }

    /// The label of the field itself, whatever it may repeat.
    public var label: Label { Label(writers: writers, readers: readers) }

    private enum Keys: CodingKey { case writers, readers, repeats }

    /// Reads an object; what it does not say is the most dangerous of all.
    public init(from decoder: any Decoder) throws {
        let label = try Label(from: decoder)
        let container = try decoder.container(keyedBy: Keys.self)
        self.init(
            writers: label.writers,
            readers: label.readers,
            repeats: try container.decodeIfPresent([String].self, forKey: .repeats)
        )
    }

    /// Writes an object.
    public func encode(to encoder: any Encoder) throws {
        try label.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encodeIfPresent(repeats, forKey: .repeats)
    }
}
