// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyLedger
import AgencySchema

extension Worker {
    /// Has the choice lapse when a step no longer finds in the workspace what it found when it was shown.
    ///
    /// - Returns: Whether it finds the same.
    private mutating func findsTheSame(_ step: StepID, in world: any World) async throws -> Bool {
        let shown = journal.state.targets(of: step)
        guard !shown.isEmpty, let action = journal.state.enactment.next?.action else { return true }
        let all = try await world.reach(of: action).targets
        let found = all.filter { target in shown.contains { $0.path == target.path } }
        guard found != shown else { return true }
        let changed = zip(shown, found).first { $0 != $1 }?.0 ?? shown[0]
        let event = ChoiceLapsed(
            reason: "\(changed.path) is no longer what it was when step \(step) was shown",
            found: found
        )
        try await record { state in
            guard state.choice != nil, state.agenda() == .enact(step), state.targets(of: step) == shown else {
                return []
            }
            return [.choiceLapsed(event)]
        }
        return false
    }

    mutating func checkpoint(_ step: StepID?) async throws {
        let world = try requireWorld()
        let work = journal.state.agenda()
        if step == nil { try await world.open() }
        let checkpoint = try await world.checkpoint(step.map { "after step \($0)" } ?? "before any step")
        let event = CheckpointMade(step: step, checkpoint: checkpoint)
        try await record { $0.agenda() == work ? [.checkpointMade(event)] : [] }
    }

    /// Records what fills the holes of a step, and what the policy says of it.
    mutating func fill(_ step: StepID) async throws {
        let now = agency.now()
        try await record { state in
            state.filling(of: step, now: max(now, state.updatedAtMilliseconds)).map { [.stepFilled($0)] } ?? []
        }
    }

    /// Authorises a step, records the intent, acts, and records what was seen.
    mutating func enact(_ step: StepID) async throws {
        let world = try requireWorld()
        try await requireUnchanged(world)
        guard try await findsTheSame(step, in: world) else { return }
        let now = agency.now()
        let trust = agency.trust
        var permission: Authorization?
        do {
            try await record { state in
                // Permission from a state that was overtaken is none.
                permission = nil
                guard state.agenda() == .enact(step) else { return [] }
                try trust?.require(state)
                let granted = try state.authorize(step, now: now)
                let events: [Event] = [
                    .stepAuthorized(
                        StepAuthorized(
                            step: step,
                            attempt: granted.attempt,
                            action: granted.actionDigest,
                            plan: granted.plan,
                            choice: granted.choice,
                            expiresAtMilliseconds: granted.expiresAtMilliseconds,
                            binding: state.isSigned ? granted.binding : nil
                        )
                    ),
                    .stepIntended(StepIntended(step: step, effect: granted.effect, action: granted.action)),
                ]
                permission = consume granted
                return events
            }
        } catch let refusal as AuthorizationRefusal {
            guard refusal.isLapsed else { throw RuntimeError(.notNow, refusal.description) }
            let event = ChoiceLapsed(reason: refusal.description)
            try await record { $0.choice == nil ? [] : [.choiceLapsed(event)] }
            return
        }
        guard let permission, let current = journal.state.enactment.current, current.effect == permission.effect else {
            // Going on would take the other worker's act for one that was interrupted.
            guard journal.state.enactment.current == nil else {
                throw RuntimeError(.busy, "somebody else is at work on run \(journal.state.run)")
            }
            return
        }
        try await act(permission, on: current, in: world)
    }

    /// Acts on an intent that is on the record, and records what was seen.
    mutating func act(
        _ permission: consuming Authorization,
        on current: Enactment.Current,
        in world: any World
    ) async throws {
        let step = current.step.id
        let result: ToolResult
        // Whoever stood still since the intent was recorded may have lost the run.
        try hold?.require()
        do {
            // By the clock as it is now: the record may have taken its time.
            result = try await world.act(permission, nowMilliseconds: agency.now())
        } catch let fault as ActFault {
            return try await take(fault, of: current)
        }
        let changed = try await world.changes(since: journal.state.enactment.checkpoint ?? "")
        let event = StepObserved(step: step, effect: current.effect, result: result, changed: changed)
        do {
            try await record { $0.isOpen(current) ? [.stepObserved(event)] : [] }
        } catch let error as RuntimeError where error.code == .takenOver {
            let artefact = Artefact(try JSONValue(encoding: result).canonicalBytes)
            try await recordLate([(artefact, nil, step, current.effect, Usage())])
            throw error
        }
    }

    mutating func settle(_ step: StepID) async throws {
        let world = try requireWorld()
        guard let current = journal.state.enactment.current, case .observed(let result) = current.phase else { return }
        var settlements: [Settlement] = []
        for forecast in current.step.forecasts {
            let settlement = await world.settle(
                forecast.check,
                statement: forecast.statement,
                probability: forecast.probability
            )
            settlements.append(settlement)
        }
        // A cut-off check is no observation; it is made again after a restart.
        try Task.checkCancellation()
        let halt = journal.state.haltReason(result, settlements)
        let event = StepSettled(step: step, settlements: settlements, halt: halt)
        try await record { $0.agenda() == .settle(step) ? [.stepSettled(event)] : [] }
    }

    mutating func settleGoals() async throws {
        let state = journal.state
        // The evaluators forecast that every goal is reached; their mean is what is settled here.
        let probability = state.goalProbability
        var outcomes: [GoalsSettled.Outcome] = []
        for goal in state.goals.flatMap(\.flattened) {
            guard let check = goal.check else { continue }
            let known = check.settled(on: state.iteration?.state, statement: goal.want, probability: probability)
            let settlement: Settlement
            if let known {
                settlement = known
            } else {
                settlement = try await requireWorld()
                    .settle(check, statement: goal.want, probability: probability)
            }
            outcomes.append(GoalsSettled.Outcome(goal: goal.id, settlement: settlement))
        }
        try Task.checkCancellation()
        let event = GoalsSettled(outcomes: outcomes)
        try await record { $0.agenda() == .settleGoals ? [.goalsSettled(event)] : [] }
    }

    /// Makes sure that nobody has changed the workspace since the last checkpoint.
    private func requireUnchanged(_ world: any World) async throws {
        guard let checkpoint = journal.state.enactment.checkpoint else { return }
        let changed = try await world.changes(since: checkpoint)
        guard changed.isEmpty else {
            let names =
                changed.prefix(3).joined(separator: ", ") + (changed.count > 3 ? " and \(changed.count - 3) more" : "")
            let last = journal.state.enactment.done.last?.step.id.rawValue ?? "start"
            throw RuntimeError(
                .workspaceChanged,
                "the workspace changed under the run (\(names)); put it back with: agency revert \(journal.state.run) --to \(last)"
            )
        }
    }
}
