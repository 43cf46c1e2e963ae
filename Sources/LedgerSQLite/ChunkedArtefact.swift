// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// An artefact on its way to the disk, cut and hashed by the caller so that the thread that writes need not.
struct ChunkedArtefact: Sendable {
    struct Chunk: Sendable {
        let digest: Digest
        let range: Range<Int>
    }

    let digest: Digest
    let bytes: [UInt8]
    /// `nil` for one that is stored whole.
    let chunks: [Chunk]?

    init(_ artefact: Artefact) {
        digest = artefact.digest
        bytes = artefact.bytes
        guard bytes.count >= Chunking.threshold else {
            chunks = nil
            return
        }
        chunks = artefact.bytes.withUnsafeBytes { bytes in
            var start = 0
            return Chunking.ends(in: bytes).map { end in
                defer { start = end }
                return Chunk(
                    digest: Digest(of: UnsafeRawBufferPointer(rebasing: bytes[start..<end])),
                    range: start..<end
                )
            }
        }
    }
}
