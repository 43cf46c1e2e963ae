// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyLedger
import AgencyReport
import AgencyRuntime
import Foundation
import LedgerSQLite

/// Works on a run until it is over, asking the person at the terminal where one can be asked.
struct Conductor: Sendable {
    let setup: Setup
    let run: RunID
    let settings: RunSettings
    let person: Person
    let json: Bool
    /// Whether the run is locked for this process already.
    var isLocked = false
    /// Whether nothing is told on the way, for a command that prints what came of it.
    var isQuiet = false
    /// How durable an episode of a long work is before the next begins; `nil` for what the run was started with.
    var durability: Durability?
    /// The servers of the workspace, where they have been started already.
    var servers: ToolServers?

    /// Works, asks, and works on.
    ///
    /// - Throws: ``ExitStatus`` with which the command is to end, and whatever the work throws.
    func conduct() async throws {
        _ = try await StopFile.record(of: run, in: setup)
        let state = try await setup.agency.state(of: run)
        guard let architecture = state.architecture else { throw ExitStatus.ourFault }
        if state.agenda() == .nothing {
            if let finished = state.finished {
                tell("run \(run) is over: \(finished.outcome.rawValue): \(finished.summary)")
            }
            return try end(state)
        }
        if settings.replay != nil, !json {
            Terminal.error(Terminal.paint("recorded answers; everything else is live", .yellow, on: 2))
        }
        guard !isLocked else { return try await conduct(architecture) }
        try await setup.holding(run, "agency \(run)") { try await conduct(architecture) }
    }

    private func conduct(_ architecture: Architecture) async throws {
        do {
            try await Interruption.heeded {
                try await RunCast(architecture: architecture, settings: settings).with(conduct)
            }
        } catch  where WorkInterrupted.leavesRunAsItIs(error) {
            // Whoever stopped the run has asked this process to end, too.
            guard StopFile.read(run, in: setup.home) == nil else {
                tell("stopped")
                throw ExitStatus.unmet
            }
            throw WorkInterrupted(cause: error, run: run)
        }
    }

    private func conduct(_ cast: AgencyRuntime.Cast) async throws {
        let servers =
            try servers
            ?? ServerSetup.servers(
                of: settings.profiles,
                workspace: settings.workspace,
                home: setup.home
            )
        let world = setup.world(run, workspace: settings.workspace, servers: servers)
        try await ToolServers.closing(servers) { try await conduct(cast, world) }
    }

    private func conduct(_ cast: AgencyRuntime.Cast, _ world: (any World)?) async throws {
        while true {
            let state = try await work(cast, world)
            switch state.agenda() {
            case .wait(.choice):
                guard Terminal.isInteractive, !json else {
                    if !json { try await printWaiting(state) }
                    throw ExitStatus.waiting
                }
                guard try await ChoiceDesk(setup: setup, run: run, person: person).decide() else {
                    throw ExitStatus.waiting
                }
            case .wait(.reconcile):
                guard Terminal.isInteractive, !json else {
                    if !json, let page = DoubtPage.text(state) { Terminal.out(page) }
                    throw ExitStatus.waiting
                }
                guard try await DoubtDesk(setup: setup, run: run, person: person).ask(state) else {
                    throw ExitStatus.waiting
                }
            case .wait(.paused):
                tell("paused; go on with: agency resume \(run)")
                throw ExitStatus.waiting
            case .wait(.stalled(let why)):
                tell(
                    "stalled: \(why)\ntry the failed episodes again with: agency resume \(run) --again; or end it: agency stop \(run)"
                )
                throw ExitStatus.waiting
            default: return try end(state)
            }
        }
    }

    private func work(_ cast: AgencyRuntime.Cast, _ world: (any World)?) async throws -> RunState {
        let progress = Progress(json: json, isQuiet: isQuiet)
        return try await withThrowingTaskGroup(of: RunState?.self) { group in
            group.addTask { try await carry(cast, world, progress) }
            group.addTask {
                await progress.animate()
                return nil
            }
            defer { progress.clear() }
            while let result = try await group.next() {
                if let state = result {
                    group.cancelAll()
                    return state
                }
            }
            throw CancellationError()
        }
    }

    /// Works on the run: under a lease where others may have had one, so that what they still bring is refused.
    private func carry(_ cast: AgencyRuntime.Cast, _ world: (any World)?, _ progress: Progress) async throws -> RunState
    {
        let agency = setup.agency.keeping(durability)
        // On this machine the lock keeps workers away, and a run that never was with a worker needs no claim.
        let wasShared = try await agency.state(of: run).claim != nil
        guard let leases = setup.leases, wasShared || !(setup.ledger is SQLiteLedgerStore) else {
            return try await agency.work(on: run, cast: cast, world: world, observe: progress.notice)
        }
        return try await agency.work(
            on: run,
            as: WorkerName.ofThisProcess,
            through: leases,
            cast: cast,
            world: world,
            observe: progress.notice
        )
    }

    private func end(_ state: RunState) throws {
        guard let finished = state.finished else {
            tell("stopped")
            throw ExitStatus.unmet
        }
        if let workspace = settings.workspace, state.enactment.base != nil, !json {
            Terminal.error("  workspace: \(workspace)")
        }
        if !json { Terminal.error("  report:    agency report \(run) --html report.html") }
        switch finished.outcome {
        case .done, .chosen, .declined: return
        case .halted, .unmet: throw ExitStatus.unmet
        }
    }

    private func printWaiting(_ state: RunState) async throws {
        guard let sheet = state.sheet else { return }
        let options = state.options.map(\.id.rawValue)
        Terminal.out(ChoicePage.text(state))
        Terminal.out(
            """

            The run waits for a person's choice. Read an option in full, then choose, or decide otherwise:
              agency show \(run) --option \(options.first ?? "p1")
              agency choose \(run) --option \(options.first ?? "p1") --shown \(sheet.digest.short) --why "…"
              agency choose \(run) --send-back | --none | --ask "…" | --edit \(options.first ?? "p1") --plan FILE
              agency resume \(run)
            """
        )
    }

    private func tell(_ text: String) { if !json { Terminal.error(Escape.terminal(text, multiline: true)) } }
}
