// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Keeps the append-only, hash-chained records of runs.
///
/// A store keeps bytes; what the events mean is not its business. Every store passes the same conformance suite.
public protocol LedgerStore: Sendable {
    /// Appends events to a run, with the artefacts that they refer to, if its record still ends where the caller read.
    ///
    /// Either all of it is stored or nothing is, and on return it is as durable as was asked for. A task that
    /// is cancelled while it waits is not told so: the append is carried out, because its fate would be unknown
    /// otherwise.
    ///
    /// - Parameters:
    ///   - events: The events, in order. With none, the artefacts and the row are stored under the same condition.
    ///   - artefacts: The artefacts; one that is stored already is left as it is.
    ///   - run: The run. A run begins with its first append.
    ///   - head: The head that the caller read, or ``Head/init(emptyRun:)``.
    ///   - row: What lists are to show from now on, or `nil` to leave that as it is.
    ///   - durability: When the call may return. A relaxed append that fails later makes every later append to that run
    ///     fail with `.conflict` until the record is read again.
    /// - Returns: The entries that were made of the events.
    /// - Throws: ``LedgerError`` with `.conflict` when the head has moved (read again, decide again), `.invalid` when
    ///   the input breaks a bound of ``LedgerBounds`` (never retry), `.busy` (retry later), `.full` and `.unavailable`
    ///   (mend the store; then read again).
    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry]

    /// Reads where a run's record ends.
    ///
    /// - Returns: The head; that of an empty run for a run that nobody has begun.
    /// - Throws: ``LedgerError`` with `.corrupt` when the stored head cannot be one, or as reading does.
    func head(of run: RunID) async throws -> Head

    /// Reads entries in order, as they are stored; their hashes are for the caller to check.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - sequence: The first place to read.
    ///   - limit: The most entries to return. Fewer are returned only at the end of the record.
    /// - Returns: The entries; none for a run that nobody has begun.
    /// - Throws: ``LedgerError`` with `.corrupt` when a stored field cannot be read, `.busy` or `.unavailable` when the
    ///   store cannot be read now.
    func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry]

    /// Reads an artefact and checks it against its digest.
    ///
    /// - Returns: The bytes, or `nil` when there is no such artefact.
    /// - Throws: ``LedgerError`` with `.corrupt` when the stored bytes have another digest, or as reading does.
    func artefact(_ digest: Digest) async throws -> [UInt8]?

    /// Reads the rows of all runs that have one, in the order of ``RunRow/precedes(_:)``: newest first.
    ///
    /// - Throws: ``LedgerError`` with `.busy` or `.unavailable` when the store cannot be read now.
    func runs() async throws -> [RunRow]

    /// Reads the rows of certain runs, in any order; a run without one is left out.
    ///
    /// - Throws: as ``runs()`` does.
    func rows(of runs: [RunID]) async throws -> [RunRow]

    /// Reads the snapshot that is kept of a run.
    ///
    /// - Returns: The snapshot, or `nil` when there is none; the caller compares its head with the record.
    /// - Throws: ``LedgerError`` with `.busy` or `.unavailable` when the store cannot be read now.
    func snapshot(of run: RunID) async throws -> Snapshot?

    /// Keeps a snapshot of a run in the place of an earlier one; it need not be durable.
    ///
    /// - Throws: ``LedgerError`` as appending does; the caller may go on without.
    func keep(_ snapshot: Snapshot, of run: RunID) async throws
}

extension LedgerStore {
    /// Reads the rows of certain runs by reading those of all; a store that can do better does.
    public func rows(of runs: [RunID]) async throws -> [RunRow] {
        let wanted = Set(runs)
        return try await self.runs().filter { wanted.contains($0.run) }
    }

    /// Appends events with full durability; see ``append(_:artefacts:to:after:row:durability:)``.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?
    ) async throws -> [Entry] {
        try await append(events, artefacts: artefacts, to: run, after: head, row: row, durability: .full)
    }
}
