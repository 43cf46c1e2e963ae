// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A JSON object: unique names in a remembered order.
///
/// The order is kept because models fill in a schema's properties in the order in which they are declared; it does not
/// take part in equality, which JSON leaves to the names and values alone.
public struct JSONObject: Sendable, Sequence {
    /// The names, in the order in which they were first set.
    public private(set) var keys: [String] = []
    private var values: [String: JSONValue] = [:]

    /// Makes an empty object.
    public init() {}

    /// Makes an object from pairs; a later duplicate replaces an earlier value and keeps its place.
    public init(_ pairs: some Sequence<(key: String, value: JSONValue)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// The number of names.
    public var count: Int { keys.count }

    /// Whether there are no names.
    public var isEmpty: Bool { keys.isEmpty }

    /// The value under a name; setting `nil` removes the name.
    public subscript(key: String) -> JSONValue? {
        get { values[key] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
            } else if values.removeValue(forKey: key) != nil {
                keys.removeAll { $0 == key }
            }
        }
    }

    /// Iterates over the pairs in order.
    public func makeIterator() -> AnyIterator<(key: String, value: JSONValue)> {
        var index = 0
        return AnyIterator {
            guard index < keys.count else { return nil }
            defer { index += 1 }
            let key = keys[index]
            return (key, values[key] ?? .null)
        }
    }
}

extension JSONObject: Hashable {
    /// Compares names and values, whatever their order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.values == right.values }
    /// Hashes names and values, whatever their order.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object from a literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}
