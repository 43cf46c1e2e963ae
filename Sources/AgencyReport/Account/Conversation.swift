// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A conversation of an episode as it was stored, read without trust in its shape.
struct Conversation: Hashable, Sendable {
    /// One entry of it.
    enum Entry: Hashable, Sendable {
        /// The messages of the prompt, which are kept under this digest.
        case prompt(Digest)
        case system(String)
        /// What the performer was given: texts, and in words what is no text.
        case given([String])
        /// What the performer answered.
        case said(String, calls: [ToolCall])
        /// What a tool showed; the original where something was taken out of it.
        case shown(call: String, output: String, original: String?, isError: Bool)
        /// What this version does not know, as it stands.
        case other(JSONValue)
    }

    /// The entries, in order.
    let entries: [Entry]

    /// Reads the bytes of a prompt or of a transcript.
    ///
    /// - Throws: `JSONError` when they are not JSON.
    init(stored bytes: [UInt8]) throws {
        let json = try JSONValue(parsing: bytes)
        entries = (json.array ?? json["messages"]?.array ?? []).map(Self.entry)
    }

    private static func entry(_ json: JSONValue) -> Entry {
        switch json["role"]?.string {
        case "system": return .system(json["text"]?.string ?? "")
        case "user":
            return .given(
                (json["parts"]?.array ?? []).map { part in
                    part["text"]?.string ?? "[image, \(part["media-type"]?.string ?? "of no known type")]"
                }
            )
        case "performer":
            let calls = (json["calls"]?.array ?? []).map { call in
                ToolCall(
                    id: call["id"]?.string ?? "",
                    tool: ToolName(call["tool"]?.string ?? "?"),
                    arguments: call["arguments"] ?? .null
                )
            }
            return .said(json["text"]?.string ?? "", calls: calls)
        case "tool":
            return .shown(
                call: json["call"]?.string ?? "",
                output: json["output"]?.string ?? "",
                original: json["original"]?.string,
                isError: json["error"]?.bool ?? false
            )
        case "prompt": return ArtefactReference(promptEntry: json).map { .prompt($0.digest) } ?? .other(json)
        default: return .other(json)
        }
    }

    /// What stands in what the performer was given first, apart: inputs and the words around them.
    var pieces: [StoredInput.Piece] {
        for case .given(let texts) in entries { return texts.flatMap(StoredInput.pieces) }
        return []
    }

    /// The instructions.
    var system: String? {
        for case .system(let text) in entries { return text }
        return nil
    }

    /// What came after what it began with.
    func after(_ beginning: Conversation?) -> ArraySlice<Entry> {
        if case .prompt? = entries.first { return entries.dropFirst() }
        guard let beginning, entries.starts(with: beginning.entries) else { return entries[...] }
        return entries.dropFirst(beginning.entries.count)
    }

    /// The last answer, which is the output where one was given.
    var answer: String? {
        for case .said(let text, calls: let calls) in entries.reversed() { return calls.isEmpty ? text : nil }
        return nil
    }
}
