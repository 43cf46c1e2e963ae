// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenAgency

/// What many runs at once take in one process over one ledger.
enum ManyRuns {
    /// Requests in flight at once: as many as the transport has connections for.
    private static let concurrency = 1024
    /// Stages that wait for one another: propose, critique, evaluate, explain.
    private static let latencies = 4
    private static let episodes = 26

    static func measure(count: Int, latency: Int, delivery: Profile.Delivery) async throws {
        Machine.raiseFileLimit()
        try await withFolder { folder in
            try await MockProcess.with(latency: latency) { url in
                try await withHTTPTransport(environment: [:]) { transport in
                    let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
                    let spent = Machine.processorSeconds
                    let wall = try await ContinuousClock().measure {
                        try await work(count, url: url, delivery, store: store, transport: transport)
                    }
                    report(name(count, delivery), count, latency, wall.inSeconds, Machine.processorSeconds - spent)
                    try store.close()
                    // Runs that say the same share their artefacts, so that only one by itself shows what is kept.
                    guard count == 1 else { return }
                    let bytes = Double(try Floor.sizeInBytes(folder + "/ledger.sqlite"))
                    Figure.report(
                        "\(name(count, delivery)): the ledger, for each episode",
                        bytes / Double(episodes) / 1024,
                        "KiB"
                    )
                }
            }
        }
    }

    private static func work(
        _ count: Int,
        url: String,
        _ delivery: Profile.Delivery,
        store: any LedgerStore,
        transport: any HTTPTransport
    ) async throws {
        let architecture = try Board.wide()
        let cast = try Board.cast(
            architecture,
            url: url,
            delivery: delivery,
            concurrency: concurrency,
            transport: transport
        )
        let agency = Agency(store: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let run = try await agency.start(Board.brief, with: architecture, cast: cast, by: "benchmark")
                    let state = try await agency.work(on: run, cast: cast)
                    let completed = state.episodes.values.count { $0.status == .completed }
                    guard state.agenda() == .wait(.choice), completed == episodes, state.anomalies.isEmpty else {
                        throw UsageFault(
                            "run \(run) did not go as planned: \(completed) episodes, then \(state.agenda())"
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func report(_ name: String, _ count: Int, _ latency: Int, _ wall: Double, _ processor: Double) {
        let ideal = Double(latency * latencies) / 1000
        Figure.report("\(name): wall time", wall, "s")
        Figure.report("\(name): wall time, in times of the ideal \(ideal) s", wall / ideal, "×")
        Figure.report("\(name): processor time for each run", processor / Double(count) * 1000, "ms")
        Figure.report("\(name): peak memory", Machine.peakMemory, "MiB")
    }

    private static func name(_ count: Int, _ delivery: Profile.Delivery) -> String {
        let runs = count == 1 ? "1 run of 26 episodes" : "\(count) runs of 26 episodes at once"
        return delivery == .stream ? runs + ", streamed" : runs
    }
}
