// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// How a statement about the world is settled: a read-only look, and what it should show.
public struct Check: Hashable, Sendable, Codable {
    /// The tool that looks, with the workspace mounted read-only.
    public var tool: ToolName
    /// The tool's arguments.
    public var arguments: JSONValue
    /// What the look should show for the statement to be true.
    public var expect: Expectation

    /// Makes a check.
    public init(tool: ToolName, arguments: JSONValue, expect: Expectation) {
        self.tool = tool
        self.arguments = arguments
        self.expect = expect
    }
}

/// What a check's look should show.
public enum Expectation: Hashable, Sendable {
    /// The program ended with this status.
    case exitStatus(Int)
    /// The output, without white space around it, is this text.
    case equals(String)
    /// The output has this text somewhere in it.
    case contains(String)
    /// The output is a number no smaller than this.
    case atLeast(Double)
    /// The output is a number no larger than this.
    case atMost(Double)

    /// Whether what was seen is what was expected.
    ///
    /// - Parameters:
    ///   - status: The exit status of the look; 0 for tools that are no programs and succeeded.
    ///   - output: What it printed.
    /// - Returns: `nil` when the look cannot settle the statement: the output is not the number that was to be compared,
    ///   or a look other than for the status ended with a failure.
    public func isMet(status: Int, output: String) -> Bool? {
        if case .exitStatus(let expected) = self { return status == expected }
        guard status == 0 else { return nil }
        let text = output.trimmingWhitespace
        switch self {
        case .exitStatus: return nil
        case .equals(let expected): return text == expected.trimmingWhitespace
        case .contains(let part): return output.contains(part)
        case .atLeast(let bound): return Self.number(text).map { $0 >= bound }
        case .atMost(let bound): return Self.number(text).map { $0 <= bound }
        }
    }

    /// “nan” and “inf” are read as doubles, and are no numbers that anything can be compared with.
    private static func number(_ text: String) -> Double? {
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// The expectation in words: `exit status 0`, `= 17`.
    public var words: String {
        switch self {
        case .exitStatus(let status): "exit status \(status)"
        case .equals(let text): "= \(text)"
        case .contains(let part): "contains “\(part)”"
        case .atLeast(let bound): "≥ \(bound.shortText)"
        case .atMost(let bound): "≤ \(bound.shortText)"
        }
    }
}

extension Expectation: Codable {
    enum Keys: String, CodingKey, CaseIterable {
        case exitStatus = "exit-status"
        case equals, contains
        case atLeast = "at-least"
        case atMost = "at-most"
    }

    /// Reads an object with one name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription:
                        "an expectation is one of \(Keys.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            )
        }
        switch key {
        case .exitStatus: self = .exitStatus(try container.decode(Int.self, forKey: key))
        case .equals: self = .equals(try Self.text(container, key))
        case .contains: self = .contains(try Self.text(container, key))
        case .atLeast: self = .atLeast(try container.decode(Double.self, forKey: key))
        case .atMost: self = .atMost(try container.decode(Double.self, forKey: key))
        }
    }

    /// Writes an object with one name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .exitStatus(let status): try container.encode(status, forKey: .exitStatus)
        case .equals(let text): try container.encode(text, forKey: .equals)
        case .contains(let part): try container.encode(part, forKey: .contains)
        case .atLeast(let bound): try container.encode(bound, forKey: .atLeast)
        case .atMost(let bound): try container.encode(bound, forKey: .atMost)
        }
    }

    /// Models write numbers where a text is meant; `0` and `"0"` say the same.
    private static func text(_ container: KeyedDecodingContainer<Keys>, _ key: Keys) throws -> String {
        if let text = try? container.decode(String.self, forKey: key) { return text }
        return try container.decode(Double.self, forKey: key).shortText
    }

    /// The shape of an expectation.
    public static let schema = JSONSchema([
        "type": "object",
        "description": "What the output must be for the statement to be true; exactly one of these.",
        "properties": [
            "exit-status": ["type": "integer"],
            "equals": ["type": ["string", "number"]],
            "contains": ["type": "string"],
            "at-least": ["type": "number"],
            "at-most": ["type": "number"],
        ],
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    ])
}

extension Check {
    /// The shape of a check.
    public static let schema = JSONSchema.object(
        [
            "tool": .string("The read-only tool that looks, such as sqlite.query or shell.run.", minLength: 1),
            "arguments": JSONSchema(["type": "object", "description": "The tool's arguments."]),
            "expect": Expectation.schema,
        ]
    )
}

extension String {
    /// The text without white space at either end.
    public var trimmingWhitespace: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[start...end])
    }
}
