// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Foundation
import OpenAgency

/// What worker processes that share one PostgreSQL do in a second, beside what the server takes by itself.
enum ManyWorkers {
    private static let concurrency = 256
    private static let episodes = 26

    static func measure(workers counts: [Int], runs: Int, sequential: Int) async throws {
        guard PostgresServer.isInstalled else { throw UsageFault(PostgresServer.installation) }
        Machine.raiseFileLimit()
        let server = try await PostgresServer.start()
        do {
            try await reportFloor(server)
            try await MockProcess.with(latency: 0) { mock in
                try await reportOneRun(server, mock: mock, episodes: sequential)
                for count in counts { try await reportWorkers(server, mock: mock, workers: count, runs: runs) }
            }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// The server's own bench program, with nothing of ours: a row of 1 KiB and a commit, over and over.
    private static func reportFloor(_ server: PostgresServer) async throws {
        let url = try await server.makeDatabase()
        try await server.psql(url, "CREATE TABLE rows (place bigserial PRIMARY KEY, bytes bytea NOT NULL)")
        for clients in [1, 4] {
            let rate = try await server.pgbench(
                url,
                "INSERT INTO rows (bytes) VALUES (decode(repeat('07', 1024), 'hex'));",
                clients: clients,
                count: 3000 / clients
            )
            let name = clients == 1 ? "1 connection" : "\(clients) connections"
            Figure.report("floor: PostgreSQL, a row of 1 KiB and a commit, \(name)", rate, "/s")
        }
    }

    /// One run whose episodes follow one another, each durable before the next is begun.
    private static func reportOneRun(_ server: PostgresServer, mock: String, episodes: Int) async throws {
        let store = try await open(try await server.makeDatabase())
        try await withHTTPTransport(environment: [:]) { transport in
            let architecture = try Board.narrow()
            let agency = Agency(store: RestlessStore(wrapping: store, until: episodes))
            let cast = try Board.cast(architecture, url: mock, concurrency: 1, transport: transport)
            let run = try await agency.start(Board.brief, with: architecture, cast: cast, by: "benchmark")
            let spent = Machine.processorSeconds
            var state: RunState?
            let wall = try await ContinuousClock().measure { state = try await agency.work(on: run, cast: cast) }
            guard let state, state.agenda() == .wait(.choice), state.anomalies.isEmpty else {
                throw UsageFault("the run did not go as planned")
            }
            let done = Double(state.episodes.values.count { $0.status == .completed })
            Figure.report("PostgreSQL, 1 run, one episode after another", done / wall.inSeconds, "episodes/s")
            let processor = (Machine.processorSeconds - spent) / done * 1e6
            Figure.report("PostgreSQL, 1 run: processor time of ours for each episode", processor, "µs")
        }
        await store.close()
    }

    private static func reportWorkers(_ server: PostgresServer, mock: String, workers: Int, runs: Int) async throws {
        let url = try await server.makeDatabase()
        let store = try await open(url)
        let names = try await enqueue(runs, in: store, mock: mock)
        let pools = try (0..<workers).map { try WorkerProcess(url: url, mock: mock, name: "worker-\($0)") }
        for pool in pools { try pool.awaitReadiness() }
        let wall = try await ContinuousClock().measure {
            for pool in pools { pool.begin() }
            while try await store.rows(of: names).contains(where: \.isDue) {
                guard pools.contains(where: \.isRunning) else { throw UsageFault("the workers have ended") }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        for pool in pools { try pool.end() }
        let agency = Agency(store: store)
        for run in names {
            let state = try await agency.state(of: run)
            let completed = state.episodes.values.count { $0.status == .completed }
            guard state.agenda() == .wait(.choice), completed == episodes, state.anomalies.isEmpty else {
                throw UsageFault("run \(run) did not go as planned: \(completed) episodes, then \(state.agenda())")
            }
        }
        await store.close()
        let name = workers == 1 ? "1 worker" : "\(workers) workers"
        let rate = Double(runs * episodes) / wall.inSeconds
        Figure.report("PostgreSQL, \(name), \(runs) runs of 26 episodes", rate, "episodes/s")
    }

    private static func enqueue(_ count: Int, in store: PostgresLedgerStore, mock: String) async throws -> [RunID] {
        let architecture = try Board.wide()
        return try await withHTTPTransport(environment: [:]) { transport in
            let cast = try Board.cast(architecture, url: mock, concurrency: 1, transport: transport)
            let agency = Agency(store: store)
            return try await withThrowingTaskGroup(of: RunID.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        try await agency.start(Board.brief, with: architecture, cast: cast, by: "benchmark")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
    }

    /// What each worker process does: it works on what is due from when a line comes in until its input ends.
    static func work(url: String, mock: String, name: String) async throws {
        Machine.raiseFileLimit()
        let store = try await open(url)
        let architecture = try Board.wide()
        try await withHTTPTransport(environment: [:]) { transport in
            let cast = try Board.cast(architecture, url: mock, concurrency: concurrency, transport: transport)
            let pool = WorkerPool(
                agency: Agency(store: store),
                leases: store,
                settings: .init(name: name, runs: 64),
                stage: { _, work in try await work(cast, nil) }
            )
            Output.line("ready")
            guard await nextLine() != nil else { return }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pool.run() }
                while await nextLine() != nil {}
                pool.stop()
                try await group.waitForAll()
            }
        }
        await store.close()
    }

    private static func nextLine() async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: readLine()) }
        }
    }

    private static func open(_ url: String) async throws -> PostgresLedgerStore {
        try await PostgresLedgerStore.open(try PostgresLocation(url), settings: .init(timeout: .seconds(60)))
    }
}

/// A worker as a process of its own, as it would be on another machine.
private final class WorkerProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(url: String, mock: String, name: String) throws {
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["worker", "--url", url, "--mock", mock, "--name", name]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func awaitReadiness() throws {
        guard !output.fileHandleForReading.availableData.isEmpty else { throw UsageFault("a worker did not start") }
    }

    func begin() { input.fileHandleForWriting.write(Data("go\n".utf8)) }

    func end() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw UsageFault("a worker ended badly") }
    }
}
