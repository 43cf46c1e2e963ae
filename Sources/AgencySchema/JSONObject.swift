// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A JSON object: unique names in a remembered order.
///
/// The order is kept because models fill in a schema's properties in the order in which they are declared; it does not
/// take part in equality, which JSON leaves to the names and values alone.
public struct JSONObject: Sendable, Sequence {
    /// A name and its value; no tuple, because those are destroyed by a slower way.
    struct Member: Sendable {
        let key: String
        var value: JSONValue
    }

    private(set) var members: [Member] = []
    /// Where each name stands, once there are more than are quickly looked through.
    private var places: [String: Int]?
    private static let mostUnindexed = 16

    /// Makes an empty object.
    public init() {}

    /// Makes an object from pairs; a later duplicate replaces an earlier value and keeps its place.
    public init(_ pairs: some Sequence<(key: String, value: JSONValue)>) {
        members.reserveCapacity(pairs.underestimatedCount)
        for (key, value) in pairs { self[key] = value }
    }

    /// The names, in the order in which they were first set.
    public var keys: [String] { members.map(\.key) }

    /// The number of names.
    public var count: Int { members.count }

    /// Whether there are no names.
    public var isEmpty: Bool { members.isEmpty }

    /// The value under a name; setting `nil` removes the name.
    public subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): append(key, value)
            case (let place?, nil):
                members.remove(at: place)
                places = nil
                indexIfLarge()
            case (nil, nil): break
            }
        }
    }

    /// Iterates over the pairs in order.
    public func makeIterator() -> Iterator { Iterator(members: members.makeIterator()) }

    /// What the pairs are iterated over by.
    public struct Iterator: IteratorProtocol {
        fileprivate var members: IndexingIterator<[Member]>

        /// The next pair, or `nil` after the last.
        public mutating func next() -> (key: String, value: JSONValue)? { members.next().map { ($0.key, $0.value) } }
    }

    private func place(of key: String) -> Int? {
        if let places { return places[key] }
        return members.firstIndex { $0.key == key }
    }

    /// Whether there is a value under a name.
    func has(_ key: String) -> Bool { place(of: key) != nil }

    /// Adds a value under a name that there was none under.
    mutating func append(_ key: String, _ value: JSONValue) {
        if members.isEmpty { members.reserveCapacity(4) }
        members.append(Member(key: key, value: value))
        if places == nil { indexIfLarge() } else { places?[key] = members.count - 1 }
    }

    private mutating func indexIfLarge() {
        guard members.count > Self.mostUnindexed else { return }
        places = Dictionary(uniqueKeysWithValues: members.indices.map { (members[$0].key, $0) })
    }
}

extension JSONObject: Hashable {
    /// Compares names and values, whatever their order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    /// Hashes names and values, whatever their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in self {
            var one = Hasher()
            one.combine(key)
            one.combine(value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object from a literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.lazy.map { (key: $0.0, value: $0.1) })
    }
}
