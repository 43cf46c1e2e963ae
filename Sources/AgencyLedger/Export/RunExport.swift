// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Writes one run as a file that anyone can verify without the ledger.
///
/// The run is read twice, the first time to verify it and to find the root that the first line names. Memory is taken by
/// one page of events, one artefact, and 32 bytes for each artefact of the run.
public struct RunExport: Sendable {
    private let store: any LedgerStore
    private let run: RunID
    private let redaction: Redaction
    private let missing: [Digest: Int]
    private let checkpoint: SignedNote?

    /// Prepares an export.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - store: Where it is kept.
    ///   - redaction: What is taken out.
    ///   - missing: Artefacts that were taken out before they came here, with their lengths.
    ///   - checkpoint: A signed checkpoint of the run, which goes along.
    public init(
        of run: RunID,
        from store: any LedgerStore,
        redaction: Redaction = .none,
        missing: [Digest: Int] = [:],
        checkpoint: SignedNote? = nil
    ) {
        self.store = store
        self.run = run
        self.redaction = redaction
        self.missing = missing
        self.checkpoint = checkpoint
    }

    /// Writes the run.
    ///
    /// - Parameter write: Takes the bytes, in order.
    /// - Returns: What the file holds.
    /// - Throws: ``LedgerError`` with `.notFound` for a run without events, `.corrupt` for one that does not verify, or as
    ///   reading does; ``ProofError`` with `.unusable` for an event to take out that is not there; what `write` throws.
    @discardableResult
    public func write(_ write: ([UInt8]) throws -> Void) async throws -> ExportSummary {
        let (header, redacted) = try await survey()
        if let stranger = redaction.events.filter({ !(0..<header.events).contains($0) }).min() {
            throw ProofError(.unusable, "there is no event \(stranger) to take out; the run has \(header.events)")
        }
        let digest = RunningDigest()
        func put(_ line: ExportLine) throws {
            let bytes = line.bytes + [0x0A]
            digest.update(bytes)
            try write(bytes)
        }
        func put(pieces bytes: [UInt8]) throws {
            guard case .pieces(let count, _) = ExportContent(bytes) else { return }
            for number in 0..<count {
                let start = number * ExportContent.pieceBytes
                let end = min(bytes.count, start + ExportContent.pieceBytes)
                try put(.piece(number, Array(bytes[start..<end])))
            }
        }
        try put(.header(header))
        var written: Set<Digest> = []
        var taken = 0
        var next = 0
        while next < header.events {
            let page = try await store.entries(of: run, from: next, limit: min(128, header.events - next))
            guard !page.isEmpty else { throw moved(next) }
            for entry in page {
                guard entry.sequence == next else { throw moved(next) }
                next += 1
                let isOut = redaction.events.contains(entry.sequence)
                for reference in isOut ? [] : ArtefactReference.all(inEvent: entry.bytes)
                where written.insert(reference.digest).inserted {
                    let bytes = try await artefact(reference.digest, of: entry.sequence)
                    if let bytes, !redacted.contains(reference.digest) {
                        try put(.artefact(reference.digest, ExportContent(bytes)))
                        try put(pieces: bytes)
                    } else {
                        let length = bytes?.count ?? missing[reference.digest] ?? 0
                        try put(.artefact(reference.digest, .redacted(length: length, digest: reference.digest)))
                        taken += 1
                    }
                }
                let content: ExportContent =
                    isOut
                    ? .redacted(length: entry.bytes.count, digest: Digest(of: entry.bytes)) : ExportContent(entry.bytes)
                try put(.event(entry.sequence, hash: entry.hash, content))
                if !isOut { try put(pieces: entry.bytes) }
            }
        }
        let end = ExportEnd(
            artefacts: written.count - taken,
            redactedArtefacts: taken,
            redactedEvents: redaction.events.count,
            digest: digest.finish()
        )
        try write(ExportLine.end(end).bytes + [0x0A])
        return ExportSummary(
            header: header,
            artefacts: end.artefacts,
            redactedArtefacts: taken,
            redactedEvents: end.redactedEvents,
            checkpoint: nil,
            faults: []
        )
    }

    /// Verifies the chain, and finds what the first line says and which artefacts are taken out.
    private func survey() async throws -> (ExportHeader, Set<Digest>) {
        var tree = MerkleFrontier()
        var log: Digest?
        var redacted: Set<Digest> = []
        let head = try await store.replay(run) { entry in
            tree.append(leaf: MerkleHash.leaf(entry.hash))
            log = log ?? entry.hash
            guard !redaction.members.isEmpty, !redaction.events.contains(entry.sequence) else { return }
            for reference in ArtefactReference.all(inEvent: entry.bytes, members: redaction.members) {
                redacted.insert(reference.digest)
            }
        }
        guard let log else { throw LedgerError(.notFound, "run \(run) has no events to export", run: run) }
        let header = ExportHeader(
            run: run,
            events: tree.size,
            log: log,
            head: head.hash,
            root: tree.root,
            checkpoint: checkpoint
        )
        return (header, redacted)
    }

    private func artefact(_ digest: Digest, of sequence: Int) async throws -> [UInt8]? {
        if let bytes = try await store.artefact(digest) { return bytes }
        guard missing[digest] != nil else {
            throw LedgerError(
                .corrupt,
                "event \(sequence) of run \(run) refers to artefact \(digest.short), which is not stored; restore the "
                    + "ledger from a copy that verifies",
                run: run,
                sequence: sequence
            )
        }
        return nil
    }

    private func moved(_ place: Int) -> LedgerError {
        LedgerError(
            .corrupt,
            "event \(place) of run \(run) was there a moment ago; run agency verify \(run)",
            run: run,
            sequence: place
        )
    }
}
