// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Foundation
import OpenAgency
import Synchronization

/// How long the pages of the decision desk take over a ledger of very many runs and one of very many events, and how soon
/// pages that are open hear of what happens.
enum DeskCost {
    static func measure(program: String, runs: Int, steps: Int, clients: Int) async throws {
        guard !program.isEmpty else { throw UsageFault("name the program with --program") }
        Machine.raiseFileLimit()
        try await withFolder { folder in
            Output.note("filling a ledger with \(runs) runs and one of \(steps) steps")
            let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
            let long = try await Tower.record(disks: 20, steps: steps, in: store)
            let waiting = try await fill(store, runs: runs)
            try await DeskProcess.with(program: program, folder: folder) { desk in
                try await pages(desk, long: long, waiting: waiting, runs: runs, steps: steps)
                try await fanOut(desk, Agency(store: store), waiting, clients: clients)
            }
            try store.close()
        }
    }

    /// One in fifty waits for a choice, after all that comes before it; the others have begun.
    private static func fill(_ store: SQLiteLedgerStore, runs: Int) async throws -> RunID {
        let simulated = SimulatedRun(critique: 0)
        let performer = ScriptedPerformer { .output(simulated.output(of: $0.episode)) }
        let cast = Cast(everyone: performer, in: simulated.architecture)
        let agency = Agency(store: store, durability: .relaxed)
        var last: RunID = ""
        for number in 0..<runs {
            let run = try await agency.start(
                simulated.brief,
                with: simulated.architecture,
                cast: cast,
                tools: simulated.tools,
                workspace: "notes",
                by: "benchmark"
            )
            guard number.isMultiple(of: 50) else { continue }
            _ = try await agency.work(on: run, cast: cast, world: simulated.makeWorld())
            last = run
        }
        return last
    }

    private static func pages(_ desk: DeskProcess, long: RunID, waiting: RunID, runs: Int, steps: Int) async throws {
        let places = [
            ("floor: a file of 150 bytes from memory", "/icon.svg"), ("the inbox of \(runs) runs", "/"),
            ("the page of a run that waits for a choice", "/runs/\(waiting)"),
            ("the page of a run of \(steps) steps", "/runs/\(long)"),
            ("200 events in the midst of those", "/runs/\(long)/events?from=\(steps / 2)"),
        ]
        for (name, path) in places {
            var times: [Double] = []
            var bytes = 0
            for _ in 0..<21 {
                let start = ContinuousClock.now
                bytes = try await desk.get(path)
                times.append(start.duration(to: .now) / .seconds(1))
            }
            // Whoever comes first waits for what is read once.
            Figure.report("desk: \(name), first", times[0] * 1000, "ms")
            Figure.report("desk: \(name), p50", Sample(times.dropFirst()).median * 1000, "ms")
            Figure.report("desk: \(name)", Double(bytes) / 1024, "KiB")
        }
    }

    /// So many pages listen to one run; from when an event is on the ledger, how long it takes until each has heard of it.
    private static func fanOut(_ desk: DeskProcess, _ agency: Agency, _ run: RunID, clients: Int) async throws {
        let person = Person(name: "benchmark", identifiedBy: "a benchmark")
        let rounds = 5
        let heard = Heard(rounds: rounds)
        let after = try await agency.state(of: run).sequence
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask { try await desk.listen(to: run, after: after) { heard.note($0 - after - 1) } }
            }
            try await Task.sleep(for: .seconds(3))
            let idle = desk.processorSeconds
            try await Task.sleep(for: .seconds(10))
            Figure.report(
                "desk: \(clients) pages that listen, processor time a second",
                (desk.processorSeconds - idle) * 100,
                "ms"
            )
            var first: [Double] = []
            var all: [Double] = []
            for round in 0..<rounds {
                if round.isMultiple(of: 2) {
                    try await agency.pause(run, by: person)
                } else {
                    try await agency.letGoOn(run, by: person)
                }
                let start = ContinuousClock.now
                while heard.times(round).count < clients {
                    guard start.duration(to: .now) < .seconds(30) else {
                        throw UsageFault("only \(heard.times(round).count) of \(clients) pages heard of it")
                    }
                    try await Task.sleep(for: .milliseconds(20))
                }
                let times = heard.times(round).map { max(0, start.duration(to: $0) / .seconds(1)) }
                first.append(Sample(times).least)
                all.append(Sample(times).quantile(1))
            }
            Figure.report("desk: \(clients) pages hear of an event, the first", Sample(first).median * 1000, "ms")
            Figure.report("desk: \(clients) pages hear of an event, the last", Sample(all).median * 1000, "ms")
            Figure.report(
                "desk: \(clients) pages, from the first to the last",
                Sample(zip(all, first).map { $0 - $1 }).median * 1000,
                "ms"
            )
            Figure.report("desk: memory with \(clients) pages that listen", desk.memory, "MiB")
            group.cancelAll()
            while let result = await group.nextResult() { _ = result }
        }
    }
}

/// When each page heard of each event.
private final class Heard: Sendable {
    private let state: Mutex<[[ContinuousClock.Instant]]>

    init(rounds: Int) { state = Mutex(Array(repeating: [], count: rounds)) }

    func note(_ round: Int) {
        let now = ContinuousClock.now
        state.withLock { if $0.indices.contains(round) { $0[round].append(now) } }
    }

    func times(_ round: Int) -> [ContinuousClock.Instant] { state.withLock { $0[round] } }
}
