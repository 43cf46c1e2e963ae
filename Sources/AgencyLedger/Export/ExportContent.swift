// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// The bytes of an event or an artefact as they stand in an exported run.
enum ExportContent: Sendable, Hashable {
    /// All of them, in the same line.
    case whole([UInt8])
    /// In so many lines that follow.
    case pieces(Int, length: Int)
    /// Taken out; only the length and the digest are left.
    case redacted(length: Int, digest: Digest)

    /// The most bytes that stand in the line itself.
    static let maximumInline = 256 << 10
    /// How many bytes a piece has; the last may have fewer.
    static let pieceBytes = 768 << 10

    init(_ bytes: [UInt8]) {
        self = bytes.count <= Self.maximumInline ? .whole(bytes) : .pieces(Self.count(bytes.count), length: bytes.count)
    }

    static func count(_ length: Int) -> Int { (length + pieceBytes - 1) / pieceBytes }

    /// Reads what the members of a line say; nothing unless they say it as ``put(in:)`` does.
    ///
    /// - Parameters:
    ///   - json: The line.
    ///   - digest: The digest of what was taken out.
    init?(_ json: JSONValue, digest: Digest?) {
        guard let length = json["length"]?.count else { return nil }
        if json["redacted"] == .bool(true) {
            guard let digest else { return nil }
            self = .redacted(length: length, digest: digest)
        } else if let pieces = json["pieces"]?.count {
            guard length > Self.maximumInline, pieces == Self.count(length) else { return nil }
            self = .pieces(pieces, length: length)
        } else {
            let text = json["text"]?.string.map { Array($0.utf8) }
            let bytes = text ?? json["base64"]?.string.flatMap { Base64.bytes($0) }
            guard let bytes, bytes.count == length, length <= Self.maximumInline else { return nil }
            self = .whole(bytes)
        }
    }

    /// Puts the members that say it into a line.
    func put(in object: inout JSONObject) {
        switch self {
        case .whole(let bytes):
            object["length"] = .integer(Int64(bytes.count))
            if let text = String(validating: bytes, as: UTF8.self) {
                object["text"] = .string(text)
            } else {
                object["base64"] = .string(Base64.text(bytes))
            }
        case .pieces(let count, let length):
            object["length"] = .integer(Int64(length))
            object["pieces"] = .integer(Int64(count))
        case .redacted(let length, let digest):
            object["length"] = .integer(Int64(length))
            object["digest"] = .string(digest.hex)
            object["redacted"] = .bool(true)
        }
    }
}
