// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import Synchronization

/// What happens in a simulated history: workers and people at work while things go wrong, and then the end.
final class History: Sendable {
    let scene: Scene
    let scenarios: [Scenario]
    /// Whether workers share the runs by leases, as on many machines, and not by the lock of one machine.
    let isLeased: Bool
    private let durability: Durability
    private let workers: Int
    private let people: Int
    /// When the faults end.
    private let end: SteppedClock.Instant
    private let state = Mutex(State())

    private struct State {
        var isOver = false
        var endings: [String] = []
        /// What people asked to be undone without being told that it was.
        var asked: [RunID: StepID?] = [:]
    }

    init(scene: Scene) {
        self.scene = scene
        let chance = scene.chance
        scenarios = (1...(chance.pick([1, 1, 1, 1, 2]) ?? 1)).map { Scenario(run: "r-\($0)", chance: chance) }
        isLeased = chance.happens(0.4)
        durability = chance.happens(0.6) ? .relaxed : .full
        workers = chance.number(1...3)
        people = chance.number(1...2)
        end = SteppedClock.Instant(offset: .seconds(chance.pick([600, 3600, 14400]) ?? 600))
        // Whose lease ends before the time that was promised cannot know that it must not act any more.
        if scenarios.contains(where: \.enacts) { scene.faults.leaseClock = 0 }
        // Nothing is on its way to a ledger on the same machine; over a network, the claim is what comes before it.
        if !isLeased { scene.faults.lateAppend = 0 }
    }

    private func agency(_ process: SimulatedProcess, naming run: RunID = "r-none") -> Agency {
        process.agency(naming: run, durability: durability)
    }

    /// Remembers that somebody asked to go back to a step, or was told that it is done.
    func remember(_ step: StepID?, of run: RunID, isDone: Bool) {
        state.withLock { $0.asked[run] = isDone ? nil : .some(step) }
    }

    var isOver: Bool { state.withLock { $0.isOver } }
    var endings: [String] { state.withLock { $0.endings } }
    var isStillOn: Bool { scene.clock.now < end && scenarios.contains { !isSettled($0.run) } }

    func live() async {
        scene.trace.note("history", about)
        await withTaskGroup(of: Void.self) { group in
            for scenario in scenarios { group.addTask { await self.start(scenario) } }
            for _ in 1...workers { group.addTask { await self.work() } }
            for number in 1...people {
                group.addTask { await Visitor(name: "person-\(number)", history: self).visit() }
            }
            group.addTask { await self.failPower() }
            group.addTask { await self.carryMail() }
        }
        scene.trace.note("history", "the faults end")
        if scene.clock.now.offset > ProcessPerformer.ever { scene.witness.violation("somebody waited for ever") }
        scene.faults = SimulatedFaults()
        await scene.mail.deliver(all: true)
        for scenario in scenarios { await finish(scenario) }
        state.withLock { $0.isOver = true }
    }

    private var about: String {
        let share = isLeased ? "leases" : "a lock"
        return
            "\(scenarios.count) runs, \(workers) workers with \(share), \(people) people, \(durability), \(scene.faults)"
    }

    private func isSettled(_ run: RunID) -> Bool { scene.witness.agenda(of: run) == .nothing }

    /// A run that has work, as a list of runs shows it; now and then any other, which must do no harm.
    private func pickRun() -> Scenario? {
        let due = scenarios.filter { scenario in
            switch scene.witness.agenda(of: scenario.run) {
            case nil, .nothing?, .wait?: false
            default: true
            }
        }
        if let scenario = scene.chance.pick(due) { return scenario }
        guard scene.chance.happens(0.03), let scenario = scene.chance.pick(scenarios) else { return nil }
        return scene.witness.state(of: scenario.run) == nil ? nil : scenario
    }

    func cast(_ scenario: Scenario, _ process: SimulatedProcess) -> Cast {
        Cast(everyone: ProcessPerformer(process: process, scenario: scenario), in: scenario.simulated.architecture)
    }

    func world(of scenario: Scenario, in process: SimulatedProcess) -> ProcessWorld {
        ProcessWorld(process: process, run: scenario.run, world: scenario.world, mayStandStill: !isLeased)
    }

    func scenario(of run: RunID) -> Scenario? { scenarios.first { $0.run == run } }

    /// Takes up a brief, as often as it takes.
    private func start(_ scenario: Scenario) async {
        while scene.witness.state(of: scenario.run) == nil {
            let process = scene.makeProcess("starter")
            let result = await process.live { [self] in
                _ = try await agency(process, naming: scenario.run).start(
                    scenario.simulated.brief,
                    with: scenario.simulated.architecture,
                    cast: cast(scenario, process),
                    tools: scenario.simulated.tools,
                    workspace: "notes",
                    by: "starter"
                )
            }
            judge(result.failure, of: "start", by: process)
            await rest(.seconds(1))
        }
    }

    /// A machine on which one worker after another runs.
    private func work() async {
        while isStillOn {
            await rest(.seconds(20))
            if isLeased, scene.chance.happens(0.3) {
                await pool()
                continue
            }
            guard let scenario = pickRun() else { continue }
            let process = scene.makeProcess("worker")
            guard isLeased || scene.hold(scenario.run, by: process) else {
                scene.end(process)
                continue
            }
            _ = await work(scenario, process)
        }
    }

    /// Works on a run until it waits or something goes wrong.
    private func work(_ scenario: Scenario, _ process: SimulatedProcess) async -> Result<RunState, any Error> {
        let result = await process.live { [self] in
            process.looked = scene.witness.events
            let cast = cast(scenario, process)
            let world = world(of: scenario, in: process)
            let observe: @Sendable (Agency.Notice) -> Void = { notice in
                if case .recorded(_, let held) = notice { self.compare(held, by: process) }
            }
            guard isLeased else {
                return try await agency(process).work(on: scenario.run, cast: cast, world: world, observe: observe)
            }
            return try await agency(process).work(
                on: scenario.run,
                as: process.name,
                through: ProcessLeases(process: process),
                for: Self.lease,
                cast: cast,
                world: world,
                observe: observe
            )
        }
        judge(result.failure, of: "work", by: process)
        return result
    }

    /// How long a lease lasts.
    static let lease = Duration.seconds(30)

    /// A process that works on all runs that are due, for a while.
    private func pool() async {
        let process = scene.makeProcess("worker")
        let time = scene.chance.time(upTo: .seconds(900))
        let result = await process.live { [self] in
            process.looked = scene.witness.events
            let pool = WorkerPool(
                agency: agency(process),
                leases: ProcessLeases(process: process),
                settings: WorkerPool.Settings(
                    name: process.name,
                    runs: scene.chance.number(1...3),
                    lease: Self.lease,
                    period: .seconds(20)
                ),
                stage: { state, work in
                    guard let scenario = self.scenario(of: state.run) else { return }
                    try await work(self.cast(scenario, process), self.world(of: scenario, in: process))
                },
                observe: { notice in
                    switch notice {
                    case .recorded(_, let held): self.compare(held, by: process)
                    case .failed(_, let error): self.judge(error, of: "work", by: process)
                    default: break
                    }
                }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pool.run() }
                try? await scene.clock.sleep(for: time)
                pool.stop()
                try await group.waitForAll()
            }
        }
        judge(result.failure, of: "run a pool", by: process)
    }

    private func compare(_ held: RunState, by process: SimulatedProcess) {
        if !process.isDead { scene.witness.compare(held, by: process.name) }
    }

    private func carryMail() async {
        while isStillOn || !scene.mail.isEmpty {
            await rest(.seconds(5))
            await scene.mail.deliver()
        }
    }

    private func failPower() async {
        while isStillOn {
            await rest(.seconds(600))
            guard scene.chance.happens(scene.faults.powerCut) else { continue }
            scene.trace.count("power cut")
            scene.cutPower(killing: scene.chance.happens(0.7))
        }
    }

    func rest(_ most: Duration) async {
        try? await scene.clock.sleep(for: .milliseconds(1) + scene.chance.time(upTo: most))
    }

    /// Takes down what somebody was told; some things nobody must ever be told.
    func judge(_ failure: (any Error)?, of what: String, by process: SimulatedProcess) {
        guard let failure else { return }
        scene.trace.note(process.name, "\(what) fails: \(failure)")
        switch failure {
        case let error as RuntimeError where [.corrupt, .badInput, .notPermitted].contains(error.code):
            scene.witness.violation("\(process.name) is told when it would \(what): \(error)")
        case let error as LedgerError where [.corrupt, .invalid, .notFound].contains(error.code):
            scene.witness.violation("\(process.name) is told by the ledger when it would \(what): \(error)")
        case is RuntimeError, is LedgerError, is PerformerError, is SimulatedFault, is ProcessDied,
            is CancellationError:
            return
        default: scene.witness.violation("\(process.name) fails to \(what) with \(failure)")
        }
    }

    /// Brings a run to its end, now that nothing goes wrong any more.
    private func finish(_ scenario: Scenario) async {
        let run = scenario.run
        var last = ""
        for _ in 0..<60 {
            let process = scene.makeProcess("finisher")
            let result = await work(scenario, process)
            let state: RunState
            switch result {
            case .success(let reached): state = reached
            case .failure(let error as RuntimeError) where error.code == .workspaceChanged:
                await goBack(scenario, to: scene.witness.state(of: run)?.enactment.done.last?.step.id)
                continue
            case .failure(let error):
                last = "\(error)"
                await rest(.seconds(60))
                continue
            }
            last = state.whereabouts
            if case .nothing = state.agenda() {
                // Whoever was not told that something is undone asks again; nothing else tells of it in a run that is over.
                guard let step = self.state.withLock({ $0.asked[run] }) else { return await check(scenario, state) }
                await goBack(scenario, to: step)
                continue
            }
            await decide(scenario, state)
        }
        scene.witness.violation("\(run) does not come to its end: \(last)")
        state.withLock { $0.endings.append("stuck: \(last)") }
    }

    /// Does what the run waits for, as a person who means well.
    private func decide(_ scenario: Scenario, _ state: RunState) async {
        let process = scene.makeProcess("finishing desk")
        let person = Person(name: "finisher", identifiedBy: "simulation")
        let result = await process.live {
            let agency = process.agency()
            switch state.agenda() {
            case .wait(.choice):
                guard let sheet = state.sheet else { return }
                let verdict: Choice.Verdict = state.options.last.map { .option($0.id) } ?? .none
                try await agency.choose(verdict, in: state.run, shown: sheet.digest, by: person, reason: "to finish")
            case .wait(.reconcile(let step)):
                guard let effect = state.openQuestion?.question.effect else { return }
                let word: Agency.Word = self.scene.service.applied(effect) > 0 ? .happened : .didNotHappen
                try await agency.reconcile(word, step: step, in: state.run, by: person, reason: "having looked")
            case .wait(.stalled(let why)) where why.contains("out-of-budget"):
                try await agency.stop(state.run, by: person, reason: "nothing is left to spend")
            default: try await agency.letGoOn(state.run, by: person)
            }
        }
        judge(result.failure, of: "decide", by: process)
    }

    private func goBack(_ scenario: Scenario, to step: StepID?) async {
        let process = scene.makeProcess("finishing desk")
        let result = await process.live {
            _ = try await process.agency().revert(
                to: step,
                in: scenario.run,
                world: self.world(of: scenario, in: process),
                by: Person(name: "finisher", identifiedBy: "simulation"),
                reason: "put it back"
            )
        }
        judge(result.failure, of: "go back", by: process)
        remember(step, of: scenario.run, isDone: true)
    }

    /// What must hold at the end of a run, whatever happened on the way.
    private func check(_ scenario: Scenario, _ reached: RunState) async {
        let run = scenario.run
        let witness = scene.witness
        state.withLock { $0.endings.append(reached.statusWord) }
        guard let account = witness.account(of: run) else {
            return witness.violation("\(run) has no record at its end")
        }
        if account.state != reached { witness.violation("\(run) ends in another state than its record") }
        var fold = RunState(run: run)
        account.events.forEach { fold.apply($0) }
        if fold != reached { witness.violation("\(run) folds into another state than it ends in") }
        do {
            let found = try await scene.ledger.verify(run: run)
            if let fault = found.faults.first { witness.violation("\(run) does not verify: \(fault)") }
        } catch {
            witness.violation("\(run) cannot be verified: \(error)")
        }
        // What a worker paid for and brought after it had lost the run is counted; who took the run over could not know of it.
        let decided = reached.spent.calls - reached.lateResults.map(\.usage.calls).reduce(0, +)
        if let calls = reached.started?.brief.resources.calls, decided > calls {
            witness.violation("\(run) has spent \(decided) calls of \(calls)")
        }
        let inWorld = scenario.world.standing.map(\.effect)
        let onRecord = account.standing.filter { !account.isOutside($0) }
        if reached.status == .finished, inWorld != onRecord {
            witness.violation("\(run) has \(inWorld.count) effects in the world and \(onRecord.count) on the record")
        }
        account.faults(atEnd: scene.service).forEach { witness.violation("\(run): \($0)") }
        if let target = scenario.target, reached.finished?.outcome == .done, !scenario.isVoted,
            reached.iteration?.state.integer != target
        {
            witness.violation("\(run) ends at \(reached.iteration?.state.compactText ?? "nothing"), not at \(target)")
        }
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
