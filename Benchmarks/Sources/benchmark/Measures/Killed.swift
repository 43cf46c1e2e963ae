// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenAgency

/// What a kill in the midst of many runs costs: calls that were answered and are made again, and the time until work goes on.
enum Killed {
    /// Measures one kill for each share of all calls.
    ///
    /// - Parameters:
    ///   - count: How many runs there are at once.
    ///   - percents: At which shares of the calls the process is killed.
    ///   - latency: How long the answers take.
    /// - Throws: when a process ends otherwise than it should.
    static func measure(count: Int, percents: [Int], latency: MockLatency) async throws {
        for percent in percents {
            try await withFolder { folder in
                let counts = MockCounts()
                try await MockServer(latency: latency, counts: counts).serve { url in
                    try await kill(
                        count,
                        percent,
                        counts,
                        ["survive", "--url", url, "--folder", folder, "--count", "\(count)"]
                    )
                }
            }
        }
    }

    private static func kill(_ count: Int, _ percent: Int, _ counts: MockCounts, _ command: [String]) async throws {
        let total = count * Survivor.episodes
        let folder = command[4]
        let first = try start(command)
        while counts.answered < total * percent / 100 {
            guard first.isRunning else { throw UsageFault("the runs ended before they could be killed") }
            try await Task.sleep(for: .milliseconds(2))
        }
        Foundation.kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        while counts.active > 0 { try await Task.sleep(for: .milliseconds(5)) }
        let before = counts.calls
        let recorded = try await Survivor.recorded(in: folder, count: count)
        counts.awaitFirst()
        let clock = ContinuousClock()
        let began = clock.now
        let second = try start(command)
        second.waitUntilExit()
        let wall = (clock.now - began).inSeconds
        guard second.terminationStatus == 0 else { throw UsageFault("the runs could not be resumed") }
        let after = counts.calls
        let again = Set(after.filter { $0.value.begun > (before[$0.key]?.begun ?? 0) }.keys)
        let name = "\(count) runs of \(Survivor.episodes) episodes killed at \(percent)%"
        func report(_ what: String, _ number: Int) { Figure.report("\(name): \(what)", Double(number), "calls") }
        report("under way, asked again of need", before.values.count { $0.begun > 0 && $0.answered == 0 })
        report("answered, paid twice", again.count { (before[$0]?.answered ?? 0) > 0 })
        report("recorded, made again", again.count { recorded.contains($0) })
        report("never answered", total - after.values.count { $0.answered > 0 })
        Figure.report("\(name): first new call", counts.first.map { ($0 - began).inSeconds * 1000 } ?? .nan, "ms")
        Figure.report("\(name): to the end of all runs", wall, "s")
    }

    private static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }
}

/// Many runs at once in a process that may be killed at any moment, and goes on where it was when it is started again.
enum Survivor {
    /// The calls of one run.
    static let episodes = 26

    static func work(count: Int, url: String, folder: String) async throws {
        Machine.raiseFileLimit()
        let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
        let architecture = try Board.wide()
        try await withHTTPTransport(environment: [:]) { transport in
            let cast = marked(
                try Board.cast(architecture, url: url, concurrency: 1024, transport: transport),
                architecture
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    let run = name(number)
                    let agency = Agency(store: store, makeRunID: { run })
                    group.addTask {
                        if try await store.head(of: run).isEmpty {
                            _ = try await agency.start(Board.brief, with: architecture, cast: cast, by: "benchmark")
                        }
                        let state = try await agency.work(on: run, cast: cast)
                        let completed = state.episodes.values.count { $0.status == .completed }
                        let verification = try await store.verify(run: run)
                        guard state.agenda() == .wait(.choice), completed == episodes, state.anomalies.isEmpty,
                            verification.isSound
                        else { throw UsageFault("run \(run) did not go as planned: \(state.agenda())") }
                    }
                }
                try await group.waitForAll()
            }
        }
        try store.close()
    }

    /// The calls whose answers are on record, read from a copy, so that whoever is started next finds all as it was left.
    static func recorded(in folder: String, count: Int) async throws -> Set<String> {
        try await withFolder { copy in
            for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
                try FileManager.default.copyItem(atPath: folder + "/" + file, toPath: copy + "/" + file)
            }
            let store = try SQLiteLedgerStore(path: copy + "/ledger.sqlite")
            let agency = Agency(store: store)
            var recorded: Set<String> = []
            for number in 0..<count {
                let run = name(number)
                guard try await !store.head(of: run).isEmpty else { continue }
                for event in try await agency.events(of: run) {
                    guard case .episodeCompleted(let body) = event.event else { continue }
                    recorded.insert("\(run)/\(body.episode)")
                }
            }
            try store.close()
            return recorded
        }
    }

    private static func name(_ number: Int) -> RunID { RunID("r-killed-\(number)") }

    private static func marked(_ cast: Cast, _ architecture: Architecture) -> Cast {
        Cast(
            Set(architecture.roles.compactMap(\.performer)).compactMap { name in
                guard let performer = cast.performer(name), let profile = cast.profile(name) else { return nil }
                return (profile, MarkingPerformer(performer: performer))
            }
        )
    }
}

/// Names each call in its prompt, so that a mock server can count it.
private struct MarkingPerformer: Performer {
    let performer: any Performer

    var about: String { performer.about }

    func respond(to request: TurnRequest) async throws -> Turn {
        var request = request
        request.messages.append(.user([.text(MockCounts.mark("\(request.run)/\(request.episode)"))]))
        return try await performer.respond(to: request)
    }
}
