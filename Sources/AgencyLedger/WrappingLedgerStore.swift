// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A store that stands before another and hands on whatever it does not do in its own way.
public protocol WrappingLedgerStore: LedgerStore {
    /// The store that keeps everything.
    var store: any LedgerStore { get }
}

extension WrappingLedgerStore {
    /// Appends what is handed on.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
    }

    /// Reads where a run's record ends.
    public func head(of run: RunID) async throws -> Head { try await store.head(of: run) }

    /// Reads entries in order.
    public func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
        try await store.entries(of: run, from: sequence, limit: limit)
    }

    /// Reads an artefact.
    public func artefact(_ digest: Digest) async throws -> [UInt8]? { try await store.artefact(digest) }

    /// Reads the rows of all runs.
    public func runs() async throws -> [RunRow] { try await store.runs() }

    /// Reads the rows of certain runs.
    public func rows(of runs: [RunID]) async throws -> [RunRow] { try await store.rows(of: runs) }

    /// Reads the snapshot that is kept of a run.
    public func snapshot(of run: RunID) async throws -> Snapshot? { try await store.snapshot(of: run) }

    /// Keeps a snapshot.
    public func keep(_ snapshot: Snapshot, of run: RunID) async throws { try await store.keep(snapshot, of: run) }
}
