// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// An event with its place and time.
public struct RecordedEvent: Hashable, Sendable {
    /// The version of the stored form that this program writes.
    public static let version: Int64 = 1

    /// Its position in the run, counted from 0.
    public var sequence: Int
    /// When it was recorded, in milliseconds since 1970 UTC.
    public var atMilliseconds: Int64
    /// What happened.
    public var event: Event
    /// The version of the stored form that it was read in.
    public let version: Int64

    /// Makes an event with its place and time.
    public init(sequence: Int, atMilliseconds: Int64, event: Event) {
        self.sequence = sequence
        self.atMilliseconds = atMilliseconds
        self.event = event
        version = Self.version
    }

    /// Returns the bytes that are stored, and over which the chain is taken.
    ///
    /// - Throws: what the encoding of the event's body throws.
    public func storedBytes() throws -> [UInt8] {
        let json: JSONValue = [
            "v": .integer(version), "type": .string(event.type), "at": .integer(atMilliseconds),
            "body": try event.body(),
        ]
        return json.canonicalBytes
    }

    /// Reads stored bytes.
    ///
    /// - Throws: `JSONError` or `DecodingError` when the bytes are not an event; an unknown type or a newer version is not
    ///   an error but an ``Event/unrecognized(type:body:)``.
    public init(sequence: Int, storedBytes: [UInt8]) throws {
        let json = try JSONValue(parsing: storedBytes)
        self.sequence = sequence
        atMilliseconds = json["at"]?.integer ?? 0
        let type = json["type"]?.string ?? ""
        let body = json["body"] ?? .null
        version = json["v"]?.integer ?? 0
        let isKnown = version == Self.version
        event = isKnown ? try Event(type: type, body: body) : .unrecognized(type: type, body: body)
    }
}
