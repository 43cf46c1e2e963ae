// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency
import Synchronization

/// What one episode costs when nothing goes on beside it, and whether that grows with the record of its run.
///
/// The run alternates between an evaluation and an explanation, because a person rewrites the goals whenever the options
/// are put before them. Each episode is begun and ended in a commit of its own, and its model answers at once.
enum EpisodeCost {
    static func measure(count: Int) async throws {
        try await withFolder { folder in
            try await MockProcess.with(latency: 0) { url in
                try await withHTTPTransport(environment: [:]) { transport in
                    let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
                    let listener = ListeningTransport(wrapping: transport)
                    let (run, times) = try await perform(count, url: url, store: store, transport: listener)
                    report(times, count: count)
                    if let request = listener.last { try await reportCalls(of: request, over: transport) }
                    try await reportAppends(of: run, in: store, again: folder + "/again.sqlite")
                    try store.close()
                    let bytes = Double(try Floor.sizeInBytes(folder + "/ledger.sqlite"))
                    Figure.report("one episode: its share of the ledger", bytes / Double(count) / 1024, "KiB")
                }
            }
        }
    }

    private static func perform(
        _ count: Int,
        url: String,
        store: SQLiteLedgerStore,
        transport: any HTTPTransport
    ) async throws -> (RunID, [Double]) {
        let architecture = try Board.narrow()
        let restless = RestlessStore(wrapping: store, until: count)
        let agency = Agency(store: restless)
        let cast = try Board.cast(architecture, url: url, concurrency: 1, transport: transport)
        let run = try await agency.start(Board.brief, with: architecture, cast: cast, by: "benchmark")
        let watch = EpisodeWatch()
        let before = Machine.processorSeconds
        let state = try await agency.work(on: run, cast: cast, observe: watch.notice)
        let spent = Machine.processorSeconds - before
        let times = watch.times
        guard state.agenda() == .wait(.choice), state.anomalies.isEmpty, times.count >= count else {
            throw UsageFault("the run did not go as planned: \(times.count) episodes, then \(state.agenda())")
        }
        let each = spent / Double(times.count)
        Figure.report("one episode: processor time", each * 1e6, "µs")
        try reportLabels(state, beside: each)
        return (run, times)
    }

    /// Where every value of an option comes from, which is followed back for each option that is put before a person.
    private static func reportLabels(_ state: RunState, beside episode: Double) throws {
        guard !state.options.isEmpty else { throw UsageFault("there are no options") }
        let times = (0..<200).map { _ in
            seconds {
                let leanings = Leanings(state)
                for option in state.options { _ = leanings.of(option) }
            }
        }
        let each = Sample(times).median / Double(state.options.count)
        Figure.report("the labels of an option, in parts of one episode's processor time", each / episode * 100, "%")
    }

    private static func report(_ times: [Double], count: Int) {
        for start in [100, 1000, count - 100] where start >= 0 && start + 100 <= times.count {
            let range = start..<(start + 100)
            let sample = Sample(times[range])
            let name = "one episode, the \(range.lowerBound)th to the \(range.upperBound)th of a run"
            Figure.report(name + ", p50", sample.median * 1e6, "µs")
            Figure.report(name + ", mean", sample.mean * 1e6, "µs")
        }
    }

    /// The same request over the same transport, its answer read to the end and not looked at.
    private static func reportCalls(of request: HTTPRequest, over transport: any HTTPTransport) async throws {
        let clock = ContinuousClock()
        var times: [Double] = []
        for _ in 0..<1000 {
            let time = try await clock.measure {
                let response = try await transport.send(request)
                for try await _ in response.body {}
            }
            times.append(time.inSeconds)
        }
        Figure.report("of that, the bare HTTP call, p50", Sample(times).median * 1e6, "µs")
    }

    /// The same appends to a store of its own: for each episode the two that it consists of.
    private static func reportAppends(of run: RunID, in store: SQLiteLedgerStore, again path: String) async throws {
        let head = try await store.head(of: run)
        let entries = try await store.entries(of: run, from: max(0, head.sequence - 1500), limit: 2000)
        let row = try await store.runs().first
        let other = try SQLiteLedgerStore(path: path)
        var end = Head(emptyRun: run)
        var times: [Double] = []
        var begun = 0.0
        for entry in entries {
            let reference: ArtefactReference
            let ends: Bool
            switch try RecordedEvent(sequence: entry.sequence, storedBytes: entry.bytes).event {
            case .episodeStarted(let event): (reference, ends) = (event.prompt, false)
            case .episodeCompleted(let event): (reference, ends) = (event.transcript, true)
            default: continue
            }
            guard let bytes = try await store.artefact(reference.digest) else { continue }
            let artefact = Artefact(bytes)
            let time = try await ContinuousClock().measure {
                let made = try await other.append([entry.bytes], artefacts: [artefact], to: run, after: end, row: row)
                if let last = made.last { end = Head(last) }
            }
            if ends { times.append(begun + time.inSeconds) } else { begun = time.inSeconds }
        }
        try other.close()
        Figure.report("of that, the two durable appends, p50", Sample(times).median * 1e6, "µs")
    }
}

/// Takes the time from whatever was recorded before an episode to its end.
private final class EpisodeWatch: Sendable {
    private struct State {
        var last = ContinuousClock.now
        var times: [Double] = []
    }

    private let state = Mutex(State())

    var times: [Double] { state.withLock { $0.times } }

    func notice(_ notice: Agency.Notice) {
        guard case .recorded(let event, _) = notice else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            switch event.event {
            case .episodeStarted: return
            case .episodeCompleted: state.times.append((now - state.last).inSeconds)
            default: break
            }
            state.last = now
        }
    }
}
