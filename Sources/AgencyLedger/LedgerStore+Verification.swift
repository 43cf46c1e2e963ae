// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension LedgerStore {
    /// Verifies a run's record: every link of the chain, and that every artefact it refers to is there and unchanged.
    ///
    /// It detects any change to an event or to the order of events, and, with a head that was kept outside, a record
    /// that was cut or rewritten before that head. It cannot tell whether what was recorded was true.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - head: A head that was kept outside the store, which the record has to pass through.
    ///   - checkpoints: Verified checkpoints that were kept outside the store, which the record has to pass through; `nil`
    ///     spares the work of computing the tree.
    ///   - redacted: Artefacts that are known to have been taken out; their absence is no fault.
    ///   - pageSize: How many entries to hold in memory at a time.
    /// - Returns: What was checked and what is wrong.
    /// - Throws: ``LedgerError`` with `.notFound` when the run has no entries and no outside head says that it should,
    ///   `.busy` or `.unavailable` when the store cannot be read now.
    public func verify(
        run: RunID,
        against head: Head? = nil,
        checkpoints: [Checkpoint]? = nil,
        redacted: Set<Digest> = [],
        pageSize: Int = 512
    ) async throws -> Verification {
        var check = ChainCheck(run: run, against: head)
        var tree = checkpoints.map { CheckpointCheck(run: run, against: $0) }
        var missing = 0
        var artefacts: Set<Digest> = []
        do {
            var page = try await entries(of: run, from: 0, limit: max(1, pageSize))
            var next = 0
            while true {
                // The walk goes by the stored numbers, which may be wrong; it must move on all the same, or end.
                let place = page.last.flatMap { $0.sequence >= next && $0.sequence < .max ? $0.sequence + 1 : nil }
                // The next page is read while this one is checked.
                async let following = entries(of: run, fromKnown: place, limit: max(1, pageSize))
                for entry in page {
                    check.visit(entry)
                    tree?.visit(entry.hash)
                    for reference in ArtefactReference.all(inEvent: entry.bytes)
                    where artefacts.insert(reference.digest).inserted {
                        let isKnown = redacted.contains(reference.digest)
                        let isHere = try await checkArtefact(reference.digest, of: check.count - 1, isKnown, in: &check)
                        if !isHere, isKnown { missing += 1 }
                    }
                }
                let more = try await following
                guard let place else { break }
                (next, page) = (place, more)
            }
            check.finish()
            tree?.finish()
        } catch let error as LedgerError where error.code == .corrupt {
            check.record(error.sequence ?? check.count, .unreadable, error.message)
        }
        for fault in tree?.faults ?? [] { check.record(fault.sequence, fault.kind, fault.message) }
        if check.count == 0, head == nil, check.faults.isEmpty {
            throw LedgerError(.notFound, "run \(run) has no entries; check the name against the list of runs", run: run)
        }
        return Verification(
            run: run,
            entriesChecked: check.count,
            artefactsChecked: artefacts.count - missing,
            faults: check.faults,
            head: check.head,
            artefactsRedacted: missing,
            root: tree?.frontier.root,
            checkpoint: tree?.passed
        )
    }

    /// Reads a run's record from the beginning and checks every link before handing the entry on.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - pageSize: How many entries to hold in memory at a time.
    ///   - end: The place before which to stop.
    ///   - visit: Takes each entry in order; what it throws ends the walk.
    /// - Returns: The head after the last entry: what to append after.
    /// - Throws: ``LedgerError`` with `.corrupt` that names the first bad event (never retry; verify and restore), or
    ///   what ``entries(of:from:limit:)`` and `visit` throw.
    public func replay(
        _ run: RunID,
        pageSize: Int = 128,
        upTo end: Int = .max,
        visit: (Entry) throws -> Void
    ) async throws -> Head {
        var check = ChainCheck(run: run)
        var page: [Entry] = []
        repeat {
            page = try await entries(of: run, from: check.count, limit: min(max(1, pageSize), end - check.count))
            for entry in page {
                check.visit(entry)
                try check.requireSound()
                try visit(entry)
            }
        } while !page.isEmpty && check.count < end
        return check.head
    }

    private func entries(of run: RunID, fromKnown place: Int?, limit: Int) async throws -> [Entry] {
        guard let place else { return [] }
        return try await entries(of: run, from: place, limit: limit)
    }

    /// Whether the artefact is there, be it changed.
    private func checkArtefact(
        _ digest: Digest,
        of sequence: Int,
        _ isRedacted: Bool,
        in check: inout ChainCheck
    ) async throws -> Bool {
        do {
            if try await artefact(digest) != nil { return true }
            if !isRedacted {
                check.record(sequence, .artefactMissing, "refers to artefact \(digest.hex), which is not stored")
            }
            return false
        } catch let error as LedgerError where error.code == .corrupt {
            check.record(sequence, .artefactCorrupt, "refers to artefact \(digest.hex), whose bytes have changed")
            return true
        }
    }
}
