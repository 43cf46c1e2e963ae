// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Synchronization
import Testing

@testable import AgencyRuntime

@Suite struct TurnstileTests {
    private final class Counts: Sendable {
        struct State {
            var inside = 0
            var greatest = 0
            var through = 0
        }

        struct Refused: Error {}

        let state = Mutex(State())

        func visit(fails: Bool) async throws {
            state.withLock {
                $0.inside += 1
                $0.greatest = max($0.greatest, $0.inside)
            }
            await Task.yield()
            state.withLock {
                $0.inside -= 1
                $0.through += 1
            }
            if fails { throw Refused() }
        }
    }

    @Test(arguments: [1, 3])
    func `no more than so many are inside, everybody comes through, and a fault gives the place back`(most: Int) async {
        let turnstile = Turnstile(most: most)
        let counts = Counts()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { try? await turnstile.pass { try await counts.visit(fails: number.isMultiple(of: 3)) } }
            }
        }
        #expect(counts.state.withLock { $0.inside == 0 && $0.through == 200 })
        #expect((1...most).contains(counts.state.withLock { $0.greatest }))
    }

    @Test func `many who come to a choice at once read the list of runs once, also after it could not be read`()
        async throws
    {
        let store = CountingStore(wrapping: InMemoryLedgerStore())
        let shelf = RecordShelf(store)
        func ask(at milliseconds: Int64?) async -> Int {
            await withTaskGroup(of: Bool.self) { group in
                for late in 0..<50 {
                    group.addTask {
                        (try? await shelf.over(of: "any", at: milliseconds.map { $0 + Int64(late) })) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        store.failures.withLock { $0 = 1 }
        #expect(await ask(at: 10_000) == 49)
        #expect(store.reads.withLock { $0 } == 2)
        #expect(await ask(at: 10_500) == 50)
        #expect(store.reads.withLock { $0 } == 2)
        // A second later it is read again, and for whoever needs it as it is, each time.
        #expect(await ask(at: 12_000) == 50)
        #expect(store.reads.withLock { $0 } == 3)
        #expect(await ask(at: nil) == 50)
        #expect(store.reads.withLock { $0 } == 53)
    }
}

/// Counts how often the list of runs is read, and fails as often as it is told.
private final class CountingStore: WrappingLedgerStore {
    let store: any LedgerStore
    let reads = Mutex(0)
    let failures = Mutex(0)

    init(wrapping store: any LedgerStore) { self.store = store }

    func runs() async throws -> [RunRow] {
        reads.withLock { $0 += 1 }
        for _ in 0..<20 { await Task.yield() }
        let fails = failures.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        if fails { throw LedgerError(.unavailable, "the disk is gone for a moment") }
        return try await store.runs()
    }
}
