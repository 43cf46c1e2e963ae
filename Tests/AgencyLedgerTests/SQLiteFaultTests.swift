// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import GRDB
@testable import LedgerSQLite
import Testing

@Suite struct SQLiteFaultTests {
    /// Fails the next commits with an error, at the moment at which the disk would.
    private final class FailingCommit: TransactionObserver {
        let error: (any Error)?
        init(_ error: (any Error)?) { self.error = error }
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseWillCommit() throws { if let error { throw error } }
        func databaseDidCommit(_ db: Database) {}
        func databaseDidRollback(_ db: Database) {}
    }

    private func failing(
        _ store: SQLiteLedgerStore,
        with error: any Error,
        during body: () async throws -> Void
    ) async throws {
        let observer = FailingCommit(error)
        store.pool.add(transactionObserver: observer, extent: .databaseLifetime)
        try await body()
        store.pool.remove(transactionObserver: observer)
    }

    @Test func `nothing of a commit that fails is visible, for any of its appends`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let artefact = Artefact([9])
            let error = DatabaseError(resultCode: .SQLITE_FULL)
            try await failing(store, with: error) {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            let run = RunID("run-\(number)")
                            let error = await #expect(throws: LedgerError.self) {
                                let head = Head(emptyRun: run)
                                _ = try await store.append([[1]], artefacts: [artefact], to: run, after: head, row: nil)
                            }
                            #expect(error?.code == .full)
                        }
                    }
                }
            }
            for number in 0..<20 { #expect(try await store.head(of: RunID("run-\(number)")).isEmpty) }
            #expect(try await store.artefact(artefact.digest) == nil)
            // There is room again.
            _ = try await store.append([[1]], artefacts: [], to: "run-0", after: Head(emptyRun: "run-0"), row: nil)
            try store.close()
        }
    }

    @Test func `after an input or output error nothing is written until the file is opened anew`() async throws {
        try await withLedgerPath { path in
            let head = try await makeLedger(at: path, events: 3).head
            let store = try SQLiteLedgerStore(path: path)
            try await failing(store, with: DatabaseError(resultCode: .SQLITE_IOERR_FSYNC)) {
                let error = await #expect(throws: LedgerError.self) {
                    _ = try await store.append([[1]], artefacts: [], to: "r", after: head, row: nil)
                }
                #expect(error?.code == .unavailable)
            }
            let error = await #expect(throws: LedgerError.self) {
                _ = try await store.append([[1]], artefacts: [], to: "r", after: head, row: nil)
            }
            #expect(error?.code == .unavailable)
            #expect(try await store.head(of: "r") == head)
            try store.close()
            let reopened = try SQLiteLedgerStore(path: path)
            _ = try await reopened.append([[1]], artefacts: [], to: "r", after: head, row: nil)
            try reopened.close()
        }
    }

    @Test func `a disk that is full refuses the append whole and takes smaller ones afterwards`() async throws {
        try await withLedgerPath { path in
            let head = try await makeLedger(at: path, events: 3).head
            let store = try SQLiteLedgerStore(path: path)
            try await store.pool.writeWithoutTransaction { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                try db.execute(sql: "PRAGMA max_page_count = \(pages + 20)")
            }
            let large = [UInt8](repeating: 1, count: 50_000)
            let error = await #expect(throws: LedgerError.self) {
                _ = try await store.append([[1], large, large], artefacts: [], to: "r", after: head, row: nil)
            }
            #expect(error?.code == .full)
            #expect(error?.retry == .afterRereading)
            #expect(try await store.head(of: "r") == head)
            _ = try await store.append([[1]], artefacts: [], to: "r", after: head, row: nil)
            #expect(try await store.verify(run: "r").isSound)
            try store.close()
        }
    }

    @Test func `a ledger that another process is writing is busy, then free`() async throws {
        try await withLedgerPath { path in
            let head = try await makeLedger(at: path, events: 3).head
            let store = try SQLiteLedgerStore(path: path, busyTimeout: .milliseconds(20))
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let rival = try DatabaseQueue(path: path, configuration: configuration)
            try await rival.writeWithoutTransaction { db in try db.beginTransaction(.immediate) }
            let error = await #expect(throws: LedgerError.self) {
                _ = try await store.append([[1]], artefacts: [], to: "r", after: head, row: nil)
            }
            #expect(error?.code == .busy)
            #expect(error?.retry == .after(.seconds(1)))
            #expect(try await store.head(of: "r") == head)
            try await rival.writeWithoutTransaction { db in try db.rollback() }
            _ = try await store.append([[1]], artefacts: [], to: "r", after: head, row: nil)
            try rival.close()
            try store.close()
        }
    }

    @Test func `what SQLite reports becomes what a caller can act on`() {
        let table: [(ResultCode, LedgerError.Code, LedgerError.Retry)] = [
            (.SQLITE_BUSY, .busy, .after(.seconds(1))), (.SQLITE_BUSY_SNAPSHOT, .busy, .after(.seconds(1))),
            (.SQLITE_LOCKED, .busy, .after(.seconds(1))), (.SQLITE_FULL, .full, .afterRereading),
            (.SQLITE_IOERR_WRITE, .unavailable, .never), (.SQLITE_IOERR_CORRUPTFS, .corrupt, .never),
            (.SQLITE_READONLY_DIRECTORY, .unavailable, .never), (.SQLITE_CANTOPEN_ISDIR, .unavailable, .never),
            (.SQLITE_PERM, .unavailable, .never), (.SQLITE_NOTADB, .notALedger, .never),
            (.SQLITE_CORRUPT_INDEX, .corrupt, .never), (.SQLITE_CONSTRAINT_TRIGGER, .corrupt, .never),
            (.SQLITE_ERROR, .corrupt, .never), (.SQLITE_MISUSE, .unavailable, .never),
            (.SQLITE_NOMEM, .unavailable, .afterRereading),
        ]
        for (result, code, retry) in table {
            let error = SQLiteFault.ledgerError(DatabaseError(resultCode: result), path: "/ledger.sqlite")
            #expect(error.code == code, "\(result)")
            #expect(error.retry == retry, "\(result)")
            #expect(error.message.hasPrefix("/ledger.sqlite ") && !error.message.contains("\n"))
            #expect(error.cause is DatabaseError)
        }
    }

    /// The superuser may write what is marked read-only, so this cannot be tried as such.
    @Test(.enabled(if: geteuid() != 0))
    func `a ledger that may only be read is reported`() async throws {
        try await withLedgerPath { path in
            let head = try await makeLedger(at: path, events: 3).head
            chmod(path, 0o400)
            let error = await #expect(throws: LedgerError.self) {
                let store = try SQLiteLedgerStore(path: path)
                _ = try await store.append([[1]], artefacts: [], to: "r", after: head, row: nil)
            }
            #expect(error?.code == .unavailable)
        }
    }
}
