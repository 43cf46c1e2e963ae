// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency
import Synchronization

/// One long run of small episodes over HTTP, one call each, and each on record before the next.
enum SmallSteps {
    /// Who takes the steps.
    static let role = "stepper"

    static func measure(count: Int, durability: Durability) async throws {
        try await withFolder { folder in
            try await MockProcess.with(latency: 0) { url in
                try await withHTTPTransport(environment: [:]) { transport in
                    let path = folder + "/ledger.sqlite"
                    let store = try SQLiteLedgerStore(path: path)
                    try await measure(count, durability, url: url, store: store, transport: transport)
                    try store.close()
                    let bytes = Double(try Floor.sizeInBytes(path))
                    Figure.report("\(name(count, durability)): the ledger an episode", bytes / Double(count), "B")
                }
            }
        }
    }

    private static func measure(
        _ count: Int,
        _ durability: Durability,
        url: String,
        store: SQLiteLedgerStore,
        transport: any HTTPTransport
    ) async throws {
        var role = Role(
            name: RoleName(Self.role),
            kind: .advance,
            performer: "model",
            instructions: "Do the next small thing."
        )
        role.reads = [.brief]
        let architecture = Architecture(
            name: "steps",
            roles: [role],
            flow: [.iterate(role: role.name, atMost: count)]
        )
        let cast = try Board.cast(architecture, url: url, concurrency: 1, transport: transport)
        let agency = Agency(store: store, durability: durability)
        let run = try await agency.start(brief(count), with: architecture, cast: cast, by: "benchmark")
        let ends = Mutex<[ContinuousClock.Instant]>([])
        let before = Machine.processorSeconds
        let start = ContinuousClock.now
        let state = try await agency.work(on: run, cast: cast) { notice in
            guard case .recorded(let event, _) = notice, case .stateAdvanced = event.event else { return }
            ends.withLock { $0.append(.now) }
        }
        let seconds = (ContinuousClock.now - start).inSeconds
        let spent = Machine.processorSeconds - before
        guard let work = state.iteration, work.isDone, work.number == count, state.anomalies.isEmpty else {
            throw UsageFault("the work did not go as planned: \(state.agenda()) \(state.anomalies.prefix(3))")
        }
        let name = name(count, durability)
        Figure.report("\(name): episodes a second", Double(count) / seconds, "/s")
        Figure.report("\(name): processor time an episode", spent / Double(count) * 1e6, "µs")
        Figure.report("\(name): peak memory", Machine.peakMemory, "MiB")
        let times = ends.withLock { $0 }
        if times.count >= 300 {
            let first = (times[200] - times[100]).inSeconds
            let last = (times[times.count - 1] - times[times.count - 101]).inSeconds
            Figure.report("\(name): the last hundred against the second", last / first, "×")
        }
    }

    private static func brief(_ count: Int) -> Brief {
        let done = Check(tool: "state", arguments: ["pointer": "/step"], expect: .atLeast(1))
        return Brief(
            name: "steps",
            title: "Do small things, one after another",
            goals: [Goal(id: "done", want: "All of them are done.", check: done)],
            state: ["step": 0, "of": .integer(Int64(count)), "result": ""]
        )
    }

    private static func name(_ count: Int, _ durability: Durability) -> String {
        "\(count) small episodes over HTTP, \(durability == .full ? "full" : "relaxed")"
    }
}
