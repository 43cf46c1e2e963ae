// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit

/// An agency with everything in memory, a clock that is moved by hand, and one run of the simulated undertaking.
struct Bench: Sendable {
    static let person = Person(name: "chooser", identifiedBy: "test")

    var simulated: SimulatedRun
    let store: any LedgerStore
    let clock: SteppedClock
    let performer: ScriptedPerformer
    let world: SimulatedWorld
    let agency: Agency
    let cast: Cast
    let run: RunID

    /// Starts a run.
    init(
        _ simulated: SimulatedRun = SimulatedRun(),
        store: any LedgerStore = InMemoryLedgerStore(),
        performer: ScriptedPerformer? = nil,
        world: SimulatedWorld? = nil,
        profile: Profile? = nil,
        tools: [ToolManifest] = SimulatedWorld.manifests,
        clock: SteppedClock = SteppedClock()
    ) async throws {
        self.simulated = simulated
        self.store = store
        self.clock = clock
        self.performer = performer ?? simulated.makePerformer()
        self.world = world ?? simulated.makeWorld()
        agency = Self.agency(store, clock)
        if let profile {
            cast = Cast([(profile: profile, performer: self.performer)])
        } else {
            cast = Cast(everyone: self.performer, in: simulated.architecture)
        }
        run = try await agency.start(
            simulated.brief,
            with: simulated.architecture,
            cast: cast,
            tools: tools,
            workspace: "notes",
            by: "starter"
        )
    }

    /// An agency as another process would have it: nothing shared but the store and the time.
    static func agency(_ store: any LedgerStore, _ clock: SteppedClock) -> Agency {
        Agency(store: store, clock: clock, now: { clock.nowMilliseconds }, makeRunID: { "r-test" })
    }

    var another: Agency { Self.agency(store, clock) }

    @discardableResult
    func work() async throws -> RunState { try await agency.work(on: run, cast: cast, world: world) }

    /// Chooses an option, the first if none is named, from what stands now.
    @discardableResult
    func choose(_ option: ProposalID? = nil, reason: String = "it looks sound") async throws -> RunState {
        let state = try await agency.state(of: run)
        let id = option ?? state.options.first?.id ?? ""
        return try await decide(.option(id), reason: reason)
    }

    @discardableResult
    func decide(_ verdict: Choice.Verdict, reason: String = "it looks sound") async throws -> RunState {
        let state = try await agency.state(of: run)
        let shown = state.sheet?.digest ?? Digest(of: "")
        return try await agency.choose(verdict, in: run, shown: shown, by: Self.person, reason: reason)
    }

    func state() async throws -> RunState { try await agency.state(of: run) }

    func events() async throws -> [Event] { try await agency.events(of: run).map(\.event) }

    /// The kinds of the events, with runs of the same kind as one.
    func kinds() async throws -> [String] {
        try await events().map(\.type).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// Works and chooses the first option until the run is over.
    func finish(decisions: Int = 8) async throws -> RunState {
        for _ in 0..<decisions {
            let state = try await work()
            guard state.agenda() == .wait(.choice) else { return state }
            try await choose()
        }
        return try await work()
    }
}

extension RunState {
    var failedEpisodes: [EpisodeID] {
        episodeOrder.filter { if case .failed? = episodes[$0]?.status { true } else { false } }
    }

    func failureCode(_ episode: EpisodeID) -> String? {
        if case .failed(let code, _)? = episodes[episode]?.status { code } else { nil }
    }
}
