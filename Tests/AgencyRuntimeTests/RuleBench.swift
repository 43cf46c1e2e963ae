// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization

/// Run after run of the simulated undertaking in one ledger, at one desk, with a mandate that the architecture allows.
struct RuleBench: Sendable {
    var simulated: SimulatedRun
    let store: any LedgerStore
    let clock = SteppedClock()
    let agency: Agency
    private let names = RunNumbers()

    init(store: any LedgerStore = InMemoryLedgerStore(), mandate: MandateTerms? = RuleBench.terms) throws {
        simulated = SimulatedRun(critique: 0)
        simulated.brief.stakes = .low
        for index in simulated.architecture.flow.indices where simulated.architecture.flow[index].word == "choose" {
            simulated.architecture.flow[index] = .choose(Choosing(expires: 3600, returns: 1, mandate: mandate))
        }
        self.store = store
        let (clock, names) = (clock, names)
        agency = Agency(
            store: store,
            clock: clock,
            now: { clock.nowMilliseconds },
            makeRunID: { RunID("r-\(names.next())") },
            desk: try Self.desk("here")
        )
    }

    static let terms = MandateTerms(success: 0.5, cases: 5, stakes: .low, atLeast: 0.8)

    static func desk(_ name: String) throws -> Desk {
        try Desk(try SigningKey(name: name, seed: Digest(of: "seed of \(name)").octets))
    }

    /// Who performs: evaluators prefer the first option, and the plans come true or do not.
    func performer(
        as name: String = "simulated",
        comesTrue: Bool = true,
        probability: Double = 0.9,
        objections: [(statement: String, severity: Objection.Severity)] = []
    ) -> ScriptedPerformer {
        let simulated = simulated
        return ScriptedPerformer(about: name) { request in
            let parts = request.episode.rawValue.split(separator: ".").map(String.init)
            switch parts[1] {
            case "propose":
                let steps = SimulatedRun.steps(first: "a", second: "b", third: "third", forecast: comesTrue ? 1 : 2)
                return .output(SimulatedRun.proposal("Proposal \(parts.last ?? "")", steps))
            case "evaluate":
                let criteria = simulated.architecture.role(RoleName(parts[2]))?.criteria ?? []
                let isFirst = parts.last == "p1"
                return .output(
                    SimulatedRun.evaluation(
                        scores: criteria.map { ($0, 7) },
                        probability: isFirst ? probability : probability - 0.2,
                        objections: isFirst ? objections : []
                    )
                )
            default: return .output(simulated.output(of: request.episode))
            }
        }
    }

    /// Carries one run as far as it goes, with a person choosing the first option wherever one is asked.
    @discardableResult
    func carry(
        _ performer: ScriptedPerformer? = nil,
        brief: Brief? = nil,
        choosing isChosen: Bool = true
    ) async throws -> RunState {
        clock.advance(by: .seconds(1))
        let cast = Cast(everyone: performer ?? self.performer(), in: simulated.architecture)
        let world = simulated.makeWorld()
        let run = try await agency.start(
            brief ?? simulated.brief,
            with: simulated.architecture,
            cast: cast,
            tools: SimulatedWorld.manifests,
            workspace: "notes",
            by: "starter"
        )
        return try await finish(run, cast, world, choosing: isChosen)
    }

    /// Carries a run that was begun as far as it goes.
    func finish(
        _ run: RunID,
        _ cast: Cast,
        _ world: SimulatedWorld,
        choosing isChosen: Bool = true
    ) async throws -> RunState {
        for _ in 0..<6 {
            let state = try await agency.work(on: run, cast: cast, world: world)
            guard isChosen, state.agenda() == .wait(.choice), let shown = state.sheet?.digest else { return state }
            clock.advance(by: .seconds(1))
            let id = state.options.first?.id ?? ""
            try await agency.choose(.option(id), in: run, shown: shown, by: Bench.person, reason: "it looks sound")
        }
        return try await agency.state(of: run)
    }
}

private final class RunNumbers: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
