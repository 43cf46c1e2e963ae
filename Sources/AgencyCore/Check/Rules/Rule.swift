// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// One thing that the check looks for, with a number that never changes its meaning.
///
/// Each has a page `docs/rules/ID.md`. A rule that is given up keeps its number, which no other gets.
public struct Rule: Hashable, Sendable, CustomStringConvertible {
    /// Its number: `OA011`.
    public let id: String
    /// Its short name: `effect-without-choice`.
    public let name: String
    /// What a finding of it does where nobody has decided otherwise.
    public let severity: Severity
    /// What it is about.
    public let matter: Matter
    /// What is wrong when it is broken, in a sentence.
    public let title: String
    /// Why that matters, in a sentence or two.
    public let reason: String

    init(_ id: String, _ name: String, _ severity: Severity, _ matter: Matter, _ title: String, because reason: String)
    {
        self.id = id
        self.name = name
        self.severity = severity
        self.matter = matter
        self.title = title
        self.reason = reason
    }

    /// What a rule is about.
    public enum Matter: String, Hashable, Sendable, CaseIterable {
        /// Whether a declaration can be read and its names lead somewhere.
        case form
        /// Whether every effect comes after a choice.
        case effects
        /// Whether duties stay apart.
        case duties
        /// Whether everything has a bound.
        case bounds
        /// What must not come together.
        case combinations
        /// Whether there is a way back, and whether what is claimed can be settled.
        case reversibility
        /// Whether something is selected for passing its judge.
        case selection
        /// Whether a person can see what they decide on.
        case legibility
        /// Who performs, and how they are reached.
        case performers
        /// What the check itself was told.
        case settings
        /// Plans that roles have proposed, when a person is to choose from them.
        case plans
    }

    /// All rules, in the order of their numbers.
    public static let all: [Rule] =
        form + effects + duties + bounds + combinations + reversal + selection + legibility + performers + settings
        + plans

    /// The rule of a number.
    public static func named(_ id: String) -> Rule? { all.first { $0.id == id } }

    /// Whether nobody can lower its severity or accept a finding of it: what it guards would not run, or must not.
    public var isFirm: Bool { severity == .error }

    /// Whether the person sees its findings again where they choose.
    public var showsAtChoice: Bool { matter == .duties || matter == .combinations || matter == .reversibility }

    /// Where its page is, relative to the root of the project.
    public var page: String { "docs/rules/\(id).md" }

    /// The number and the name: `OA011 effect-without-choice`.
    public var description: String { "\(id) \(name)" }
}
