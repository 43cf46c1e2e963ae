// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// What a tool declares of itself.
public struct ToolManifest: Hashable, Sendable, Codable {
    /// Its name.
    public var name: ToolName
    /// What it does, in a sentence.
    public var about: String
    /// The shape of its arguments.
    public var parameters: JSONSchema
    /// Whether it only looks or also changes something.
    public var effect: Effect
    /// What can be done about a call of which nobody knows whether it happened; `nil` where it declares nothing.
    ///
    /// No prompt shows it: who plans is to choose a tool by what it does.
    public var repeatability: Repeatability?

    /// Makes a manifest.
    public init(
        name: ToolName,
        about: String,
        parameters: JSONSchema,
        effect: Effect,
        repeatability: Repeatability? = nil
    ) {
        self.name = name
        self.about = about
        self.parameters = parameters
        self.effect = effect
        self.repeatability = repeatability
    }

    /// What a tool may do to the world.
    public enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
        /// Looks only; may be called in an episode.
        case read
        /// Runs whatever it is given: only looks when the workspace is mounted read-only, as it is for checks.
        case run
        /// Changes the workspace; may be called only by enactment.
        case write
    }

    /// Whether a step may use this tool.
    public var acts: Bool { effect != .read }
    /// Whether a check may use this tool.
    public var checks: Bool { effect != .write }
    /// The class of its effects: the most dangerous one where it declares none.
    public var effects: EffectClass { effect == .read ? .pure : repeatability?.effects ?? .blind }
}
