// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Testing

@testable import AgencyPerformers

/// Who gets how much of an endpoint, in simulated time.
@Suite struct FairShareTests {
    @Test func `a run with a thousand requests waiting does not starve one with a single request`() {
        var endpoint = Endpoint(LimiterState(concurrency: 4, perMinute: nil))
        for _ in 0..<1000 { endpoint.ask("greedy", lasting: .seconds(1)) }
        endpoint.pass(.milliseconds(500))
        endpoint.ask("modest", lasting: .seconds(1))
        endpoint.pass(.milliseconds(500))
        #expect(endpoint.waits["modest"] == [.milliseconds(500)])
    }

    @Test func `runs that ask without end have equal shares, however long their requests take`() {
        var endpoint = Endpoint(LimiterState(concurrency: 12, perMinute: nil))
        let runs: [RunID: Duration] = ["short": .milliseconds(50), "middle": .seconds(1), "long": .seconds(7)]
        for (run, length) in runs { for _ in 0..<40_000 { endpoint.ask(run, lasting: length) } }
        endpoint.pass(.seconds(300))
        // A third of twelve places for 300 seconds is 1,200; whoever came first may be ahead by its first requests.
        for run in runs.keys { #expect((1100...1300).contains(endpoint.used[run]?.inWholeSeconds ?? 0), "\(run)") }
    }

    @Test func `a run whose requests hang until their deadline takes its share and no more`() {
        var endpoint = Endpoint(LimiterState(concurrency: 16, perMinute: nil, reserved: 2))
        for _ in 0..<500 { endpoint.ask("stuck", lasting: .seconds(600)) }
        for second in 0..<120 {
            for index in 0..<4 { endpoint.ask(RunID("r\(index)"), lasting: .milliseconds(100)) }
            endpoint.pass(.seconds(1))
            #expect(endpoint.machine.running <= 16, "second \(second)")
        }
        for index in 0..<4 {
            #expect(endpoint.waits[RunID("r\(index)")]?.count == 120)
            #expect((endpoint.waits[RunID("r\(index)")]?.max() ?? .seconds(9)) <= .milliseconds(200))
        }
    }

    @Test func `requests of one run are admitted in the order of asking`() {
        var state = LimiterState(concurrency: 1, perMinute: nil)
        var order: [Int] = []
        for _ in 0..<200 { order += state.enter(state.draw(), of: "r") ?? [] }
        while state.waiting > 0 { order += state.leave("r") }
        #expect(order == Array(0..<200))
    }

    @Test func `a queue that is full refuses, and takes again when there is room`() {
        var state = LimiterState(concurrency: 1, perMinute: nil, longest: 2)
        let admitted = ["a", "a", "b", "c"].map { state.enter(state.draw(), of: $0) }
        #expect(admitted == [[0], [], [], nil])
        let next = state.leave("a")
        #expect(next == [2])
        let later = state.enter(state.draw(), of: "c")
        #expect(later == [])
    }

    @Test func `whoever asks of a limiter whose queue is full is told that it is overloaded`() async throws {
        let limiter = Limiter(concurrency: 1, longest: 1)
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for run in ["a", "b"] as [RunID] {
                group.addTask { try await limiter.withPermit(for: run) { for await _ in gate {} } }
            }
            while limiter.waiting < 1 { await Task.yield() }
            await #expect { try await limiter.withPermit(for: "c") {} } throws: {
                ($0 as? PerformerError)?.code == .overloaded
            }
            open.finish()
            try await group.waitForAll()
        }
        try await limiter.withPermit(for: "c") {}
    }

    @Test(arguments: 0..<200)
    func `whatever comes, places are never exceeded nor left empty, and the least served run goes first`(
        seed: UInt64
    ) throws {
        var random = Dice(state: seed)
        let reserved = Int.random(in: 0...2, using: &random)
        var state = LimiterState(
            concurrency: Int.random(in: 1...6, using: &random),
            perMinute: nil,
            reserved: reserved,
            longest: 50
        )
        var waiting: [RunID: [Int]] = [:]
        var running: [RunID] = []
        func count(_ run: RunID) -> Int { running.count { $0 == run } }
        func take(_ admitted: [Int]) throws {
            for ticket in admitted {
                let run = try #require(waiting.first { $0.value.first == ticket }?.key, "\(ticket) is not the first")
                let least = waiting.keys.map(count).min()
                #expect(count(run) == least)
                waiting[run]?.removeFirst()
                if waiting[run]?.isEmpty == true { waiting[run] = nil }
                running.append(run)
            }
        }
        for _ in 0..<400 {
            let run = RunID("r\(Int.random(in: 0..<5, using: &random))")
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let ticket = state.draw()
                let isFull = waiting.values.reduce(0) { $0 + $1.count } >= 50
                guard let admitted = state.enter(ticket, of: run) else {
                    #expect(isFull)
                    continue
                }
                #expect(!isFull)
                waiting[run, default: []].append(ticket)
                try take(admitted)
            case 5..<9:
                guard let index = running.indices.randomElement(using: &random) else { continue }
                try take(state.leave(running.remove(at: index)))
            default:
                guard let ticket = waiting[run]?.randomElement(using: &random) else { continue }
                let left = state.withdraw(ticket)
                #expect(left)
                waiting[run]?.removeAll { $0 == ticket }
                if waiting[run]?.isEmpty == true { waiting[run] = nil }
                let again = state.withdraw(ticket)
                #expect(!again)
            }
            #expect(state.running == running.count)
            #expect(state.waiting == waiting.values.reduce(0) { $0 + $1.count })
            #expect(running.count <= state.concurrency)
            // Whoever waits while a place is free is kept from it only by what is reserved for others.
            if let least = waiting.keys.map(count).min(), running.count < state.concurrency {
                #expect(least > 0 && state.concurrency - running.count <= state.reserved)
            }
        }
    }
}

/// An endpoint whose requests take their time, and nothing else does.
private struct Endpoint {
    var machine: LimiterState
    var waits: [RunID: [Duration]] = [:]
    /// The time that requests of a run have had a place.
    var used: [RunID: Duration] = [:]
    private var now = Duration.zero
    private var asked: [Int: (run: RunID, at: Duration, length: Duration)] = [:]
    private var ends = Heap<End>()

    private struct End: Comparable {
        var at: Duration
        var ticket: Int
        static func < (left: End, right: End) -> Bool { (left.at, left.ticket) < (right.at, right.ticket) }
    }

    init(_ machine: LimiterState) { self.machine = machine }

    mutating func ask(_ run: RunID, lasting length: Duration) {
        let ticket = machine.draw()
        asked[ticket] = (run, now, length)
        begin(machine.enter(ticket, of: run) ?? [])
    }

    mutating func pass(_ time: Duration) {
        let end = now + time
        while let next = ends.first, next.at <= end {
            ends.removeFirst()
            now = next.at
            guard let request = asked.removeValue(forKey: next.ticket) else { continue }
            used[request.run, default: .zero] += request.length
            begin(machine.leave(request.run))
        }
        now = end
    }

    private mutating func begin(_ tickets: [Int]) {
        for ticket in tickets {
            guard let request = asked[ticket] else { continue }
            waits[request.run, default: []].append(now - request.at)
            ends.insert(End(at: now + request.length, ticket: ticket))
        }
    }
}

/// SplitMix64.
private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Duration {
    fileprivate var inWholeSeconds: Int { Int(components.seconds) }
}
