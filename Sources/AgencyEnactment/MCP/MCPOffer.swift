// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// How a tool of a server stands with the person's review.
public enum MCPStanding: Hashable, Sendable, CustomStringConvertible {
    /// Nobody reviewed it: it is of the most dangerous class.
    case unreviewed
    /// It is as it was reviewed.
    case reviewed
    /// It is not what was reviewed, and is not offered.
    case changed
    /// The review says no.
    case refused
    /// It cannot be offered, whatever anybody says.
    case unfit(String)

    /// Whether it is offered.
    public var isOffered: Bool { self == .unreviewed || self == .reviewed }

    /// How it stands, in words.
    public var description: String {
        switch self {
        case .unreviewed:
            "not reviewed: every call is a step that is chosen, and what becomes of it is unknown after a crash"
        case .reviewed: "reviewed"
        case .changed: "CHANGED since it was reviewed: not offered"
        case .refused: "refused in the review"
        case .unfit(let why): "cannot be offered: \(why)"
        }
    }
}

/// A tool of a server with what follows from the review of it.
public struct MCPOffer: Hashable, Sendable {
    /// The tool as the server describes it.
    public var tool: MCPTool
    /// How it stands.
    public var standing: MCPStanding
    /// What is offered to roles; `nil` for what is not.
    public var manifest: ToolManifest?

    /// Judges the tools of a server.
    ///
    /// Hints of the server change nothing. Two names that look the same are both refused.
    public static func all(
        _ tools: [MCPTool],
        of server: ToolServer,
        review: MCPReview?,
        bounds: MCPBounds = MCPBounds()
    ) -> [MCPOffer] {
        let forms = Dictionary(grouping: tools) { TextScan.skeleton($0.name.lowercased()) }
        return tools.map { tool in
            var standing = tool.unfitness(bounds).map { MCPStanding.unfit($0) }
            if (forms[TextScan.skeleton(tool.name.lowercased())]?.count ?? 0) > 1 {
                standing = .unfit("another tool's name looks the same")
            }
            let entry = review?.tools.first { $0.name == tool.name }
            if standing == nil, let entry {
                standing = entry.digest != tool.digest.hex ? .changed : entry.allowed ? .reviewed : .refused
            }
            var offer = MCPOffer(tool: tool, standing: standing ?? .unreviewed)
            if offer.standing.isOffered { offer.manifest = manifest(tool, server, entry) }
            return offer
        }
    }

    private static func manifest(_ tool: MCPTool, _ server: ToolServer, _ entry: MCPReview.Entry?) -> ToolManifest {
        // With hosts, and elsewhere, every call may leave the machine, and what has left nobody can take back or look for.
        let leaves = entry == nil || !server.hosts.isEmpty || server.url != nil
        return ToolManifest(
            name: ToolName(server.prefix + tool.name),
            about: "[from the MCP server \(server.name)] "
                + TextScan.stripped(String(tool.about.prefix(2000))).split(whereSeparator: \.isNewline)
                .joined(separator: " "),
            parameters: JSONSchema(tool.input.stripped),
            effect: leaves ? .write : entry?.effect ?? .write,
            repeatability: Repeatability(leaves ? .blind : entry?.effects ?? .blind),
            // Without hosts it has no network; but nobody vouches for what was not reviewed.
            reach: leaves ? .leaves : .local
        )
    }
}
