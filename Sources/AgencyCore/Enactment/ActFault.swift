// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Why an action that was permitted has no result.
public enum ActFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing was sent: the action has not happened.
    case notSent(String)
    /// Something was sent, and what became of it is not known: an answer that does not come in time, a connection that
    /// breaks. It is not a failure.
    case unknown(String)

    /// Why, in a sentence.
    public var description: String {
        switch self {
        case .notSent(let why), .unknown(let why): why
        }
    }
}

/// What a look for one certain effect showed.
public enum ProbeFinding: Hashable, Sendable {
    /// It has happened; the result is what is known of it.
    case happened(ToolResult)
    /// It is not there, now.
    case absent
    /// The look cannot tell.
    case unknown(String)
}
