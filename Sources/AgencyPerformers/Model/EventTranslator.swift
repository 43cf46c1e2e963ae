// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Puts an answer together from the events of a stream: a state machine without any input or output of its own.
///
/// Nothing is handed out before the protocol's own sign of the end has come, so a stream that is cut anywhere before it is
/// never taken for an answer.
protocol EventTranslator: Sendable {
    /// Whether the protocol's sign of the end has come.
    var isComplete: Bool { get }
    /// Events that were ignored because their type is not known.
    var ignoredEvents: Int { get }
    /// What has come so far; for the estimate of what was consumed, never as an answer.
    var answer: AssembledAnswer { get }

    /// Takes the next event.
    ///
    /// - Throws: ``PerformerError`` with `.protocolViolation`, or with the class of an error that the event tells of.
    mutating func take(_ event: SSEEvent) throws(PerformerError)

    /// Takes an answer that came whole, as JSON, in place of a stream.
    ///
    /// - Throws: ``PerformerError`` as ``take(_:)`` does.
    mutating func take(whole: JSONValue) throws(PerformerError)
}

extension EventTranslator {
    /// Parses the data of an event.
    func json(_ event: SSEEvent) throws(PerformerError) -> JSONValue {
        do {
            return try JSONValue(parsing: event.data)
        } catch {
            throw PerformerError(
                .protocolViolation,
                "an event's data is not JSON: \(error.description.boundedLine(120))"
            )
        }
    }
}

/// What two words at one place of a protocol mean: the first stands, the same again is nothing new, another is a fault.
extension Optional where Wrapped: Equatable {
    mutating func settle(_ value: Wrapped, _ what: String) throws(PerformerError) {
        guard self == nil || self == value else {
            throw PerformerError(.protocolViolation, "\(what) is told twice and differently")
        }
        self = value
    }
}
