// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Foundation
@testable import LedgerSQLite
import Synchronization
import Testing

/// Appends that come one by one, which their callers write themselves.
@Suite struct LonelyAppendTests {
    private func appendMany(_ numbers: Range<Int>, to run: RunID, of store: SQLiteLedgerStore) async throws -> Head {
        var head = try await store.head(of: run)
        for number in numbers { head = try await append(number, to: run, after: head, of: store) }
        return head
    }

    @Test func `a caller that has long been alone writes on its own thread, until others come`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            #expect(!store.writer.isAlone)
            _ = try await appendMany(0..<40, to: "r", of: store)
            #expect(store.writer.isAlone)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask { _ = try await appendMany(0..<3, to: RunID("run-\(number)"), of: store) }
                }
                try await group.waitForAll()
            }
            let head = try await appendMany(40..<80, to: "r", of: store)
            #expect(try await store.verify(run: "r", against: head).entriesChecked == 80)
            for number in 0..<200 {
                let entries = try await store.entries(of: RunID("run-\(number)"), from: 0, limit: 9)
                #expect(entries.map(\.bytes) == (0..<3).map(numbered))
            }
            try store.close()
        }
    }

    @Test func `whoever builds on another head is refused, and writes nothing`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let head = try await appendMany(0..<40, to: "r", of: store)
            #expect(store.writer.isAlone)
            let stale = try #require(try await store.entries(of: "r", from: 20, limit: 1).first)
            await #expect(throws: LedgerError.self) { _ = try await append(99, to: "r", after: Head(stale), of: store) }
            #expect(try await store.head(of: "r") == head)
            // Another program has appended: who does not know of it is refused, and goes on after reading.
            let other = try SQLiteLedgerStore(path: path)
            let moved = try await append(40, to: "r", after: head, of: other)
            try other.close()
            await #expect(throws: LedgerError.self) { _ = try await append(41, to: "r", after: head, of: store) }
            _ = try await append(41, to: "r", after: moved, of: store)
            #expect(try await store.entries(of: "r", from: 0, limit: 99).map(\.bytes) == (0..<42).map(numbered))
            try store.close()
        }
    }

    @Test func `relaxed and full appends of one run keep their order, also when each is alone`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            var head = try await appendMany(0..<40, to: "r", of: store)
            for number in 40..<140 {
                let durability: Durability = number % 3 == 0 ? .relaxed : .full
                head = try await append(number, after: head, of: store, durability)
            }
            #expect(try await store.entries(of: "r", from: 0, limit: 200).map(\.bytes) == (0..<140).map(numbered))
            try store.close()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `the log is copied back when nothing more comes`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let head = try await appendMany(0..<40, to: "r", of: store)
            #expect(store.writer.isAlone)
            // The thread that copies sleeps by now.
            try await Task.sleep(for: .milliseconds(200))
            let large = [UInt8](repeating: 7, count: 1 << 20)
            _ = try await store.append([large, large], artefacts: [], to: "r", after: head, row: nil)
            while try size(path) < 2 << 20 { try await Task.sleep(for: .milliseconds(10)) }
            try store.close()
        }
    }

    private func size(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    @Test func `a closed store appends nothing, however alone its callers are`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let head = try await appendMany(0..<40, to: "r", of: store)
            try store.close()
            await #expect(throws: LedgerError.self) { _ = try await append(40, to: "r", after: head, of: store) }
        }
    }
}
