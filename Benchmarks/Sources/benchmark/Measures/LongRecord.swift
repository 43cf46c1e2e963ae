// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import OpenAgency

/// A run of very many events: how long it takes to open it and to verify it, beside reading its rows and nothing else.
enum LongRecord {
    static func measure(disks: Int, steps: Int) async throws {
        try await withFolder { folder in
            let path = folder + "/ledger.sqlite"
            let store = try SQLiteLedgerStore(path: path)
            let run = try await Tower.record(disks: disks, steps: steps, in: store)
            try store.close()
            let name = "a run of \(steps) steps"
            let events = try reportCursor(path, name: name)
            for (words, hasSnapshot) in [("open it", true), ("open it without a snapshot", false)] {
                let opened = try SQLiteLedgerStore(path: path)
                if !hasSnapshot {
                    _ = try await opened.collect(Garbage.Scope(keepingSnapshotsOf: nil), dropping: true)
                }
                let start = ContinuousClock.now
                let state = try await Agency(store: opened).state(of: run)
                Figure.report("\(name): \(words)", start.duration(to: .now) / .seconds(1), "s")
                guard state.iteration?.number == steps, state.sequence + 1 == events else {
                    throw UsageFault("the run was not opened as it is")
                }
                try opened.close()
            }
            let verified = try SQLiteLedgerStore(path: path)
            let start = ContinuousClock.now
            let found = try await verified.verify(run: run)
            guard found.isSound, found.entriesChecked == events else { throw UsageFault("the ledger does not verify") }
            Figure.report(
                "\(name): events verified a second",
                Double(events) / (start.duration(to: .now) / .seconds(1)),
                "/s"
            )
            try verified.close()
        }
    }

    /// What reading takes by itself: every row through a cursor of GRDB, its bytes looked at once.
    private static func reportCursor(_ path: String, name: String) throws -> Int {
        let queue = try DatabaseQueue(path: path)
        let start = ContinuousClock.now
        let (count, sum) = try queue.read { db in
            var count = 0
            var sum = 0
            let rows = try Row.fetchCursor(db, sql: "SELECT sequence, hash, bytes FROM events ORDER BY run, sequence")
            while let row = try rows.next() {
                count += 1
                try row.withUnsafeData(atIndex: 2) { sum += $0?.count ?? 0 }
            }
            return (count, sum)
        }
        guard sum > 0 else { throw UsageFault("there are no events") }
        let seconds = start.duration(to: .now) / .seconds(1)
        Figure.report("\(name): rows a second through a bare cursor, the floor", Double(count) / seconds, "/s")
        try queue.close()
        return count
    }
}
