// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

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
}
