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
    /// Whether what it is given leaves the machine; `nil` where it does not say, and then it may.
    public var reach: Reach?
    /// Whether it removes or overwrites what nothing brings back; `nil` where it does not say.
    public var isDestructive: Bool?
    /// Whether it moves money or obliges somebody to; `nil` where it does not say.
    public var pays: Bool?
    /// What each argument decides, by its path: `to`, `event/guests`; `nil` where it declares nothing.
    public var arguments: [String: Authority]?
    /// What is known of each field of what it shows, by its path; `nil` where it declares nothing.
    public var results: [String: ResultLabel]?

    /// The place that it reads or writes: reading shows what was written to the same place before; `nil` where it does
    /// not say, and then it may be any.
    public var place: String?

    /// Makes a manifest.
    public init(
        name: ToolName,
        about: String,
        parameters: JSONSchema,
        effect: Effect,
        repeatability: Repeatability? = nil,
        reach: Reach? = nil,
        isDestructive: Bool? = nil,
        pays: Bool? = nil,
        arguments: [String: Authority]? = nil,
        results: [String: ResultLabel]? = nil,
        place: String? = nil
    ) {
        self.name = name
        self.about = about
        self.parameters = parameters
        self.effect = effect
        self.repeatability = repeatability
        self.reach = reach
        self.isDestructive = isDestructive
        self.pays = pays
        self.arguments = arguments
        self.results = results
        self.place = place
    }

    private enum CodingKeys: String, CodingKey {
        case name, about, parameters, effect, repeatability, reach, isDestructive = "destructive", pays, arguments
        case results, place
    }

    /// Reads an object; whatever it does not say is the most dangerous.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let effect = try container.decodeIfPresent(String.self, forKey: .effect)
        self.init(
            name: try container.decode(ToolName.self, forKey: .name),
            about: try container.decodeIfPresent(String.self, forKey: .about) ?? "",
            parameters: try container.decodeIfPresent(JSONSchema.self, forKey: .parameters) ?? .any,
            effect: effect.flatMap(Effect.init(rawValue:)) ?? .write,
            repeatability: try container.decodeIfPresent(Repeatability.self, forKey: .repeatability),
            reach: try container.decodeIfPresent(Reach.self, forKey: .reach),
            isDestructive: try container.decodeIfPresent(Bool.self, forKey: .isDestructive),
            pays: try container.decodeIfPresent(Bool.self, forKey: .pays),
            arguments: try container.decodeIfPresent([String: Authority].self, forKey: .arguments),
            results: try container.decodeIfPresent([String: ResultLabel].self, forKey: .results),
            place: try container.decodeIfPresent(String.self, forKey: .place)
        )
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
    /// Why it must not be used at all; `nil` where it may.
    ///
    /// What destroys or pays has to say what can be done when nobody knows whether it has happened.
    public var loadFault: String? {
        guard isDestructive == true || pays == true, repeatability == nil else { return nil }
        return "it \(pays == true ? "pays" : "destroys") and declares no class of effects"
    }
}
