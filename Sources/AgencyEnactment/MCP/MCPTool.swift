// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencySchema

/// A tool as a server describes it: text that somebody else wrote.
public struct MCPTool: Hashable, Sendable {
    /// Its name at the server.
    public let name: String
    /// What the server says that it does.
    public let about: String
    /// The shape of its arguments.
    public let input: JSONValue
    /// The shape of its structured results, if it declares one.
    public let output: JSONValue?
    /// What the server says of its effects; hints, on which nothing rests.
    public let hints: [String: Bool]

    /// The digest of name, description and schemas: another one is another tool.
    public var digest: Digest {
        Digest(
            of: ["name": .string(name), "description": .string(about), "input": input, "output": output ?? .null]
        )
    }

    /// The names of hints that the protocol has.
    static let hintNames = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"]

    init(_ json: JSONValue, _ bounds: MCPBounds = MCPBounds()) throws(MCPFault) {
        guard let name = json["name"]?.string, (1...256).contains(name.utf8.count) else {
            throw MCPFault("a tool without a name")
        }
        guard let input = json["inputSchema"], input.object != nil else {
            throw MCPFault("the tool “\(name.escaped(limit: 80))” without a schema of its arguments")
        }
        let output = json["outputSchema"].flatMap { $0 == .null ? nil : $0 }
        let about = json["description"]?.string ?? ""
        guard about.utf8.count <= bounds.descriptionBytes,
            input.compactBytes.count + (output?.compactBytes.count ?? 0) <= bounds.schemaBytes
        else {
            throw MCPFault("the tool “\(name.escaped(limit: 80))” with too long a description or schema")
        }
        self.name = name
        self.about = about
        self.input = input
        self.output = output
        var hints: [String: Bool] = [:]
        for name in Self.hintNames { hints[name] = json["annotations"]?[name]?.bool }
        self.hints = hints
    }

    /// Why the tool cannot be offered by itself, whatever anybody says of it; `nil` when it can.
    func unfitness(_ bounds: MCPBounds) -> String? {
        guard name.utf8.count <= 64, let first = name.utf8.first, Self.isLetterOrDigit(first),
            name.utf8.allSatisfy({ Self.isLetterOrDigit($0) || [0x2D, 0x2E, 0x5F].contains($0) })
        else {
            return "its name is not of ASCII letters, digits, “_”, “-” and “.”, 64 at most"
        }
        guard input["type"]?.string == "object" else { return "its arguments are no object" }
        guard !input.scanned.contains(where: \.kind.isHidden) else { return "its schema has hidden characters in it" }
        for schema in [input, output].compactMap(\.self) {
            guard Self.depth(schema) <= bounds.schemaDepth else { return "a schema is nested too deep" }
            if let fault = JSONSchema(schema).faults().first {
                return "a schema cannot be checked: \(fault)".escaped(limit: 300)
            }
        }
        return nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func depth(_ json: JSONValue) -> Int {
        switch json {
        case .array(let values): 1 + (values.map(depth).max() ?? 0)
        case .object(let object): 1 + (object.map { depth($0.value) }.max() ?? 0)
        default: 0
        }
    }
}
