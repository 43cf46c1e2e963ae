// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Foundation
import GRDB

/// Writes a batch of appends in one transaction.
enum BatchWriter {
    enum Outcome: Sendable {
        /// The transaction is on disk; each append has its own result.
        case written([Result<Void, LedgerError>])
        /// Nothing of the batch was written. After some failures the file must be opened anew before anything else.
        case failed(LedgerError, mustStop: Bool)
    }

    /// Writes what can be written; an append whose head has moved is left out and the others are not affected.
    static func write(_ batch: [PendingAppend], in db: Database, path: String) -> Outcome {
        do {
            var results: [Result<Void, LedgerError>] = []
            try db.inTransaction(.immediate) {
                for append in batch { results.append(try insert(append, in: db)) }
                return .commit
            }
            return .written(results)
        } catch let error as LedgerError {
            return .failed(error, mustStop: false)
        } catch let error as DatabaseError {
            // What the kernel kept of a failed sync is unknown, and a second sync may wrongly succeed.
            let mustStop = error.resultCode == .SQLITE_IOERR
            return .failed(SQLiteFault.ledgerError(error, path: path), mustStop: mustStop)
        } catch {
            return .failed(SQLiteFault.unknown(error, path: path), mustStop: true)
        }
    }

    /// Other processes may have written since the caller read, so the head is read again inside the transaction.
    ///
    /// All the checks come before the first insert: a refused append has written nothing, and what fails later fails
    /// the whole transaction.
    private static func insert(_ append: PendingAppend, in db: Database) throws -> Result<Void, LedgerError> {
        let found: Head
        do {
            found = try LedgerQuery.head(of: append.run, in: db)
        } catch let error as LedgerError {
            return .failure(error)
        }
        guard found == append.head else {
            return .failure(.conflict(append.run, expected: append.head, found: found))
        }
        for artefact in append.artefacts {
            try db.cachedStatement(sql: "INSERT INTO artefacts (digest, bytes) VALUES (?, ?)")
                .execute(arguments: [Data(artefact.digest.octets), Data(artefact.bytes)])
        }
        let run = append.run.rawValue
        for entry in append.entries {
            try db.cachedStatement(
                sql: "INSERT INTO events (run, sequence, previous, hash, bytes) VALUES (?, ?, ?, ?, ?)"
            ).execute(
                arguments: [
                    run, entry.sequence, Data(entry.previous.octets), Data(entry.hash.octets), Data(entry.bytes),
                ]
            )
        }
        if let row = append.row { try insert(row, in: db) }
        return .success(())
    }

    private static func insert(_ row: RunRow, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO runs (run, title, architecture, status, updated, started, events)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                row.run.rawValue, row.title, row.architecture, row.status, row.updatedAtMilliseconds,
                row.startedAtMilliseconds, row.events,
            ]
        )
    }
}
