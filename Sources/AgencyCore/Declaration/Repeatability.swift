// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What can be done about an action of which nobody knows whether it happened.
///
/// A crash, or an answer that did not come, leaves an intent without an observation. What a tool declares here decides
/// whether the action is done again, undone, sent again under the same key, looked for, or left to a person.
public struct Repeatability: Hashable, Sendable, Codable {
    /// The class of the tool's effects.
    public var effects: EffectClass
    /// For how long the target knows a key again, in seconds from the first time that it was sent.
    public var retentionSeconds: Double?
    /// Whether the tool can tell whether one certain effect has happened.
    public var canProbe: Bool
    /// How long an effect may take to show itself to a probe, in seconds.
    public var settlingSeconds: Double

    /// Makes a declaration.
    public init(
        _ effects: EffectClass,
        retentionSeconds: Double? = nil,
        canProbe: Bool = false,
        settlingSeconds: Double = 0
    ) {
        self.effects = effects
        self.retentionSeconds = retentionSeconds
        self.canProbe = canProbe || effects == .probeable
        self.settlingSeconds = settlingSeconds
    }

    /// Nothing is changed; it may be done as often as one likes.
    public static let pure = Repeatability(.pure)
    /// Everything is inside the workspace, and undone by going back to a checkpoint.
    public static let transactional = Repeatability(.transactional)
    /// Nobody can tell but a person.
    public static let blind = Repeatability(.blind)

    /// The target recognises what is sent under the same key, for a time.
    public static func keyed(
        retentionSeconds: Double,
        canProbe: Bool = false,
        settlingSeconds: Double = 0
    ) -> Repeatability {
        Repeatability(
            .keyed,
            retentionSeconds: retentionSeconds,
            canProbe: canProbe,
            settlingSeconds: settlingSeconds
        )
    }

    /// A look tells whether this effect has happened, once it has had time to show itself.
    public static func probeable(settlingSeconds: Double = 0) -> Repeatability {
        Repeatability(.probeable, settlingSeconds: settlingSeconds)
    }

    private enum Keys: String, CodingKey {
        case effects = "class"
        case retentionSeconds = "retention"
        case canProbe = "probe"
        case settlingSeconds = "settling"
    }

    /// Reads an object; a class that is not known is the most dangerous one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let effects = EffectClass(rawValue: try container.decode(String.self, forKey: .effects)) ?? .blind
        self.init(
            effects,
            retentionSeconds: try container.decodeIfPresent(Double.self, forKey: .retentionSeconds),
            canProbe: try container.decodeIfPresent(Bool.self, forKey: .canProbe) ?? false,
            settlingSeconds: try container.decodeIfPresent(Double.self, forKey: .settlingSeconds) ?? 0
        )
    }

    /// Writes an object, without what says nothing.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(effects.rawValue, forKey: .effects)
        try container.encodeIfPresent(retentionSeconds, forKey: .retentionSeconds)
        if canProbe { try container.encode(canProbe, forKey: .canProbe) }
        if settlingSeconds != 0 { try container.encode(settlingSeconds, forKey: .settlingSeconds) }
    }
}

/// The classes of effects, by what is possible when nobody knows whether one has happened.
public enum EffectClass: String, Hashable, Sendable, Codable, CaseIterable {
    /// No effect: it is done again.
    case pure
    /// Inside the workspace: undone by going back to the checkpoint, then done again.
    case transactional
    /// The target deduplicates by the identity of the effect: it is sent again with the same one.
    case keyed
    /// A probe tells whether it happened.
    case probeable
    /// Only a person can find out; what declares no class is this.
    case blind

    /// Whether going back to a checkpoint undoes all of it.
    public var staysInWorkspace: Bool { self == .pure || self == .transactional }
}
