// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension LedgerStore {
    /// Copies a run's record, its artefacts and its row into another store, and verifies the copy.
    ///
    /// May be called again at any time: what is there already is kept and not copied again. The record here is only
    /// read. The row comes last, so that nobody works on a run of which only a part has arrived. Every event is checked
    /// before it is passed on, and has the same hash there as here.
    ///
    /// - Parameters:
    ///   - row: The row of the run.
    ///   - target: Where it is copied to.
    ///   - redacted: Artefacts that are known to have been taken out; their absence is no fault.
    /// - Returns: What the verification of the copy found; it is sound, and its head is the one here.
    /// - Throws: ``LedgerError`` with `.conflict` when the target has another record under that name (copy elsewhere),
    ///   `.busy` when the run went on here meanwhile (see that nobody works on it, and copy again), `.corrupt` when the
    ///   record here or the copy does not verify, or as reading and appending do.
    public func copy(
        _ row: RunRow,
        to target: any LedgerStore,
        redacted: Set<Digest> = []
    ) async throws -> Verification {
        try await copy(row.run, row: row, to: target, redacted: redacted)
    }

    /// Copies a record that no list shows, as ``copy(_:to:redacted:)`` copies that of a run.
    public func copy(unlisted run: RunID, to target: any LedgerStore) async throws -> Verification {
        try await copy(run, row: nil, to: target, redacted: [])
    }

    private func copy(
        _ run: RunID,
        row: RunRow?,
        to target: any LedgerStore,
        redacted: Set<Digest>
    ) async throws -> Verification {
        let copied = try await target.head(of: run)
        let own = try await head(of: run)
        guard copied.sequence <= own.sequence, try await holds(copied, of: run) else {
            throw LedgerError(
                .conflict,
                "there is another record under the name \(run) where it is to be copied to; name another ledger",
                run: run,
                sequence: copied.sequence
            )
        }
        var load = CopyLoad(head: copied, redacted: redacted)
        var check = ChainCheck(run: run)
        var page: [Entry] = []
        repeat {
            page = try await entries(of: run, from: check.count, limit: 128)
            for entry in page { check.visit(entry) }
            try check.requireSound()
            try await load.deliver(page.filter { $0.sequence > copied.sequence }, of: run, from: self, to: target)
        } while !page.isEmpty
        let end = check.head
        let report = try await target.verify(run: run, against: end, redacted: redacted)
        guard report.isSound, report.head == end else {
            throw LedgerError(
                .corrupt,
                "the copy of run \(run) does not verify\(report.faults.first.map { ": \($0)" } ?? ""); "
                    + "keep this one and check the other ledger",
                run: run
            )
        }
        // The row may be of an earlier moment too, and would have the run worked on there besides.
        guard try await head(of: run) == end else {
            throw LedgerError(
                .busy,
                "run \(run) went on while it was copied; see that nobody works on it, and copy it again",
                retry: .afterRereading,
                run: run
            )
        }
        _ = try await target.append([], artefacts: [], to: run, after: end, row: row)
        return report
    }

    /// Whether the record passes through a head.
    private func holds(_ head: Head, of run: RunID) async throws -> Bool {
        if head.isEmpty { return head == Head(emptyRun: run) }
        return try await entries(of: run, from: head.sequence, limit: 1).first.map(Head.init(_:)) == head
    }
}

/// Events on their way from one store to another.
private struct CopyLoad {
    /// The most bytes of one append, so that a large record passes through a small memory.
    private static let maximumBytes = 8 << 20

    var head: Head
    let redacted: Set<Digest>

    mutating func deliver(
        _ entries: [Entry],
        of run: RunID,
        from source: any LedgerStore,
        to target: any LedgerStore
    ) async throws {
        var events: [Entry] = []
        var artefacts: [Artefact] = []
        var bytes = 0
        for entry in entries {
            for reference in ArtefactReference.all(inEvent: entry.bytes) {
                let digest = reference.digest
                if artefacts.contains(where: { $0.digest == digest }) { continue }
                if try await target.artefact(digest) != nil { continue }
                guard let found = try await source.artefact(digest) else {
                    if redacted.contains(digest) { continue }
                    throw LedgerError(
                        .corrupt,
                        "event \(entry.sequence) of run \(run) refers to artefact \(digest.hex), which is not stored",
                        run: run,
                        sequence: entry.sequence
                    )
                }
                artefacts.append(Artefact(found))
                bytes += found.count
            }
            events.append(entry)
            bytes += entry.bytes.count
            if bytes >= Self.maximumBytes {
                try await send(events, artefacts, run, to: target)
                (events, artefacts, bytes) = ([], [], 0)
            }
        }
        if !events.isEmpty { try await send(events, artefacts, run, to: target) }
    }

    private mutating func send(
        _ events: [Entry],
        _ artefacts: [Artefact],
        _ run: RunID,
        to target: any LedgerStore
    ) async throws {
        let sent = try await target.append(
            events.map(\.bytes),
            artefacts: artefacts,
            to: run,
            after: head,
            row: nil
        )
        guard sent.map(\.hash) == events.map(\.hash) else {
            throw LedgerError(.corrupt, "events of run \(run) have other hashes where they are copied to", run: run)
        }
        head = sent.last.map(Head.init(_:)) ?? head
    }
}
