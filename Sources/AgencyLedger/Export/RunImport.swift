// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Takes an exported run into a ledger: all of it, or nothing that anyone is shown.
///
/// The file is verified from its first line to its last before anything is stored. Then the events are appended in
/// batches, and the run is listed with the last of them: an import that is cut off leaves nothing to be seen, and the same
/// import goes on where that one ended. An event is only ever appended under the hash that it has in the file.
public struct RunImport: Sendable {
    private let store: any LedgerStore
    private let open: @Sendable () throws -> ExportLines
    private let batchEvents: Int
    private let batchBytes: Int

    /// What a file was found to hold, and what of it is here.
    public struct Finding: Sendable {
        /// What the file holds.
        public let summary: ExportSummary
        /// The artefacts that were taken out, with the lengths that they are said to have had.
        public let redacted: [Digest: Int]
        /// The record that is here already, which the file goes on from.
        let head: Head
        /// Whether the record that is here has more events than the file.
        let beyond: Int
    }

    /// Prepares an import.
    ///
    /// - Parameters:
    ///   - store: Where the run is to be kept.
    ///   - batchEvents: The most events that are appended at once.
    ///   - batchBytes: How many bytes are gathered before they are appended.
    ///   - open: Opens the file at its beginning; it is read more than once.
    public init(
        into store: any LedgerStore,
        batchEvents: Int = 512,
        batchBytes: Int = 8 << 20,
        open: @escaping @Sendable () throws -> ExportLines
    ) {
        self.store = store
        self.open = open
        self.batchEvents = max(1, batchEvents)
        self.batchBytes = batchBytes
    }

    /// Verifies a file and compares it with what is here; nothing is stored.
    ///
    /// - Parameters:
    ///   - checkpoints: Verified checkpoints that were kept elsewhere.
    ///   - keys: The keys that the verifier holds.
    ///   - inspect: Is shown every event in order; what it throws refuses the file.
    /// - Returns: What was found, for ``carryOut(_:row:filling:)``.
    /// - Throws: ``ProofError``: what is wrong with the file, by its line; `.mismatch` when it contradicts a checkpoint;
    ///   `.unusable` when events were taken out; `.conflict` when the run is here already and is not the same. What the
    ///   store throws.
    public func examine(
        against checkpoints: [Checkpoint] = [],
        keys: [VerifierKey] = [],
        inspect: (Entry) throws -> Void = { _ in }
    ) async throws -> Finding {
        let check = ExportCheck(against: checkpoints, keys: keys)
        let lines = try open()
        var head: Head?
        var redacted: [Digest: Int] = [:]
        var isSame = true
        var last: (place: Int, hash: Digest)?
        var summary: ExportSummary?
        while let line = try lines.next() {
            switch try check.take(line) {
            case .header(let header)?: head = try await store.head(of: header.run)
            case .redactedArtefact(let digest, let length)?: redacted[digest] = length
            case .event(let entry)?:
                last = (entry.sequence, entry.hash)
                if entry.sequence == head?.sequence { isSame = entry.hash == head?.hash }
                try inspect(entry)
            case .end(let found)?: summary = found
            case .artefact?, .redactedEvent?, nil: break
            }
        }
        try check.finish()
        guard let summary, let head else { throw ProofError(.cut, "the file is empty", line: 1) }
        if let fault = summary.faults.first { throw ProofError(.mismatch, "the file does not verify: \(fault)") }
        guard summary.redactedEvents == 0 else {
            throw ProofError(
                .unusable,
                "the file verifies, but \(summary.redactedEvents) of its events were taken out; a run is carried on from "
                    + "its events, so it cannot be imported: ask for an export with all of them"
            )
        }
        let beyond = head.sequence + 1 - summary.header.events
        if beyond > 0, let last {
            isSame =
                try await store.entries(of: summary.header.run, from: last.place, limit: 1).first?.hash == last.hash
        }
        guard isSame else { throw try await conflict(summary.header) }
        return Finding(summary: summary, redacted: redacted, head: head, beyond: max(0, beyond))
    }

    /// Stores what is not here yet.
    ///
    /// - Parameters:
    ///   - finding: What ``examine(against:keys:inspect:)`` found.
    ///   - row: What lists are to show of the run when all of it is here.
    ///   - absent: Artefacts of events that are here already and that are not here themselves; those that the file has are
    ///     stored.
    /// - Returns: What was done.
    /// - Throws: ``LedgerError`` as appending does (import the file again to go on); ``ProofError`` with `.conflict` when
    ///   the file or the run has changed meanwhile.
    public func carryOut(
        _ finding: Finding,
        row: RunRow,
        filling absent: Set<Digest> = []
    ) async throws -> ImportOutcome {
        let header = finding.summary.header
        let run = header.run
        let isListed = try await store.runs().contains { $0.run == run }
        if finding.beyond > 0 {
            guard isListed else {
                throw ProofError(
                    .conflict,
                    "a longer export of run \(run) was imported in part; import that one again, so that it is whole"
                )
            }
            return .alreadyHere(beyond: finding.beyond)
        }
        let check = ExportCheck()
        let lines = try open()
        var head = finding.head
        var events: [Entry] = []
        var artefacts: [Artefact] = []
        var size = 0
        while let line = try lines.next() {
            switch try check.take(line) {
            case .header(let found)?: guard found == header else { throw changed(run) }
            case .artefact(let artefact)?:
                artefacts.append(artefact)
                size += artefact.bytes.count
            case .event(let entry)?:
                guard entry.sequence > finding.head.sequence else {
                    let wanted = artefacts.filter { absent.contains($0.digest) }
                    artefacts = []
                    size = 0
                    if !wanted.isEmpty {
                        _ = try await store.append([], artefacts: wanted, to: run, after: head, row: nil)
                    }
                    continue
                }
                events.append(entry)
                size += entry.bytes.count
                // The last batch waits for the end of the file, with which the run is listed.
                guard events.count >= batchEvents || size >= batchBytes, entry.sequence + 1 < header.events else {
                    continue
                }
                head = try await append(events, artefacts, to: run, after: head, row: nil)
                (events, artefacts, size) = ([], [], 0)
            case .redactedArtefact?, .redactedEvent?, .end?, nil: break
            }
        }
        try check.finish()
        guard !events.isEmpty || !isListed else { return .alreadyHere(beyond: 0) }
        head = try await append(events, artefacts, to: run, after: head, row: row)
        guard head.hash == header.head else { throw changed(run) }
        return finding.head.isEmpty || !isListed
            ? .imported(header.events) : .extended(head.sequence - finding.head.sequence)
    }

    private func append(
        _ events: [Entry],
        _ artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?
    ) async throws -> Head {
        // The file may have been replaced since it was examined: nothing is appended that does not follow.
        var expected = head.hash
        for entry in events {
            guard entry.previous == expected, entry.run == run else { throw changed(run) }
            expected = entry.hash
        }
        let stored = try await store.append(events.map(\.bytes), artefacts: artefacts, to: run, after: head, row: row)
        return stored.last.map(Head.init(_:)) ?? head
    }

    private func changed(_ run: RunID) -> ProofError {
        ProofError(.conflict, "the file has changed while it was imported; import run \(run) again")
    }

    /// Finds the first event that is not the same here.
    private func conflict(_ header: ExportHeader) async throws -> ProofError {
        let check = ExportCheck()
        let lines = try open()
        var page: ArraySlice<Entry> = []
        var place = 0
        while let line = try lines.next() {
            guard case .event(let entry)? = try check.take(line) else { continue }
            place = entry.sequence
            if page.isEmpty { page = try await store.entries(of: header.run, from: place, limit: 128)[...] }
            guard let here = page.popFirst(), here.hash == entry.hash else { break }
        }
        return ProofError(
            .conflict,
            "a run \(header.run) is here already, and event \(place) of it is not that of the file; nothing was imported"
        )
    }
}
