// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// One event of a `text/event-stream`.
public struct SSEEvent: Hashable, Sendable {
    /// Its type; `message` unless the stream says otherwise.
    public var event: String
    /// Its data, lines joined by line feeds.
    public var data: String
    /// The last identifier that the stream gave, or an empty string.
    public var id: String

    /// Makes an event.
    public init(event: String = "message", data: String, id: String = "") {
        self.event = event
        self.data = data
        self.id = id
    }
}
