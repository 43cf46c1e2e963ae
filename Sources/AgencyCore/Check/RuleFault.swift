// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A rule that a declared thing breaks, and where in it.
///
/// Rules know nothing of files; whoever read the thing from one finds the line from the path.
public struct RuleFault: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The way to the part that breaks the rule, as it is nested in a declaration: `["flow", 3, "enact", "role"]`.
    public var path: [Part]
    /// What is wrong, in a line.
    public var message: String
    /// What to do about it, in a line.
    public var hint: String

    /// Makes a fault.
    public init(_ path: [Part], _ message: String, hint: String) {
        self.path = path
        self.message = message
        self.hint = hint
    }

    /// One step of a path.
    public enum Part: Hashable, Sendable, Codable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        /// Into the value under a name.
        case name(String)
        /// Into an element of a list, counted from 0.
        case index(Int)

        /// Makes a step into the value under a name.
        public init(stringLiteral value: String) { self = .name(value) }
        /// Makes a step into an element of a list.
        public init(integerLiteral value: Int) { self = .index(value) }
    }

    /// The place and the message: `flow[3].enact.role: no role is called “editor”`.
    public var description: String {
        var place = ""
        for part in path {
            switch part {
            case .name(let name): place += (place.isEmpty ? "" : ".") + name
            case .index(let index): place += "[\(index)]"
            }
        }
        return (place.isEmpty ? "" : place + ": ") + message
    }
}
