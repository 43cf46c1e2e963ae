// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyLedger
import AgencyRuntime
import LedgerSQLite

/// An undertaking as it is rehearsed: what is asked for, who performs, and what the person will choose.
struct Undertaking: Sendable {
    var brief: Brief
    var architecture: Architecture
    var settings: RunSettings
    /// The options to choose, in order; each is chosen once, at the first choice at which it stands.
    var choices: [ProposalID]
    /// What looks and acts in a rehearsal; `nil` for work without a workspace.
    var tools: @Sendable (RehearsalFolder) -> (any World)?
    /// What the world outside the workspace shows of effects, a line for each time that one happened.
    var witness: @Sendable (RehearsalFolder) throws -> [String] = { _ in [] }

    /// Puts the cast together for the length of some work; `nil` to do so from the settings.
    var cast: (@Sendable (_ work: @Sendable (AgencyRuntime.Cast) async throws -> Void) async throws -> Void)?

    /// The name of every rehearsed run: the same for all, so that the same effect has the same identity in each.
    static let run: RunID = "r-rehearsal"

    /// The tools there are in a workspace, without any beyond.
    static func workspaceTools(_ folder: RehearsalFolder) -> any World {
        Tools(workspace: Workspace(directory: folder.workspace, checkpoints: folder.home.checkpointsPath(run)))
    }

    /// Lives on from where a rehearsal stands, to the end of the run or until `reach` throws.
    ///
    /// - Parameters:
    ///   - folder: Where it takes place.
    ///   - world: The workspace.
    ///   - reach: Is told of each append, before and after.
    /// - Throws: what `reach` throws; what keeps the run from going on.
    func live(
        in folder: RehearsalFolder,
        world: (any World)?,
        reach: @escaping @Sendable (RehearsalStore.Side, [RecordedEvent]) async throws -> Void = { _, _ in }
    ) async throws {
        try folder.home.makeRunFolder(Self.run)
        let ledger = try SQLiteLedgerStore(path: folder.ledger)
        let agency = Agency(store: RehearsalStore(store: ledger, reach: reach), makeRunID: { Self.run })
        try await (self.cast ?? RunCast(architecture: architecture, settings: settings).with) { cast in
            let cast = noted(cast, in: folder)
            if try await ledger.head(of: Self.run).isEmpty {
                _ = try await agency.start(
                    brief,
                    with: architecture,
                    cast: cast,
                    tools: world?.tools ?? [],
                    workspace: world == nil ? nil : "rehearsal",
                    by: "rehearsal"
                )
            }
            while true {
                let state = try await agency.work(on: Self.run, cast: cast, world: world)
                guard case .wait(let waiting) = state.agenda() else { return }
                try await act(on: waiting, state, agency, in: folder)
            }
        }
    }

    /// Does what a person does.
    private func act(
        on waiting: Work.Waiting,
        _ state: RunState,
        _ agency: Agency,
        in folder: RehearsalFolder
    ) async throws {
        let person = Person(name: "rehearsal", identifiedBy: "a script; nothing is enacted outside a copy")
        let stuck = RuntimeError(.notNow, "the rehearsal cannot go on: \(state.whereabouts)")
        switch waiting {
        case .choice:
            guard let shown = state.sheet?.digest else { throw stuck }
            try await agency.choose(
                .option(try choice(in: state)),
                in: Self.run,
                shown: shown,
                by: person,
                reason: "rehearsed"
            )
        case .reconcile(let step):
            guard let effect = state.enactment.current?.effect else { throw stuck }
            // A person who looked there would see what the diary tells.
            let happened = StandingEffects(folder.diary.lines).counts[effect] != nil
            try await agency.reconcile(
                happened ? .happened : .didNotHappen,
                step: step,
                in: Self.run,
                by: person,
                reason: "as the diary of the rehearsal has it"
            )
        case .paused, .stalled: throw stuck
        }
    }

    private func choice(in state: RunState) throws -> ProposalID {
        let standing = state.options.map(\.id)
        let made = state.choices.map(\.choice.verdict)
        if let next = choices.first(where: { standing.contains($0) && !made.contains(.option($0)) }) { return next }
        // What lapsed is chosen again.
        if let again = choices.first(where: { standing.contains($0) }) { return again }
        if standing.count == 1, choices.isEmpty { return standing[0] }
        let names = standing.map(\.rawValue).joined(separator: ", ")
        let example = (choices.map(\.rawValue) + [standing.first?.rawValue ?? "p1"]).joined(separator: ",")
        throw RuntimeError(
            .badInput,
            "the rehearsal comes to a choice among \(names), and none is named for it; add one: --choose \(example)"
        )
    }

    private func noted(_ cast: AgencyRuntime.Cast, in folder: RehearsalFolder) -> AgencyRuntime.Cast {
        let names = Set(architecture.roles.compactMap(\.performer))
        return AgencyRuntime.Cast(
            names.compactMap { name in
                guard let performer = cast.performer(name), let profile = cast.profile(name) else { return nil }
                return (profile, RehearsalPerformer(performer: performer, diary: folder.diary))
            }
        )
    }
}
