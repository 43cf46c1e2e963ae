// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What is known of a value: who could have written it, who may read it, and whether it can carry text at all.
///
/// > Source: the two lattices of CaMeL (arXiv:2503.18813) and FIDES (arXiv:2505.23643); that a closed form cannot carry an
/// > order is FIDES' constrained inspection.
public struct Label: Hashable, Sendable, Codable {
    /// Who could have written some part of it.
    public var writers: Set<Writer>
    /// Who may read all of it.
    public var readers: Readers
    /// Whether it can be one of a closed set of values only, and so can carry no order.
    public var isClosed: Bool

    /// Makes a label.
    public init(writers: Set<Writer>, readers: Readers, isClosed: Bool = false) {
        self.writers = writers
        self.readers = readers
        self.isClosed = isClosed
    }

    /// What nobody has said anything about: anyone could have written it, and only the person may read it.
    public static let unknown = Label(writers: [.anyone], readers: .person)
    /// What says nothing: joining it changes no label.
    public static let nothing = Label(writers: [], readers: .anyone, isClosed: true)

    /// The label of a value that is made from two.
    public func joined(_ other: Label) -> Label {
        Label(
            writers: writers.union(other.writers),
            readers: readers.joined(other.readers),
            isClosed: isClosed && other.isClosed
        )
    }

    private enum Keys: String, CodingKey { case writers, readers, isClosed = "closed" }

    /// Reads an object; whoever is not named as a writer or reader is the most dangerous one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let named = try container.decodeIfPresent([Writer].self, forKey: .writers) ?? []
        writers = named.isEmpty ? [.anyone] : Set(named)
        readers = try container.decodeIfPresent(Readers.self, forKey: .readers) ?? .person
        isClosed = try container.decodeIfPresent(Bool.self, forKey: .isClosed) ?? false
    }

    /// Writes an object, its names sorted.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(writers.sorted(), forKey: .writers)
        try container.encode(readers, forKey: .readers)
        if isClosed { try container.encode(isClosed, forKey: .isClosed) }
    }
}

/// Names who writes: the person who asks, a tool itself, a model, or others by a name of their own.
public typealias Writer = Identifier<Label>

extension Writer {
    /// The person who asks.
    public static let person = Writer("person")
    /// A tool, of itself: the number that a bank gives to a transfer.
    public static let tool = Writer("tool")
    /// A model that chose the value when it made the plan.
    public static let model = Writer("model")
    /// Anybody.
    public static let anyone = Writer("anyone")
}

/// Who may read a value.
public enum Readers: Hashable, Sendable {
    /// Everybody.
    case anyone
    /// These only; nobody where there is none, as with a secret.
    case only(Set<String>)

    /// The person who asks, and no others.
    public static let person = Readers.only(["person"])

    /// Who may read a value that is made from two.
    public func joined(_ other: Readers) -> Readers {
        switch (self, other) {
        case (.anyone, let readers), (let readers, .anyone): readers
        case (.only(let left), .only(let right)): .only(left.intersection(right))
        }
    }
}

extension Readers: Codable {
    /// Reads `"anyone"` or a list of names.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let names = try? container.decode([String].self) {
            self = names.contains("anyone") ? .anyone : .only(Set(names))
        } else {
            let word = try container.decode(String.self)
            self = word == "anyone" ? .anyone : .only([word])
        }
    }

    /// Writes `"anyone"` or the names, sorted.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .anyone: try container.encode("anyone")
        case .only(let names): try container.encode(names.sorted())
        }
    }
}
