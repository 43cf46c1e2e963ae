// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// Does what the agenda says and records what came of it, until the run waits or is over.
struct Worker {
    let agency: Agency
    var journal: Journal
    let cast: Cast
    let world: (any World)?
    /// The hold on the run, where workers share the runs of a ledger.
    var hold: Hold?
    /// Who looks out for people's words; without anybody, the worker does so itself.
    var lookout: Lookout?
    let observe: @Sendable (Agency.Notice) -> Void
    /// Actions that were sent in this worker's life and not answered.
    var doubts: [Digest: Doubt] = [:]

    mutating func work() async throws -> RunState {
        if journal.state.isInSharedPast, let past = journal.state.forks.last {
            let run = journal.state.run
            throw RuntimeError(
                .corrupt,
                "the record of run \(run) ends within the past that it shares with run \(past.run); fork that one again"
            )
        }
        if let world, journal.state.status == .running, journal.state.enactment.base == nil { try await world.open() }
        while true {
            try Task.checkCancellation()
            if hold?.mustYield == true { return journal.state }
            let work = journal.state.agenda()
            if work.touchesWorld { try await hold?.ensure() }
            switch work {
            case .perform(let orders): try await perform(orders)
            case .iterate(let order): try await iterate(order)
            case .requestChoice: try await requestChoice()
            case .uphold(let event): try await record { $0.agenda() == work ? [.choiceUpheld(event)] : [] }
            case .checkpoint(let step): try await checkpoint(step)
            case .fill(let step): try await fill(step)
            case .enact(let step): try await enact(step)
            case .reconcile(let step): try await reconcile(step)
            case .settle(let step): try await settle(step)
            case .revert(let steps, let checkpoint, let reason, let note):
                try await requireWorld().restore(checkpoint)
                let event = StepsReverted(steps: steps, checkpoint: checkpoint, reason: reason, note: note)
                try await record { $0.agenda() == work ? [.stepsReverted(event)] : [] }
            case .settleGoals: try await settleGoals()
            case .finish(let ending):
                try await record { $0.agenda() == work ? [.runFinished(ending)] : [] }
                try await reviewMandate()
            case .wait, .nothing:
                // Somebody may have appended while this was being worked out.
                if try await journal.refresh() > 0 { continue }
                if try await !record({ [agency] in $0.overdue(at: agency.now()) }).isEmpty { continue }
                observe(.stopped(work, journal.state))
                return journal.state
            }
        }
    }

    // What is inlined into a suspended function lies in its frame for as long as that waits, once for every call.
    @discardableResult
    @inline(never)
    mutating func record(
        artefacts: [Artefact] = [],
        durability: Durability = .full,
        listed: Bool = true,
        _ make: (RunState) throws -> [Event]
    ) async throws -> [RecordedEvent] {
        let recorded = try await journal.append(
            artefacts: artefacts,
            durability: durability,
            listed: listed,
            make
        )
        for event in recorded { observe(.recorded(event, journal.state)) }
        return recorded
    }

    /// Puts on record what this worker brings after it has lost the run; nothing follows from it.
    func recordLate(_ results: [(Artefact, EpisodeID?, StepID?, effect: Digest?, Usage)]) async throws {
        guard let claim = journal.claim else { return }
        var unfenced = journal
        unfenced.claim = nil
        try await unfenced.append(artefacts: results.map(\.0)) { _ in
            results.map { artefact, episode, step, effect, usage in
                .lateResult(
                    LateResult(
                        worker: claim.worker,
                        epoch: claim.epoch,
                        episode: episode,
                        step: step,
                        effect: effect,
                        result: artefact.reference,
                        usage: usage
                    )
                )
            }
        }
    }

    func requireWorld() throws -> any World {
        guard let world else {
            throw RuntimeError(
                .badInput,
                "run \(journal.state.run) enacts steps and was given no workspace; use -w DIRECTORY"
            )
        }
        return world
    }
}

extension Work {
    /// Whether doing it changes something outside the ledger, so that nobody else may be doing it.
    fileprivate var touchesWorld: Bool {
        switch self {
        case .perform, .iterate, .requestChoice, .uphold, .fill, .finish, .wait, .nothing: false
        default: true
        }
    }
}
