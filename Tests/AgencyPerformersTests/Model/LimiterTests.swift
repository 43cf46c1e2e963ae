// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Synchronization
import Testing

@testable import AgencyPerformers

struct LimiterTests {
    @Test func `no more run at once than may`() async throws {
        let limiter = Limiter(concurrency: 3)
        let gauge = Gauge()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await limiter.withPermit {
                        gauge.rise()
                        for _ in 0..<20 { await Task.yield() }
                        gauge.fall()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(gauge.done == 50)
        #expect(gauge.most <= 3)
        #expect(limiter.waiting == 0)
    }

    @Test func `tickets are admitted in the order of asking`() {
        var state = LimiterState(concurrency: 2, perMinute: nil)
        let tickets = (0..<5).map { _ in state.draw() }
        let admitted = tickets.map { state.enter($0, of: "r") }
        #expect(admitted == [[0], [1], [], [], []])
        let left = state.withdraw(2)
        #expect(left)
        let third = state.leave("r")
        #expect(third == [3])
        let fourth = state.leave("r")
        #expect(fourth == [4])
        let none = state.leave("r")
        #expect(none == [])
        let again = state.withdraw(2)
        #expect(!again)
    }

    @Test func `starts are spread over a sliding minute`() {
        var state = LimiterState(concurrency: 9, perMinute: 2)
        #expect(state.book(now: .zero) == .zero)
        #expect(state.book(now: .seconds(10)) == .zero)
        #expect(state.book(now: .seconds(20)) == .seconds(40))
        #expect(state.book(now: .seconds(20)) == .seconds(50))
        #expect(state.book(now: .seconds(20)) == .seconds(100))
        #expect(state.book(now: .seconds(300)) == .zero)
    }

    @Test func `a minute is waited out on the clock that was given`() async throws {
        let clock = InstantClock()
        let limiter = Limiter(concurrency: 1, requestsPerMinute: 1, clock: clock)
        for _ in 0..<3 { try await limiter.withPermit {} }
        #expect(clock.waits == [.seconds(60), .seconds(60)])
    }

    @Test func `one who is cancelled while waiting leaves the queue`() async throws {
        let limiter = Limiter(concurrency: 1)
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await limiter.withPermit { for await _ in gate {} }
                return true
            }
            while await Self.isFree(limiter) { await Task.yield() }
            let cancelled = await withTaskGroup(of: Bool.self) { waiters in
                waiters.addTask {
                    do {
                        try await limiter.withPermit {}
                        return false
                    } catch { return error is CancellationError }
                }
                while limiter.waiting == 0 { await Task.yield() }
                waiters.cancelAll()
                return await waiters.next() ?? false
            }
            #expect(cancelled)
            #expect(limiter.waiting == 0)
            open.finish()
            try await group.waitForAll()
        }
        try await limiter.withPermit {}
    }

    @Test func `an error gives the permit back`() async throws {
        struct Fault: Error {}
        let limiter = Limiter(concurrency: 1)
        await #expect(throws: Fault.self) { try await limiter.withPermit { throw Fault() } }
        try await limiter.withPermit {}
    }

    @Test func `whoever has waited for a turn does not wait again for the first request in it`() async throws {
        let limiter = Limiter(concurrency: 1)
        try await limiter.inTurn(for: "a") {
            #expect(limiter.running == 1)
            try await limiter.withPermit(for: "a") { #expect(limiter.running == 1) }
            // It is somebody else's now, until the next request of this turn has waited for another.
            #expect(limiter.running == 0)
            try await limiter.withPermit(for: "a") { #expect(limiter.running == 1) }
        }
        #expect(limiter.running == 0)
    }

    @Test func `of two requests in one turn the second waits`() async throws {
        let limiter = Limiter(concurrency: 1)
        let gauge = Gauge()
        @Sendable func ask() async throws {
            try await limiter.withPermit(for: "a") {
                gauge.rise()
                for _ in 0..<20 { await Task.yield() }
                gauge.fall()
            }
        }
        try await limiter.inTurn(for: "a") {
            async let one: Void = ask()
            async let other: Void = ask()
            _ = try await (one, other)
        }
        #expect(gauge.done == 2)
        #expect(gauge.most == 1)
        #expect(limiter.running == 0)
    }

    @Test func `a turn in which nobody asks gives its place back, also when it fails`() async throws {
        struct Fault: Error {}
        let limiter = Limiter(concurrency: 1)
        try await limiter.inTurn(for: "a") {}
        #expect(limiter.running == 0)
        await #expect(throws: Fault.self) { try await limiter.inTurn(for: "a") { throw Fault() } }
        #expect(limiter.running == 0)
    }

    @Test func `a place is for a request of its own run to its own limiter`() async throws {
        let limiter = Limiter(concurrency: 2)
        let other = Limiter(concurrency: 1)
        try await limiter.inTurn(for: "a") {
            try await limiter.withPermit(for: "b") { #expect(limiter.running == 2) }
            try await other.withPermit(for: "a") { #expect(other.running == 1) }
            #expect(limiter.running == 1)
        }
        #expect(limiter.running == 0)
    }

    @Test func `one who is cancelled while waiting for a turn does nothing, and leaves the queue`() async throws {
        let limiter = Limiter(concurrency: 1)
        try await limiter.inTurn(for: "a") {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await limiter.inTurn(for: "b") { Issue.record("it was not its turn") }
                    }
                }
                while limiter.waiting == 0 { await Task.yield() }
                group.cancelAll()
            }
            #expect(limiter.waiting == 0)
            #expect(limiter.running == 1)
        }
        #expect(limiter.running == 0)
    }

    /// Counts those that are inside.
    private final class Gauge: Sendable {
        private let counts = Mutex<(now: Int, most: Int, done: Int)>((0, 0, 0))
        var most: Int { counts.withLock { $0.most } }
        var done: Int { counts.withLock { $0.done } }
        func rise() {
            counts.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }
        func fall() {
            counts.withLock {
                $0.now -= 1
                $0.done += 1
            }
        }
    }

    private static func isFree(_ limiter: Limiter) async -> Bool { limiter.running == 0 }
}
