// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Dispatch
import Foundation
import GRDB
@testable import LedgerSQLite
import Testing

@Suite struct RelaxedAppendTests {
    private func append(
        _ number: Int,
        after head: Head,
        to store: SQLiteLedgerStore,
        _ durability: Durability = .relaxed,
        artefacts: [Artefact] = []
    ) async throws -> Head {
        try await AgencyLedgerTests.append(number, after: head, of: store, durability, artefacts: artefacts)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a relaxed append returns while the disk is busy, and a full one waits for it and for itself`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            var head = try await append(0, after: Head(emptyRun: "r"), to: store, .full)
            let gate = DispatchSemaphore(value: 0)
            store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
            for number in 1..<100 { head = try await append(number, after: head, to: store) }
            #expect(store.writer.openCount == 99)
            let relaxed = head
            async let full = append(100, after: relaxed, to: store, .full)
            while store.writer.openCount < 100 { await Task.yield() }
            gate.signal()
            head = try await full
            // Another connection, to which only what is committed is visible.
            let other = try SQLiteLedgerStore(path: path)
            let entries = try await other.entries(of: "r", from: 0, limit: 1000)
            #expect(entries.map(\.bytes) == (0...100).map(numbered))
            #expect(HashChain.verify(entries, of: "r", against: head) == [])
            try other.close()
            try store.close()
        }
    }

    @Test func `whoever reads through the same store sees relaxed appends, in order`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            var head = Head(emptyRun: "r")
            for number in 0..<300 {
                let artefact = Artefact(Array("artefact \(number)".utf8))
                head = try await append(number, after: head, to: store, artefacts: [artefact])
                switch number % 3 {
                case 0: #expect(try await store.head(of: "r") == head)
                case 1: #expect(try await store.artefact(artefact.digest) == artefact.bytes)
                default:
                    #expect(try await store.entries(of: "r", from: number, limit: 9).map(\.bytes) == [numbered(number)])
                }
            }
            try store.close()
            let reopened = try SQLiteLedgerStore(path: path)
            #expect(try await reopened.verify(run: "r", against: head).entriesChecked == 300)
            try reopened.close()
        }
    }

    @Test func `of relaxed appends that follow one head all but one are refused`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let head = try await append(0, after: Head(emptyRun: "r"), to: store, .full)
            let won = await withTaskGroup(of: Bool.self) { group in
                for rival in 1...20 {
                    group.addTask {
                        do {
                            _ = try await append(rival, after: head, to: store)
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
            #expect(try await store.verify(run: "r").entriesChecked == 2)
            try store.close()
        }
    }

    /// Fails the next commits, at the moment at which the disk would.
    private final class FailingCommit: TransactionObserver {
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseWillCommit() throws { throw DatabaseError(resultCode: .SQLITE_FULL) }
        func databaseDidCommit(_ db: Database) {}
        func databaseDidRollback(_ db: Database) {}
    }

    @Test func `after a relaxed append that failed the run is refused until it is read again`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let sound = try await append(0, after: Head(emptyRun: "r"), to: store, .full)
            let observer = FailingCommit()
            store.pool.add(transactionObserver: observer, extent: .databaseLifetime)
            // Accepted, and lost with the artefact that a later event might have referred to.
            _ = try await store.append(
                [],
                artefacts: [Artefact([1])],
                to: "r",
                after: sound,
                row: nil,
                durability: .relaxed
            )
            while store.writer.openCount > 0 { await Task.yield() }
            store.pool.remove(transactionObserver: observer)
            for durability in [Durability.relaxed, .full] {
                let error = await #expect(throws: LedgerError.self) {
                    _ = try await append(1, after: sound, to: store, durability)
                }
                #expect(error?.code == .conflict)
                #expect(error?.retry == .afterRereading)
            }
            _ = try await store.append([[7]], artefacts: [], to: "other", after: Head(emptyRun: "other"), row: nil)
            #expect(try await store.head(of: "r") == sound)
            _ = try await append(1, after: sound, to: store)
            #expect(try await store.verify(run: "r").entriesChecked == 2)
            try store.close()
        }
    }

    @Test func `relaxed appends lose to another process and say so afterwards`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let sound = try await append(0, after: Head(emptyRun: "r"), to: store, .full)
            let rival = try SQLiteLedgerStore(path: path)
            let theirs = try await append(1, after: sound, to: rival, .full)
            var head = sound
            var refused: LedgerError?
            for number in 2..<1_000_000 {
                do { head = try await append(number, after: head, to: store) } catch let error as LedgerError {
                    refused = error
                    break
                }
            }
            #expect(refused?.code == .conflict)
            #expect(try await store.head(of: "r") == theirs)
            _ = try await append(2, after: theirs, to: store)
            #expect(try await store.verify(run: "r").entriesChecked == 3)
            try rival.close()
            try store.close()
        }
    }

    @Test func `what waits is bounded, and closing writes it`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let large = [UInt8](repeating: 7, count: 3 << 20)
            var head = Head(emptyRun: "r")
            for number in 0..<8 {
                let entries = try await store.append(
                    [large + [UInt8(number)]],
                    artefacts: [],
                    to: "r",
                    after: head,
                    row: nil,
                    durability: .relaxed
                )
                head = entries.last.map(Head.init(_:)) ?? head
                #expect(store.writer.openCount <= WriteQueue.maximumRelaxedBytes / large.count)
            }
            for number in 0..<2000 { head = try await append(number, after: head, to: store) }
            try store.close()
            let reopened = try SQLiteLedgerStore(path: path)
            #expect(try await reopened.head(of: "r") == head)
            try reopened.close()
        }
    }

    @Test func `a process that is killed loses at most the end of what was relaxed`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/ledger.sqlite"
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let store = try SQLiteLedgerStore(path: path)
                var head = Head(emptyRun: "r")
                for number in 0..<1000 {
                    // Every hundredth is full, and the last of those is the 900th.
                    let durability = number % 100 == 0 ? Durability.full : .relaxed
                    head = try await AgencyLedgerTests.append(number, after: head, of: store, durability)
                }
                kill(getpid(), SIGKILL)
            }
            let store = try SQLiteLedgerStore(path: path)
            let entries = try await store.entries(of: "r", from: 0, limit: .max)
            #expect(HashChain.verify(entries, of: "r") == [])
            #expect(entries.map(\.bytes) == entries.indices.map(numbered))
            #expect(entries.count >= 901)
            try store.close()
        }
    }
}
