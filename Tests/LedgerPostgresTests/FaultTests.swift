// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger
import AgencyTestKit
import LedgerPostgres
import Testing

@Suite(.needsPostgres, .timeLimit(.minutes(5))) struct FaultTests {
    @Test func `what was acknowledged before the server was killed is there when it is back`() async throws {
        try await withOwnServer(.init(timeout: .seconds(30))) { store, server in
            let acknowledged = try await withThrowingTaskGroup(of: (RunID, Int).self) { group in
                for number in 0..<4 {
                    group.addTask {
                        let run = RunID("run-\(number)")
                        var head = Head(emptyRun: run)
                        for event in 0..<300 {
                            let entries = try await store.append(
                                [numbered(event)],
                                artefacts: [],
                                to: run,
                                after: head,
                                row: row(run, isDue: true)
                            )
                            head = entries.last.map(Head.init(_:)) ?? head
                        }
                        return (run, head.sequence)
                    }
                }
                for _ in 0..<2 {
                    try await Task.sleep(for: .milliseconds(150))
                    try await server.kill()
                    try await server.restart()
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            // Every call was answered in the end, none twice and none in vain.
            for (run, last) in acknowledged {
                let entries = try await store.entries(of: run, from: 0, limit: 1000)
                #expect(entries.map(\.bytes) == (0...last).map { numbered($0) })
                #expect(try await store.verify(run: run).isSound)
            }
            #expect(acknowledged.count == 4)
        }
    }

    @Test func `what was acknowledged is there when another server takes over, and appending goes on there`()
        async throws
    {
        try await withOwnServer(.init()) { _, first in
            let second = try await first.makeStandby()
            let place = "postgresql://agency@/postgres?host=\(first.folder),\(second.folder)&port=5432,5432"
            let store = try await PostgresLedgerStore.open(
                try PostgresLocation(place),
                settings: .init(timeout: .seconds(60))
            )
            let acknowledged = try await withThrowingTaskGroup(of: (RunID, Head).self) { group in
                for number in 0..<4 {
                    group.addTask {
                        let run = RunID("run-\(number)")
                        var head = Head(emptyRun: run)
                        for event in 0..<200 {
                            let bytes = [numbered(event)]
                            let made = try await store.append(bytes, artefacts: [], to: run, after: head, row: nil)
                            head = made.last.map(Head.init(_:)) ?? head
                        }
                        return (run, head)
                    }
                }
                try await Task.sleep(for: .milliseconds(150))
                try await first.kill()
                try await second.promote()
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(acknowledged.count == 4)
            for (run, head) in acknowledged {
                let entries = try await store.entries(of: run, from: 0, limit: 1000)
                #expect(entries.map(\.bytes) == (0..<200).map { numbered($0) })
                #expect(try await store.verify(run: run, against: head).isSound)
            }
            await store.close()
            try await second.stop()
        }
    }

    @Test func `a server that is not there is reported in time`() async throws {
        try await withTemporaryDirectory { folder in
            let location = try PostgresLocation("postgresql://u:secret@/db?host=\(folder)")
            let error = await #expect(throws: LedgerError.self) {
                _ = try await PostgresLedgerStore.open(location, settings: .init(timeout: .seconds(1)))
            }
            #expect(error?.code == .unavailable)
            #expect(error?.retry == .after(.seconds(1)))
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test func `a server that stands still is given up in time and used again when it goes on`() async throws {
        try await withOwnServer(.init(timeout: .seconds(1))) { store, server in
            let head = Head(emptyRun: "r")
            let first = try await store.append([numbered(0)], artefacts: [], to: "r", after: head, row: nil)
            try await server.pause()
            let start = ContinuousClock.now
            let read = await #expect(throws: LedgerError.self) { _ = try await store.head(of: "r") }
            #expect(read?.code == .unavailable)
            let write = await #expect(throws: LedgerError.self) {
                _ = try await store.append([numbered(1)], artefacts: [], to: "r", after: Head(first[0]), row: nil)
            }
            #expect(write?.code == .unavailable)
            #expect(write?.retry == .afterRereading || write?.retry == .after(.seconds(1)))
            // Ten times the bound, for machines that are busy.
            #expect(start.duration(to: .now) < .seconds(20))
            try await server.resume()
            while (try? await store.head(of: "r")) == nil { try await Task.sleep(for: .milliseconds(50)) }
            // Whether the abandoned append was stored is for the record to say.
            var found = try await store.head(of: "r")
            if found.sequence == 0 {
                do {
                    _ = try await store.append([numbered(1)], artefacts: [], to: "r", after: found, row: nil)
                } catch let error as LedgerError where error.code == .conflict {
                    // It came through after all, between the two calls.
                }
                found = try await store.head(of: "r")
            }
            #expect(found.sequence == 1)
            let bytes = try await store.entries(of: "r", from: 0, limit: 9).map(\.bytes)
            #expect(bytes == [numbered(0), numbered(1)])
        }
    }

    @Test func `listening outlasts a restart and tells what was missed`() async throws {
        try await withOwnServer(.init(timeout: .seconds(30))) { store, server in
            var wakeUps = await store.wakeUps().makeAsyncIterator()
            try await server.kill()
            try await server.restart()
            let head = Head(emptyRun: "r")
            _ = try await store.append([[1]], artefacts: [], to: "r", after: head, row: row("r", isDue: true))
            #expect(await wakeUps.next() == "r")
        }
    }

    @Test func `a lease ends by the clock of the server while its worker stands still`() async throws {
        try await withStore { store, _, _ in
            _ = try await store.append(
                [[1]],
                artefacts: [],
                to: "r",
                after: Head(emptyRun: "r"),
                row: row("r", isDue: true)
            )
            let lost = try #require(try await store.claim("r", worker: "slow", for: .milliseconds(50)))
            var taken: Lease?
            while taken == nil {
                taken = try await store.claimDue(limit: 1, worker: "quick", for: .seconds(60)).first
            }
            #expect(taken?.epoch == lost.epoch + 1)
            #expect(try await store.renew(lost, for: .seconds(60)) == nil)
        }
    }
}
#endif
