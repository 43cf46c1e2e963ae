// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency
import Synchronization

/// What it takes to have thousands of episodes in flight at once in one process, each of a run of its own.
///
/// A pool claims every run. No performer answers before all of them have been asked; then all answer at once, and go on to
/// where a person is to choose. Performers are in the process, so that what is measured is the runtime and the ledger.
enum ManyInFlight {
    static func measure(count: Int) async throws {
        Machine.raiseFileLimit()
        try await withFolder { folder in
            let ledger = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
            let store = TimingStore(wrapping: ledger)
            let architecture = try Board.narrow()
            let performer = PatientPerformer(of: architecture, until: count)
            let cast = Cast(everyone: performer, in: architecture)
            let agency = Agency(store: store)
            let idle = Machine.peakMemory
            try await begin(count, agency, architecture, cast)
            store.forget()
            var settings = WorkerPool.Settings(name: "benchmark", runs: count, endsWhenIdle: true)
            settings.lease = .seconds(120)
            let waits = Mutex<[Double]>([])
            let pool = WorkerPool(agency: agency, leases: ledger, settings: settings) { _, work in
                try await work(cast, nil)
                waits.withLock { $0.append(performer.secondsSinceAnswers) }
            }
            let spent = Machine.processorSeconds
            let wall = try await ContinuousClock().measure { try await pool.run() }.inSeconds
            let processor = Machine.processorSeconds - spent
            let waiting = try await ledger.runs().count { !$0.isDue && $0.status == "choose" }
            guard waiting == count, performer.mostInFlight >= count else {
                throw UsageFault(
                    "\(waiting) runs came to a choice, and \(performer.mostInFlight) episodes were in flight"
                )
            }
            report(count, store.figures, waits.withLock { $0 }, wall, processor, idle)
            try ledger.close()
        }
    }

    private static func begin(_ count: Int, _ agency: Agency, _ architecture: Architecture, _ cast: Cast) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 256 { try await group.next() }
                group.addTask {
                    _ = try await agency.start(Board.brief, with: architecture, cast: cast, by: "benchmark")
                }
            }
            try await group.waitForAll()
        }
    }

    private static func report(
        _ count: Int,
        _ figures: TimingStore.Figures,
        _ waits: [Double],
        _ wall: Double,
        _ processor: Double,
        _ idle: Double
    ) {
        let name = "\(count) episodes in flight"
        let appends = Sample(figures.seconds)
        let waits = Sample(waits)
        Figure.report("\(name): durable events a second", Double(figures.events) / wall, "/s")
        Figure.report("\(name): one append, p50", appends.median * 1e3, "ms")
        Figure.report("\(name): one append, p99", appends.quantile(0.99) * 1e3, "ms")
        Figure.report("\(name): a run from all answers to its choice, p50", waits.median * 1e3, "ms")
        Figure.report("\(name): a run from all answers to its choice, p99", waits.quantile(0.99) * 1e3, "ms")
        Figure.report("\(name): peak memory", Machine.peakMemory, "MiB")
        Figure.report("\(name): memory for each", (Machine.peakMemory - idle) / Double(count) * 1024, "KiB")
        Figure.report("\(name): processor time for each event", processor / Double(figures.events) * 1e6, "µs")
    }
}

/// Answers for every role, but nobody before so many have asked.
private final class PatientPerformer: Performer {
    private struct State {
        var inFlight = 0
        var mostInFlight = 0
        /// Since when it answers.
        var openSince: ContinuousClock.Instant?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let about = "a performer that waits for the others"
    private let outputs: [RoleName: JSONValue]
    private let count: Int
    private let state = Mutex(State())

    init(of architecture: Architecture, until count: Int) {
        outputs = Dictionary(architecture.roles.map { ($0.name, MockAnswers.output(of: $0)) }) { first, _ in first }
        self.count = count
    }

    var mostInFlight: Int { state.withLock { $0.mostInFlight } }
    var secondsSinceAnswers: Double { state.withLock { $0.openSince.map { (.now - $0).inSeconds } ?? 0 } }

    func respond(to request: TurnRequest) async throws -> Turn {
        await withCheckedContinuation { continuation in
            let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.inFlight += 1
                state.mostInFlight = max(state.mostInFlight, state.inFlight)
                if state.inFlight >= count, state.openSince == nil { state.openSince = .now }
                state.waiting.append(continuation)
                guard state.openSince != nil else { return [] }
                defer { state.waiting = [] }
                return state.waiting
            }
            for waiter in woken { waiter.resume() }
        }
        state.withLock { $0.inFlight -= 1 }
        return Turn(text: outputs[request.role, default: .null].compactText, usage: Usage(calls: 1), performer: about)
    }
}
