// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
public import AgencyCore
public import AgencyLedger

extension PostgresLedgerStore {
    /// Reads where a run's record ends.
    public func head(of run: RunID) async throws -> Head {
        guard !run.rawValue.utf8.contains(0) else { return Head(emptyRun: run) }
        var parameters = PostgresParameters()
        parameters.add(run.rawValue)
        guard let row = try await read(.head, parameters).first else { return Head(emptyRun: run) }
        guard let sequence = row.number(0), let hash = row.digest(1) else { throw unreadable(run, row.number(0)) }
        return Head(sequence: Int(sequence), hash: hash)
    }

    /// Reads entries in order.
    public func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
        guard limit > 0, !run.rawValue.utf8.contains(0) else { return [] }
        var parameters = PostgresParameters()
        parameters.add(run.rawValue)
        parameters.add(max(0, sequence))
        parameters.add(limit)
        return try await read(.entries, parameters).map { row throws(LedgerError) in
            guard let sequence = row.number(0), let previous = row.digest(1), let hash = row.digest(2),
                let bytes = row.octets(3)
            else { throw unreadable(run, row.number(0)) }
            return Entry(run: run, sequence: Int(sequence), previous: previous, hash: hash, bytes: bytes)
        }
    }

    /// Reads an artefact and checks it against its digest.
    public func artefact(_ digest: Digest) async throws -> [UInt8]? {
        var parameters = PostgresParameters()
        parameters.add(octets: digest.octets)
        guard let bytes = try await read(.artefact, parameters).first?.octets(0) else { return nil }
        guard Digest(of: bytes) == digest else { throw LedgerError.corrupt(artefact: digest) }
        return bytes
    }

    /// Reads the rows of all runs, newest first.
    public func runs() async throws -> [RunRow] { Self.rows(try await read(.runs)) }

    /// Reads the rows of certain runs.
    public func rows(of runs: [RunID]) async throws -> [RunRow] {
        var parameters = PostgresParameters()
        parameters.add(runs.map(\.rawValue).filter { !$0.utf8.contains(0) })
        return Self.rows(try await read(.rows, parameters))
    }

    /// A row that cannot be read is left out of the list: it is a projection, and the entries are still there.
    private static func rows(_ found: PostgresRows) -> [RunRow] {
        found.map { row -> RunRow? in
            guard let run = row.text(0), let title = row.text(1), let architecture = row.text(2),
                let status = row.text(3), let updated = row.number(4), let started = row.number(5),
                let events = row.number(6), let isDue = row.flag(7)
            else { return nil }
            return RunRow(
                run: RunID(run),
                title: title,
                architecture: architecture,
                status: status,
                updatedAtMilliseconds: updated,
                startedAtMilliseconds: started,
                events: Int(events),
                isDue: isDue
            )
        }.compactMap { $0 }
    }

    /// Reads the snapshot that is kept of a run.
    public func snapshot(of run: RunID) async throws -> Snapshot? {
        guard !run.rawValue.utf8.contains(0) else { return nil }
        var parameters = PostgresParameters()
        parameters.add(run.rawValue)
        guard let row = try await read(.snapshot, parameters).first, let sequence = row.number(0),
            let hash = row.digest(1), let form = row.text(2), let bytes = row.octets(3)
        else { return nil }
        return Snapshot(head: Head(sequence: Int(sequence), hash: hash), form: form, bytes: bytes)
    }

    /// Keeps a snapshot in the place of an earlier one, without waiting for the disk.
    public func keep(_ snapshot: Snapshot, of run: RunID) async throws {
        try LedgerBounds.check([], artefacts: [], run: run, row: nil)
        var parameters = PostgresParameters()
        parameters.add(run.rawValue)
        parameters.add(snapshot.head.sequence)
        parameters.add(octets: snapshot.head.hash.octets)
        parameters.add(snapshot.form)
        parameters.add(octets: snapshot.bytes)
        _ = try await read(.keep, parameters)
    }

    private func unreadable(_ run: RunID, _ sequence: Int64?) -> LedgerError {
        LedgerError(
            .corrupt,
            "event \(sequence.map(String.init) ?? "?") of run \(run) has fields that no ledger writes; "
                + "restore the ledger from a copy that verifies",
            run: run,
            sequence: sequence.map(Int.init)
        )
    }
}
#endif
