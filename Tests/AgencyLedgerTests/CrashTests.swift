// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import LedgerSQLite
import Testing

/// What becomes of a ledger when a process that writes it is killed, or when there is more than one.
@Suite struct CrashTests {
    static let producers = 6

    @Test(.timeLimit(.minutes(2)), arguments: 0..<5 as Range<UInt64>)
    func `after a kill in the midst of appends all that was acknowledged is there`(_ seed: UInt64) async throws {
        try await withTemporaryDirectory { folder in
            var generator = SplitMix64(seed: seed)
            let deadline = Int.random(in: 5..<150, using: &generator)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, deadline = deadline as Int] in
                try await Self.appendUntilKilled(folder: folder, after: deadline)
            }
            let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
            var acknowledgements = 0
            for producer in 0..<Self.producers {
                let run = RunID("run-\(producer)")
                let file = FileManager.default.contents(atPath: folder + "/\(run)")
                let acknowledged = file?.count ?? 0
                acknowledgements += acknowledged
                let entries = try await store.entries(of: run, from: 0, limit: .max)
                #expect(HashChain.verify(entries, of: run) == [])
                #expect(entries.map(\.bytes) == entries.indices.map { numbered($0 / 2) }, "a prefix, in order")
                #expect(entries.count % 2 == 0, "no torn append")
                // One append may have been on disk without its caller having been told.
                #expect((2 * acknowledged...2 * acknowledged + 2).contains(entries.count))
                _ = try await store.append(
                    [[1]],
                    artefacts: [],
                    to: run,
                    after: try await store.head(of: run),
                    row: nil
                )
            }
            #expect(acknowledgements >= deadline)
            try store.close()
        }
    }

    /// Appends from several tasks and notes each acknowledgement in a file, one byte each, until the process kills
    /// itself while the others are in the midst of theirs.
    private static func appendUntilKilled(folder: String, after deadline: Int) async throws {
        let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
        let counter = AcknowledgementCounter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for producer in 0..<producers {
                let run = RunID("run-\(producer)")
                let descriptor = open(folder + "/\(run)", O_WRONLY | O_CREAT | O_APPEND, 0o600)
                group.addTask {
                    var head = Head(emptyRun: run)
                    for number in 0..<Int.max {
                        let events = [numbered(number), numbered(number)]
                        let entries = try await store.append(events, artefacts: [], to: run, after: head, row: nil)
                        head = entries.last.map(Head.init(_:)) ?? head
                        _ = write(descriptor, "x", 1)
                        if await counter.next() == deadline { kill(getpid(), SIGKILL) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private actor AcknowledgementCounter {
        private var count = 0
        func next() -> Int {
            count += 1
            return count
        }
    }

    @Test func `copies of the files that are taken in the midst of appends hold a sound prefix`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/ledger.sqlite"
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let store = try SQLiteLedgerStore(path: path)
                for number in 0..<40 { try await appendWhereverItEnds(numbered(number), to: "r", of: store) }
                kill(getpid(), SIGKILL)
            }
            // A write-ahead log that was cut anywhere, as by a power failure, still leaves a prefix.
            let main = try Data(contentsOf: URL(fileURLWithPath: path))
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            var generator = SplitMix64(seed: 7)
            var lengths: Set<Int> = []
            for copy in 0..<25 {
                let place = folder + "/copy-\(copy).sqlite"
                try main.write(to: URL(fileURLWithPath: place))
                let cut = log.prefix(Int.random(in: 0...log.count, using: &generator))
                try cut.write(to: URL(fileURLWithPath: place + "-wal"))
                let store = try SQLiteLedgerStore(path: place)
                let entries = try await store.entries(of: "r", from: 0, limit: .max)
                #expect(HashChain.verify(entries, of: "r") == [])
                #expect(entries.map(\.bytes) == entries.indices.map(numbered))
                lengths.insert(entries.count)
                try store.close()
            }
            #expect(lengths.count > 5)
        }
    }

    @Test func `an append of another process is a conflict here, and both records are one`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/ledger.sqlite"
            let store = try SQLiteLedgerStore(path: path)
            let entries = try await store.append(
                [numbered(0)],
                artefacts: [],
                to: "r",
                after: Head(emptyRun: "r"),
                row: nil
            )
            await #expect(processExitsWith: .success) { [path = path as String] in
                let store = try SQLiteLedgerStore(path: path)
                let head = try await store.head(of: "r")
                _ = try await store.append([numbered(1)], artefacts: [], to: "r", after: head, row: nil)
                try store.close()
            }
            let error = await #expect(throws: LedgerError.self) {
                _ = try await store.append([numbered(9)], artefacts: [], to: "r", after: Head(entries[0]), row: nil)
            }
            #expect(error?.code == .conflict)
            try await appendWhereverItEnds(numbered(2), to: "r", of: store)
            let record = try await store.entries(of: "r", from: 0, limit: 9)
            #expect(record.map(\.bytes) == (0..<3).map(numbered))
            #expect(HashChain.verify(record, of: "r") == [])
            try store.close()
        }
    }

    @Test func `processes that make one new file at once all succeed`() async throws {
        try await withTemporaryDirectory { folder in
            for round in 0..<4 {
                let path = folder + "/\(round)/ledger.sqlite"
                await withTaskGroup(of: Void.self) { group in
                    for rival in 0..<4 {
                        group.addTask {
                            await #expect(processExitsWith: .success) {
                                [path = path as String, rival = rival as Int] in
                                let store = try SQLiteLedgerStore(path: path)
                                try await appendWhereverItEnds(numbered(rival), to: "r", of: store)
                                try store.close()
                            }
                        }
                    }
                }
                let store = try SQLiteLedgerStore(path: path)
                #expect(try await store.verify(run: "r").entriesChecked == 4)
                try store.close()
            }
        }
    }

    @Test func `two stores on one file that append to one run make one chain`() async throws {
        try await withLedgerPath { path in
            let stores = [try SQLiteLedgerStore(path: path), try SQLiteLedgerStore(path: path)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for store in stores {
                    group.addTask {
                        for number in 0..<40 { try await appendWhereverItEnds(numbered(number), to: "r", of: store) }
                    }
                }
                try await group.waitForAll()
            }
            let report = try await stores[0].verify(run: "r")
            #expect(report.entriesChecked == 80)
            #expect(report.faults == [])
            for store in stores { try store.close() }
        }
    }
}
