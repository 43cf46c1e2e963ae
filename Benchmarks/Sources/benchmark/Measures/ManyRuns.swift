// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenAgency

/// What many runs at once take in one process over one ledger.
struct ManyRuns {
    let count: Int
    let workload: Workload
    /// How long each answer takes, in milliseconds.
    let latency: Int
    let delivery: Profile.Delivery

    /// Requests in flight at once: as many as the transport has connections for.
    private static let concurrency = 1024

    func measure() async throws {
        Machine.raiseFileLimit()
        try await withFolder { folder in
            try await MockProcess.with(latency: latency) { url in
                try await withHTTPTransport(environment: [:]) { transport in
                    let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
                    let spent = Machine.processorSeconds
                    let wall = try await ContinuousClock().measure {
                        try await work(url: url, store: store, transport: transport)
                    }
                    report(wall: wall.inSeconds, processor: Machine.processorSeconds - spent)
                    try store.close()
                    // Runs that say the same share their artefacts, so that only one by itself shows what is kept.
                    guard count == 1 else { return }
                    let bytes = Double(try Floor.sizeInBytes(folder + "/ledger.sqlite"))
                    Figure.report(
                        "\(name): the ledger, for each episode",
                        bytes / Double(workload.episodes) / 1024,
                        "KiB"
                    )
                }
            }
        }
    }

    private func work(url: String, store: any LedgerStore, transport: any HTTPTransport) async throws {
        let cast = try Board.cast(
            workload.architecture,
            url: url,
            delivery: delivery,
            concurrency: Self.concurrency,
            transport: transport
        )
        let agency = Agency(store: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask {
                    let brief = workload.brief(number)
                    let run = try await agency.start(brief, with: workload.architecture, cast: cast, by: "benchmark")
                    let state = try await agency.work(on: run, cast: cast)
                    let completed = workload.completed(state)
                    guard state.agenda() == .wait(.choice), completed == workload.episodes, state.anomalies.isEmpty
                    else {
                        throw UsageFault(
                            "run \(run) did not go as planned: \(completed) episodes, then \(state.agenda())"
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func report(wall: Double, processor: Double) {
        let ideal = Double(latency * workload.latencies) / 1000
        Figure.report("\(name): wall time", wall, "s")
        Figure.report("\(name): wall time, in times of the ideal \(ideal) s", wall / ideal, "×")
        Figure.report("\(name): processor time for each run", processor / Double(count) * 1000, "ms")
        Figure.report("\(name): peak memory", Machine.peakMemory, "MiB")
    }

    private var name: String {
        let episodes = "\(workload.episodes) \(workload.name)"
        let runs = count == 1 ? "1 run of \(episodes)" : "\(count) runs of \(episodes) at once"
        return delivery == .stream ? runs + ", streamed" : runs
    }
}
