// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime

/// One history of the whole runtime, with everything that can go wrong on the way, the same for the same seed.
///
/// Workers, desks, performers, workspaces, the ledger, the clock and the order in which anything goes on are drawn from
/// the seed and run on one thread. Processes die, stand still and come back; the ledger forgets what it had not synced;
/// performers fail; people contradict each other. After every event the promises are checked. Then the faults end, and
/// every run has to come to its end.
///
/// ```swift
/// let report = await Simulation(seed: 7).run()
/// #expect(report.violations.isEmpty, "\(report)")
/// ```
public struct Simulation: Sendable {
    /// What everything is drawn from.
    public let seed: UInt64
    /// Which faults there are, or `nil` for those that the seed draws.
    public var faults: SimulatedFaults?
    /// Whether the report lists what happened, line by line.
    public var keepsTrace = false

    /// Makes a history.
    public init(seed: UInt64) { self.seed = seed }

    /// The most jobs of one history; more is a history that goes round in circles.
    static let mostJobs = 400_000

    /// Drives a history to its end, and lets others have the thread from time to time.
    private static func drive(_ executor: SimulatedExecutor) async -> SimulatedExecutor.Ending {
        let limit = executor.jobs + mostJobs
        while executor.jobs < limit {
            if executor.drive(most: 100) == .quiet { return .quiet }
            await Task.yield()
        }
        return .exhausted
    }

    /// Lives through the history.
    public func run() async -> Report {
        var generator = SplitMix64(seed: seed)
        let order = generator.next()
        let chance = Chance(generator.split())
        let drawn = SimulatedFaults(from: chance)
        let scene = Scene(chance: chance, faults: faults ?? drawn, keepsTrace: keepsTrace)
        let history = History(scene: scene)
        let executor = SimulatedExecutor(seed: order, clock: scene.clock)
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: executor) { await history.live() }
            if await Self.drive(executor) == .exhausted { scene.witness.violation("it goes round in circles") }
            if !history.isOver {
                scene.witness.violation("something waits for what never comes")
                group.cancelAll()
                _ = await Self.drive(executor)
            }
            if !history.isOver { fatalError("seed \(seed) waits for something outside of the simulation") }
            await group.waitForAll()
        }
        if executor.strays > 0 { scene.witness.violation("\(executor.strays) jobs came from another thread") }
        return Report(
            seed: seed,
            violations: scene.witness.violations,
            digest: scene.trace.digest,
            events: scene.witness.events,
            jobs: executor.jobs,
            counts: scene.trace.counts,
            endings: history.endings,
            trace: scene.trace.lines
        )
    }

    /// What a history came to.
    public struct Report: Sendable, CustomStringConvertible {
        /// What everything was drawn from.
        public var seed: UInt64
        /// Which promises were broken; empty when none was.
        public var violations: [String]
        /// A number that differs when anything that happened differs.
        public var digest: UInt64
        /// How many events were appended.
        public var events: Int
        /// How many jobs were run.
        public var jobs: Int
        /// What was brought about, and how often.
        public var counts: [String: Int]
        /// How each run ended.
        public var endings: [String]
        /// What happened, line by line, if it was to be kept.
        public var trace: [String]

        /// One line: the command that lives through it again, and what it found.
        public var description: String {
            "AGENCY_SIMULATION_SEED=\(seed) swift test --filter AgencySimulationTests  # \(violations.first ?? "sound")"
        }
    }
}
