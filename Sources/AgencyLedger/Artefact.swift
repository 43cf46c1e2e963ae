// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Bytes that are too large or too often repeated for an event, stored once under their digest.
public struct Artefact: Sendable, Hashable {
    /// The SHA-256 digest of the bytes.
    public let digest: Digest
    /// The bytes.
    public let bytes: [UInt8]

    /// Makes an artefact and computes its digest.
    public init(_ bytes: [UInt8]) {
        digest = Digest(of: bytes)
        self.bytes = bytes
    }

    /// What an event refers to it by.
    public var reference: ArtefactReference { ArtefactReference(digest) }
}
