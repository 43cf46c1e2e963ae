// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A rule that a declared thing breaks, and where in it.
///
/// Rules know nothing of files; whoever read the thing from one finds the line from the path.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// The rule.
    public var rule: Rule
    /// What the finding does: what its rule says, unless somebody decided otherwise.
    public var severity: Severity
    /// Which declaration the path leads into.
    public var source: Source
    /// The way to the part that breaks the rule, as it is nested in a declaration: `["flow", 3, "enact", "role"]`.
    public var path: [Part]
    /// What is wrong, in a line.
    public var message: String
    /// What to do about it, in a line.
    public var hint: String
    /// What the finding is about, where the names on its path do not say: part of its fingerprint.
    public var subject: String

    /// Makes a finding.
    public init(
        _ rule: Rule,
        _ path: [Part],
        _ message: String,
        hint: String,
        about subject: String = "",
        in source: Source = .architecture
    ) {
        self.rule = rule
        severity = rule.severity
        self.source = source
        self.path = path
        self.message = message
        self.hint = hint
        self.subject = subject
    }

    /// The finding as it is in what contains the thing.
    func within(_ path: [Part]) -> Finding {
        var finding = self
        finding.path = path + self.path
        return finding
    }

    /// The finding, in another declaration.
    func of(_ source: Source) -> Finding {
        var finding = self
        finding.source = source
        return finding
    }

    /// Which declaration a path leads into.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// The architecture.
        case architecture
        /// The brief.
        case brief
        /// The profiles.
        case profiles
        /// What the check was told.
        case settings
        /// A plan that was proposed.
        case plan
    }

    /// One step of a path.
    public enum Part: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        /// Into the value under a name.
        case name(String)
        /// Into an element of a list, counted from 0.
        case index(Int)

        /// Makes a step into the value under a name.
        public init(stringLiteral value: String) { self = .name(value) }
        /// Makes a step into an element of a list.
        public init(integerLiteral value: Int) { self = .index(value) }
    }

    /// The place in words: `flow[3].enact.role`; empty for the whole.
    public var place: String {
        var place = ""
        for part in path {
            switch part {
            case .name(let name): place += (place.isEmpty ? "" : ".") + name
            case .index(let index): place += "[\(index)]"
            }
        }
        return place
    }

    /// The place and the message: `flow[3].enact.role: no role is called “editor”`.
    public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
