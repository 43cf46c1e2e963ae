// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import GRDB
import Synchronization
import Testing

@testable import LedgerSQLite

extension MachineTime {
    /// The time of a machine whose clock is moved by hand, as of one of its starts.
    static func stepped(_ clock: SteppedClock, start: String = "first start") -> MachineTime {
        MachineTime {
            MachineTime.Reading(
                start: start,
                milliseconds: clock.nowMilliseconds,
                wallMilliseconds: 1_700_000_000_000 + clock.nowMilliseconds
            )
        }
    }
}

/// Leases of several processes on one file.
@Suite(.timeLimit(.minutes(1)))
struct SQLiteLeaseTests {
    private static func record(_ run: RunID, in store: SQLiteLedgerStore, isDue: Bool = true) async throws {
        let head = try await store.head(of: run)
        let row = RunRow(
            run: run,
            title: "",
            architecture: "",
            status: "",
            updatedAtMilliseconds: 0,
            startedAtMilliseconds: 0,
            events: head.sequence + 2,
            isDue: isDue
        )
        _ = try await store.append([[7]], artefacts: [], to: run, after: head, row: row)
    }

    @Test func `two stores on one file share its runs without overlap`() async throws {
        try await withTemporaryDirectory { folder in
            let stores = try (0..<2).map { _ in try SQLiteLedgerStore(path: folder + "/ledger.sqlite") }
            for number in 0..<60 { try await Self.record(RunID("r-\(number)"), in: stores[number % 2]) }
            let leases = try await withThrowingTaskGroup(of: [Lease].self) { group in
                for (number, store) in (stores + stores).enumerated() {
                    group.addTask {
                        var mine: [Lease] = []
                        while true {
                            let more = try await store.claimDue(limit: 4, worker: "w\(number)", for: .seconds(60))
                            if more.isEmpty { return mine }
                            mine += more
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(leases.count == 60)
            #expect(Set(leases.map(\.run)).count == 60)
            let held = try await stores[0].holders()
            #expect(held == (try await stores[1].holders()))
            #expect(Set(held) == Set(leases))
            for store in stores { try store.close() }
        }
    }

    @Test func `what was held before the machine was started anew is free, with greater numbers`() async throws {
        try await withTemporaryDirectory { folder in
            let clock = SteppedClock()
            let before = try SQLiteLedgerStore(path: folder + "/ledger.sqlite", machineTime: .stepped(clock))
            try await Self.record("r", in: before)
            let lost = try #require(try await before.claim("r", worker: "w", for: .seconds(3600)))
            try before.close()
            let after = try SQLiteLedgerStore(
                path: folder + "/ledger.sqlite",
                machineTime: .stepped(clock, start: "second start")
            )
            #expect(try await after.holders() == [])
            #expect(try await after.renew(lost, for: .seconds(10)) == nil)
            #expect(try await after.claimDue(limit: 1, worker: "v", for: .seconds(10)).map(\.epoch) == [2])
            try after.close()
        }
    }

    @Test func `a wall clock that is set ends no lease and prolongs none`() async throws {
        try await withTemporaryDirectory { folder in
            let clock = SteppedClock()
            let wall = Mutex<Int64>(1_700_000_000_000)
            let time = MachineTime {
                MachineTime.Reading(
                    start: "start",
                    milliseconds: clock.nowMilliseconds,
                    wallMilliseconds: wall.withLock { $0 }
                )
            }
            let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite", machineTime: time)
            try await Self.record("r", in: store)
            let lease = try #require(try await store.claim("r", worker: "w", for: .seconds(10)))
            for jump: Int64 in [86_400_000, -172_800_000] {
                wall.withLock { $0 += jump }
                #expect(try await store.holders() == [lease])
                #expect(try await store.claim("r", worker: "v", for: .seconds(10)) == nil)
            }
            clock.advance(by: .seconds(11))
            #expect(try await store.claim("r", worker: "v", for: .seconds(10))?.epoch == 2)
            try store.close()
        }
    }

    @Test func `what is appended is as durable after a claim as before`() async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
            try await Self.record("r", in: store)
            let lease = try #require(try await store.claim("r", worker: "w", for: .seconds(10)))
            #expect(try await store.synchronous() == 2)
            try await store.release(lease)
            #expect(try await store.synchronous() == 2)
            // After a transaction that failed too.
            await #expect(throws: LedgerError.self) {
                _ = try await store.claim("r", worker: "two words", for: .seconds(10))
            }
            #expect(try await store.synchronous() == 2)
            try store.close()
        }
    }

    @Test func `rows of certain runs are read without the others`() async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
            for run in ["a", "b", "c"] as [RunID] { try await Self.record(run, in: store, isDue: run != "b") }
            let rows = try await store.rows(of: ["c", "nobody", "b"])
            #expect(Dictionary(uniqueKeysWithValues: rows.map { ($0.run, $0.isDue) }) == ["c": true, "b": false])
            #expect(rows.allSatisfy { $0.events == 1 })
            try store.close()
        }
    }

    @Test func `the time of this machine goes on and knows its start`() {
        let first = MachineTime.thisMachine
        let (one, two) = (first.reading(), first.reading())
        #expect(!one.start.isEmpty && one.start == two.start)
        #expect(one.milliseconds > 0 && one.milliseconds <= two.milliseconds)
        #expect(one.wallMilliseconds > 1_600_000_000_000)
    }
}

extension SQLiteLedgerStore {
    /// How the connection that writes syncs: 2 is FULL.
    fileprivate func synchronous() async throws -> Int? {
        try await pool.writeWithoutTransaction { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") }
    }
}
