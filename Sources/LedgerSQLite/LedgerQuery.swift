// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Foundation
import GRDB

/// The reads of a ledger; they take nothing of what is stored for granted.
enum LedgerQuery {
    static func head(of run: RunID, in db: Database) throws -> Head {
        let statement = try db.cachedStatement(
            sql: "SELECT sequence, hash FROM events WHERE run = ? ORDER BY sequence DESC LIMIT 1"
        )
        guard let row = try Row.fetchOne(statement, arguments: [run.rawValue]) else { return Head(emptyRun: run) }
        guard let sequence = Int.fromDatabaseValue(row[0]), let hash = try digest(row, 1) else {
            throw unreadable(run, Int.fromDatabaseValue(row[0]))
        }
        return Head(sequence: sequence, hash: hash)
    }

    static func entries(of run: RunID, from sequence: Int, limit: Int, in db: Database) throws -> [Entry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT sequence, previous, hash, bytes FROM events
                WHERE run = ? AND sequence >= ? ORDER BY sequence LIMIT ?
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [run.rawValue, sequence, limit])
        var entries: [Entry] = []
        while let row = try rows.next() {
            guard let sequence = Int.fromDatabaseValue(row[0]), let previous = try digest(row, 1),
                let hash = try digest(row, 2), let bytes = try octets(row, 3)
            else { throw unreadable(run, Int.fromDatabaseValue(row[0])) }
            entries.append(Entry(run: run, sequence: sequence, previous: previous, hash: hash, bytes: bytes))
        }
        return entries
    }

    static func artefact(_ digest: Digest, in db: Database) throws -> [UInt8]? {
        let statement = try db.cachedStatement(sql: "SELECT bytes FROM artefacts WHERE digest = ?")
        let rows = try Row.fetchCursor(statement, arguments: [Data(digest.octets)])
        guard let row = try rows.next() else { return nil }
        guard let bytes = try octets(row, 0) else { throw LedgerError.corrupt(artefact: digest) }
        return bytes
    }

    static func runs(in db: Database) throws -> [RunRow] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT run, title, architecture, status, updated, started, events FROM runs
                ORDER BY started DESC, run
                """
        )
        let rows = try Row.fetchCursor(statement)
        var list: [RunRow] = []
        while let row = try rows.next() {
            // A row that cannot be read is left out of the list: it is a projection, and the entries are still there.
            guard let run = String.fromDatabaseValue(row[0]), let title = String.fromDatabaseValue(row[1]),
                let architecture = String.fromDatabaseValue(row[2]), let status = String.fromDatabaseValue(row[3]),
                let updated = Int64.fromDatabaseValue(row[4]), let started = Int64.fromDatabaseValue(row[5]),
                let events = Int.fromDatabaseValue(row[6])
            else { continue }
            list.append(
                RunRow(
                    run: RunID(run),
                    title: title,
                    architecture: architecture,
                    status: status,
                    updatedAtMilliseconds: updated,
                    startedAtMilliseconds: started,
                    events: events
                )
            )
        }
        return list
    }

    private static func digest(_ row: Row, _ index: Int) throws -> Digest? {
        try row.withUnsafeData(atIndex: index) { data in data.flatMap { Digest(octets: $0) } }
    }

    /// An empty blob has no address in SQLite and must not be taken for NULL.
    private static func octets(_ row: Row, _ index: Int) throws -> [UInt8]? {
        try row.withUnsafeData(atIndex: index) { data in data.map { Array($0) } }
    }

    private static func unreadable(_ run: RunID, _ sequence: Int?) -> LedgerError {
        LedgerError(
            .corrupt,
            "event \(sequence.map(String.init) ?? "?") of run \(run) has fields that no ledger writes; "
                + "restore the ledger from a copy that verifies",
            run: run,
            sequence: sequence
        )
    }
}
