// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// What a person decided about the tools of a server, each as it was described then.
///
/// It is a file of JSON beside the profiles. Nothing else makes a tool less than the most dangerous class.
public struct MCPReview: Hashable, Sendable, Codable {
    /// The server.
    public var server: String
    /// Who reviewed it, as they name themselves.
    public var reviewer: String
    /// The tools.
    public var tools: [Entry]

    /// Makes a review.
    public init(server: String, reviewer: String, tools: [Entry]) {
        self.server = server
        self.reviewer = reviewer
        self.tools = tools
    }

    /// The decision on one tool.
    public struct Entry: Hashable, Sendable, Codable {
        /// The tool's name at the server.
        public var name: String
        /// The digest of name, description and schemas that was reviewed.
        public var digest: String
        /// Whether it only looks or also changes something.
        public var effect: ToolManifest.Effect
        /// The class of its effects.
        public var effects: EffectClass
        /// Whether it may be offered at all.
        public var allowed: Bool

        private enum CodingKeys: String, CodingKey {
            case name, digest, effect, allowed
            case effects = "class"
        }

        /// Makes a decision.
        public init(
            name: String,
            digest: String,
            effect: ToolManifest.Effect,
            effects: EffectClass,
            allowed: Bool = true
        ) {
            self.name = name
            self.digest = digest
            self.effect = effect
            self.effects = effects
            self.allowed = allowed
        }
    }

    /// The most bytes that the file of a review may have.
    public static let mostBytes = 4 << 20

    /// Reads a review.
    ///
    /// - Throws: ``EnactmentError`` with `.badReview` when it is none, or decides on one tool twice.
    public init(parsing bytes: [UInt8]) throws(EnactmentError) {
        do {
            guard bytes.count <= Self.mostBytes else { throw EnactmentError(.badReview, "it is too long") }
            self = try JSONValue(parsing: bytes).decode(MCPReview.self)
        } catch {
            throw EnactmentError(.badReview, "this is no review of an MCP server: \(error)")
        }
        guard Set(tools.map(\.name)).count == tools.count else {
            throw EnactmentError(.badReview, "the review of \(server.forMessage) decides on one tool twice")
        }
        for tool in tools where tool.effect == .read && tool.effects != .pure {
            throw EnactmentError(.badReview, "\(tool.name.forMessage) only reads, so its class is pure")
        }
        for tool in tools
        where tool.effect != .read && (tool.effects == .pure || tool.effects == .keyed || tool.effects == .probeable) {
            throw EnactmentError(
                .badReview,
                "\(tool.name.forMessage): a tool of a server that changes something is transactional (all it changes is in the "
                    + "workspace) or blind"
            )
        }
    }

    /// The review as it is written.
    public var bytes: [UInt8] { (((try? JSONValue(encoding: self))?.prettyText ?? "") + "\n").utf8.map(\.self) }
}
