// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Dispatch
import GRDB
@testable import LedgerSQLite
import Synchronization
import Testing

@Suite struct GroupCommitTests {
    private final class CommitCounter: TransactionObserver, Sendable {
        let commits = Mutex(0)
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidCommit(_ db: Database) { commits.withLock { $0 += 1 } }
        func databaseDidRollback(_ db: Database) {}
    }

    @Test(.timeLimit(.minutes(5)))
    func `appends that wait together share commits`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let counter = CommitCounter()
            store.pool.add(transactionObserver: counter, extent: .observerLifetime)
            let gate = DispatchSemaphore(value: 0)
            store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let run = RunID("run-\(number)")
                        _ = try await store.append([[1]], artefacts: [], to: run, after: Head(emptyRun: run), row: nil)
                    }
                }
                // Those that came first are with the writer, who waits at the gate; all others have to queue behind them.
                while store.writer.openCount < 500 { await Task.yield() }
                gate.signal()
                try await group.waitForAll()
            }
            let commits = counter.commits.withLock { $0 }
            #expect((1...2).contains(commits))
            for number in 0..<500 { #expect(try await store.head(of: RunID("run-\(number)")).sequence == 0) }
            try store.close()
        }
    }

    @Test func `a conflict in a batch fails neither those before nor those after it`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            func pending(_ run: RunID, after head: Head, _ event: UInt8) -> PendingAppend {
                let entries = HashChain.entries(of: [[event]], run: run, after: head)
                return PendingAppend(run: run, head: head, entries: entries, artefacts: [Artefact([event])], row: nil)
            }
            let empty = Head(emptyRun: "a")
            let first = pending("a", after: empty, 1)
            let batch = [
                first, pending("a", after: empty, 2), pending("b", after: Head(emptyRun: "b"), 3),
                pending("a", after: Head(first.entries[0]), 4),
            ]
            let outcome = try await store.pool.writeWithoutTransaction { db in
                BatchWriter(path: path).write(batch, in: db)
            }
            guard case .written(let results) = outcome else { Issue.record("\(outcome)"); return }
            let codes = results.map { result -> LedgerError.Code? in
                if case .failure(let error) = result { error.code } else { nil }
            }
            #expect(codes == [nil, .conflict, nil, nil])
            #expect(try await store.entries(of: "a", from: 0, limit: 9).map(\.bytes) == [[1], [4]])
            #expect(try await store.entries(of: "b", from: 0, limit: 9).map(\.bytes) == [[3]])
            #expect(try await store.artefact(Artefact([2]).digest) == nil)
            try store.close()
        }
    }

    @Test func `a batch is bounded in bytes, and everything is written all the same`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let large = [UInt8](repeating: 7, count: 6 << 20)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let run = RunID("run-\(number)")
                        _ = try await store.append(
                            [large],
                            artefacts: [],
                            to: run,
                            after: Head(emptyRun: run),
                            row: nil
                        )
                    }
                }
                try await group.waitForAll()
            }
            for number in 0..<8 { #expect(try await store.verify(run: RunID("run-\(number)")).isSound) }
            try store.close()
        }
    }
}
