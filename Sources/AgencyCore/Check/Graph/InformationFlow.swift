// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Which roles come to read something from some sources, by themselves or through the outputs of others.
public struct InformationFlow: Sendable {
    /// How something comes to a role.
    public struct Way: Hashable, Sendable {
        /// Where it comes from: a tool or an input.
        public var origin: String
        /// The roles that hand it on, the first reader first; the last is the role that it comes to.
        public var roles: [RoleName]

        /// The way in words: `files.read → writer → judge`.
        public var words: String { ([origin] + roles.map(\.rawValue)).joined(separator: " → ") }
    }

    /// By role, the shortest way on which something comes to it.
    public let ways: [RoleName: Way]

    /// Follows what some sources give through an architecture.
    ///
    /// - Parameters:
    ///   - architecture: The architecture.
    ///   - inputs: The inputs that are sources.
    ///   - isSource: Whether a tool is one.
    public init(through architecture: Architecture, from inputs: Set<Role.Input>, tools isSource: (ToolName) -> Bool) {
        var ways: [RoleName: Way] = [:]
        var queue: [RoleName] = []
        for role in architecture.roles where role.kind != .enact {
            let tool = role.tools.first(where: isSource)?.rawValue
            guard let origin = tool ?? role.reads.first(where: inputs.contains)?.rawValue else { continue }
            guard ways[role.name] == nil else { continue }
            ways[role.name] = Way(origin: origin, roles: [role.name])
            queue.append(role.name)
        }
        var next = 0
        while next < queue.count {
            let name = queue[next]
            next += 1
            guard let role = architecture.role(name), let way = ways[name] else { continue }
            for reader in architecture.roles where ways[reader.name] == nil && role.isRead(by: reader) {
                ways[reader.name] = Way(origin: way.origin, roles: way.roles + [reader.name])
                queue.append(reader.name)
            }
        }
        self.ways = ways
    }

    /// Inputs whose text comes from the workspace and its tools, and so from anybody.
    ///
    /// The brief, the person's reasons and questions, and the list of actions come from people and from declarations.
    public static let worldly: Set<Role.Input> = [.tree, .observations]

    /// The flow of untrusted text: what tools show, and what the workspace is like.
    public static func untrusted(in architecture: Architecture) -> InformationFlow {
        InformationFlow(through: architecture, from: worldly) { _ in true }
    }

    /// The flow of private content: what the workspace holds.
    public static func `private`(in architecture: Architecture, tools: [ToolManifest]) -> InformationFlow {
        InformationFlow(through: architecture, from: worldly) { name in
            tools.first { $0.name == name }?.reachesOut == false
        }
    }
}

extension Role {
    /// Whether what this role makes is among what another reads.
    fileprivate func isRead(by reader: Role) -> Bool {
        guard reader.kind != .enact else { return false }
        switch kind {
        case .propose, .update:
            if !reader.reads.allSatisfy({ ![.proposal, .proposals, .changes].contains($0) }) { return true }
        case .critique: if reader.reads.contains(.critique) { return true }
        case .evaluate, .redTeam: if reader.reads.contains(.evaluations) { return true }
        case .explain, .verify, .advance, .enact: break
        }
        guard case .verified(let verifier, _)? = vote?.rule else { return false }
        return verifier == reader.name && reader.reads.contains(.output)
    }
}

extension ToolManifest {
    /// Whether a call of this tool is noticed outside the workspace.
    public var reachesOut: Bool {
        if let reach { return reach == .leaves }
        let declared = repeatability?.effects
        return effect == .read ? declared?.staysInWorkspace == false : !effects.staysInWorkspace
    }
}
