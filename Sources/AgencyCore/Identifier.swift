// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A name that stands for one kind of thing, so that a step cannot be taken for a run.
///
/// > Source: the phantom type is the noun that is named; the stored form is the bare string.
public struct Identifier<Noun>: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible,
    ExpressibleByStringInterpolation
{
    /// The name itself.
    public var rawValue: String

    /// Makes an identifier from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Makes an identifier from its name.
    public init(_ name: String) { rawValue = name }

    /// Makes an identifier from a literal.
    public init(stringLiteral value: String) { rawValue = value }

    /// Reads the bare string.
    public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }

    /// Writes the bare string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    /// Orders by the name.
    public static func < (left: Identifier, right: Identifier) -> Bool { left.rawValue < right.rawValue }

    /// The bare name.
    public var description: String { rawValue }
}

/// Names one run; unique in its ledger.
public typealias RunID = Identifier<RunState>
/// Names one episode of a run by its place in the flow: `0.evaluate.auditor.p1`.
public typealias EpisodeID = Identifier<EpisodeOrder>
/// Names one proposal among the options of a run: `p1`.
public typealias ProposalID = Identifier<Proposal>
/// Names one step of a plan: `s1`.
public typealias StepID = Identifier<Step>
/// Names a role of an architecture: `auditor`.
public typealias RoleName = Identifier<Role>
/// Names a performer's profile: `strong`.
public typealias ProfileName = Identifier<Profile>
/// Names a goal: `names-split`.
public typealias GoalID = Identifier<Goal>
/// Names a tool: `sqlite.query`.
public typealias ToolName = Identifier<ToolManifest>
