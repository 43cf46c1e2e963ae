// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// A person who does something to a run, and how they were identified.
public struct Person: Sendable, Hashable {
    /// The name.
    public var name: String
    /// How the person was identified: `login name of uid 1000 at the terminal`.
    public var identifiedBy: String

    /// Makes a person.
    public init(name: String, identifiedBy: String) {
        self.name = name
        self.identifiedBy = identifiedBy
    }
}

extension Agency {
    /// Records a person's choice.
    ///
    /// - Parameters:
    ///   - verdict: What is chosen.
    ///   - run: The run.
    ///   - shown: The digest of the sheet that the person saw.
    ///   - person: Who chooses.
    ///   - reason: Why; must say something.
    /// - Returns: The state after the choice.
    /// - Throws: ``RuntimeError``: `.notNow` when no choice is waited for, `.stale` when the sheet is no longer what stands
    ///   (show it again), `.notFound` for an option that is not there, `.badInput` without a reason, `.notPermitted` when the
    ///   run takes no choices from this desk or this person's does not count.
    @discardableResult
    public func choose(
        _ verdict: Choice.Verdict,
        in run: RunID,
        shown: Digest,
        by person: Person,
        reason: String
    ) async throws -> RunState {
        try Self.require(reason, "a choice needs a reason")
        var made: Choice?
        let after = try await act(on: run) { state in
            guard state.agenda() == .wait(.choice), let sheet = state.sheet else {
                throw RuntimeError(.notNow, "run \(run) does not wait for a choice; it is at: \(state.whereabouts)")
            }
            guard state.overdue(at: now()).isEmpty else {
                throw RuntimeError(.notNow, "the time that there was to choose is over; nothing is done in run \(run)")
            }
            guard sheet.digest == shown else {
                throw RuntimeError(
                    .stale,
                    "the options have changed since they were shown; look again: agency show \(run)"
                )
            }
            if case .option(let id) = verdict, !sheet.options.contains(where: { $0.proposal == id }) {
                let names = sheet.options.map(\.proposal.rawValue).joined(separator: ", ")
                throw RuntimeError(.notFound, "there is no option “\(id)”; there are: \(names)")
            }
            if verdict == .sendBack, !state.canSendBack {
                throw RuntimeError(.notNow, "the work cannot be sent back again: the architecture's bound is reached")
            }
            let choice = Choice(
                verdict: verdict,
                person: person.name,
                identifiedBy: person.identifiedBy,
                reason: reason,
                shown: shown,
                // As the record counts the time: a desk whose clock is behind would record a choice that has lapsed.
                expiresAtMilliseconds: state.choiceExpiry(from: max(now(), state.updatedAtMilliseconds))
            )
            let signature = try self.signature(of: choice, in: state)
            if let why = state.whyNotCounted(choice, signature: signature) {
                throw RuntimeError(.notPermitted, "the choice of \(person.name) \(why)")
            }
            made = choice
            return [.choiceRecorded(ChoiceRecorded(choice: choice, signature: signature))]
        }
        // What was in time when it was signed can be too late when it is recorded.
        guard let made, after.choices.contains(where: { $0.choice == made }) else {
            throw RuntimeError(.notNow, "the choice came too late to count; nothing follows from it in run \(run)")
        }
        return after
    }

    /// Signs a choice where the run wants it signed.
    ///
    /// - Throws: ``RuntimeError`` with `.notPermitted` when the run takes no choices from this desk.
    func signature(of choice: Choice, in state: RunState) throws -> ChoiceSignature? {
        guard state.isSigned else { return nil }
        guard let desk else {
            throw RuntimeError(
                .notPermitted,
                "run \(state.run) takes signed choices only, and there is no key here to sign with"
            )
        }
        guard state.knows(desk.key) else {
            let names = state.desks.map(\.short).joined(separator: ", ")
            throw RuntimeError(
                .notPermitted,
                "run \(state.run) takes choices from \(names.isEmpty ? "no desk" : names), and not from \(desk.key.short)"
            )
        }
        guard let sheet = state.sheet, let nonce = state.nonce else {
            throw RuntimeError(.notNow, "run \(state.run) does not wait for a choice; it is at: \(state.whereabouts)")
        }
        return try desk.signature(of: choice, in: sheet.run, revision: sheet.revision ?? 0, nonce: nonce)
    }

    /// Adds an option that a person edited or combined; it must then be chosen like any other.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - title: What it does, in a line.
    ///   - parent: The option that it was made from.
    ///   - run: The run.
    ///   - person: Who made it.
    ///   - reason: Why.
    /// - Returns: The name of the new option.
    /// - Throws: ``RuntimeError``: `.badInput` with the first fault of the plan, `.notNow`, `.notFound`.
    public func addOption(
        _ plan: Plan,
        title: String,
        from parent: ProposalID,
        to run: RunID,
        by person: Person,
        reason: String
    ) async throws -> ProposalID {
        var id = ProposalID("")
        try await act(on: run) { state in
            guard state.currentStage?.word == "choose", state.status == .running else {
                throw RuntimeError(.notNow, "run \(run) does not wait for a choice; it is at: \(state.whereabouts)")
            }
            guard state.options.contains(where: { $0.id == parent }) else {
                throw RuntimeError(.notFound, "there is no option “\(parent)”")
            }
            if let fault = plan.faults(tools: state.started?.tools ?? []).first {
                throw RuntimeError(.badInput, "the plan cannot be taken: \(fault)")
            }
            guard state.options.count < Limits.options else {
                throw RuntimeError(.notNow, "there are \(Limits.options) options already, and nobody reads more")
            }
            var number = 1
            while state.proposals[ProposalID("\(parent).e\(number)")] != nil { number += 1 }
            id = ProposalID("\(parent).e\(number)")
            let proposal = Proposal(id: id, title: title, summary: reason, plan: plan, parent: parent)
            return [.optionAdded(OptionAdded(proposal: proposal, person: person.name, reason: reason))]
        }
        return id
    }

    /// Asks the explainer a question; the answer is filed when the run is next worked on.
    ///
    /// - Throws: ``RuntimeError``: `.notNow` when no choice is waited for or the bound on questions is reached.
    public func ask(_ question: String, in run: RunID, by person: Person) async throws {
        try await act(on: run) { state in
            guard state.currentStage?.word == "choose", state.status == .running else {
                throw RuntimeError(.notNow, "run \(run) does not wait for a choice; it is at: \(state.whereabouts)")
            }
            guard state.architecture?.roles.contains(where: { $0.kind == .explain }) == true else {
                throw RuntimeError(.notNow, "the architecture has no explainer to ask")
            }
            guard state.questions.count < Limits.questions else {
                throw RuntimeError(.notNow, "\(Limits.questions) questions have been asked, and no more may be")
            }
            let number = state.questions.count + 1
            return [.questionAsked(QuestionAsked(number: number, question: question, person: person.name))]
        }
    }

    /// Replaces the goals; the options that stand are judged once more by them, and a choice made before lapses.
    ///
    /// - Throws: ``RuntimeError``: `.badInput` for goals without a check or with one name twice, `.notNow` when it is over.
    @discardableResult
    public func editGoals(_ goals: [Goal], in run: RunID, by person: Person, reason: String) async throws -> RunState {
        try Self.requireUsable(goals)
        return try await act(on: run) { state in
            try Self.requireOpen(state)
            guard !state.isGivenUp, state.overdue(at: now()).isEmpty else {
                throw RuntimeError(.notNow, "the time that there was to choose is over; nothing is done in run \(run)")
            }
            return [
                .goalsEdited(
                    GoalsEdited(goals: goals, person: person.name, identifiedBy: person.identifiedBy, reason: reason)
                )
            ]
        }
    }

    /// Refuses what nobody has given a reason for.
    static func require(_ reason: String, _ lack: String) throws {
        guard !reason.trimmingWhitespace.isEmpty else {
            throw RuntimeError(.badInput, "\(lack), for those who read the record later")
        }
    }

    /// Refuses goals that cannot be settled.
    static func requireUsable(_ goals: [Goal]) throws {
        let all = goals.flatMap(\.flattened)
        if let twice = all.first(where: { one in all.count { $0.id == one.id } > 1 }) {
            throw RuntimeError(.badInput, "two goals are called “\(twice.id)”")
        }
        if let bare = all.first(where: { $0.goals.isEmpty && $0.check == nil }) {
            throw RuntimeError(.badInput, "goal “\(bare.id)” has neither a check nor goals below it")
        }
        guard !all.isEmpty else { throw RuntimeError(.badInput, "a run needs at least one goal") }
    }

    /// Withdraws a mandate of the brief: what it covered and is not done is asked about again.
    ///
    /// - Throws: ``RuntimeError``: `.notFound` when no such mandate stands, `.notNow` when the run is over.
    @discardableResult
    public func revoke(mandate: String, in run: RunID, by person: Person, reason: String) async throws -> RunState {
        try await act(on: run) { state in
            try Self.requireOpen(state)
            guard state.mandates.contains(where: { $0.id == mandate }) else {
                let names = state.mandates.map(\.id).joined(separator: ", ")
                let there = names.isEmpty ? "none stands" : "there are \(names)"
                throw RuntimeError(.notFound, "there is no mandate “\(mandate)”; \(there)")
            }
            return [
                .mandateRevoked(
                    MandateRevoked(
                        mandate: mandate,
                        person: person.name,
                        identifiedBy: person.identifiedBy,
                        reason: reason
                    )
                )
            ]
        }
    }

    /// Files what became of something that was forecast, however long after; also of a run that is over.
    ///
    /// - Returns: The state then.
    /// - Throws: ``RuntimeError``: `.badInput` without a reason, `.notFound` where nothing of the kind was forecast.
    @discardableResult
    public func file(
        _ outcome: Bool,
        of subject: ForecastSubject,
        in run: RunID,
        by person: Person,
        reason: String
    ) async throws -> RunState {
        try Self.require(reason, "an outcome needs what shows it")
        return try await act(on: run) { state in
            guard state.isForecast(subject) else {
                throw RuntimeError(.notFound, "nobody has forecast in run \(run) that \(subject)")
            }
            return [
                .outcomeFiled(
                    OutcomeFiled(
                        subject: subject,
                        outcome: outcome,
                        person: person.name,
                        identifiedBy: person.identifiedBy,
                        reason: reason
                    )
                )
            ]
        }
    }

    /// Pauses a run; a worker in any process stops within a second.
    @discardableResult
    public func pause(_ run: RunID, by person: Person, reason: String = "") async throws -> RunState {
        try await act(on: run) { state in
            try Self.requireOpen(state)
            return state.status == .paused ? [] : [.runPaused(Self.acted(person, reason))]
        }
    }

    /// Lets a paused run go on, and failed episodes of a stalled one be tried again.
    @discardableResult
    public func letGoOn(_ run: RunID, by person: Person) async throws -> RunState {
        try await act(on: run) { state in
            try Self.requireOpen(state)
            if state.status == .paused { return [.runContinued(Self.acted(person, ""))] }
            guard case .wait(.stalled) = state.agenda() else { return [] }
            return [.episodesReopened(EpisodesReopened(episodes: state.failedInStage(), person: person.name))]
        }
    }

    /// Stops a run for good; the workspace stays as it is.
    @discardableResult
    public func stop(_ run: RunID, by person: Person, reason: String = "") async throws -> RunState {
        try await act(on: run) { state in
            try Self.requireOpen(state)
            return [.runStopped(Self.acted(person, reason))]
        }
    }

    /// Takes the workspace back to where it was after a step, or before any.
    ///
    /// - Parameters:
    ///   - step: The last step that stays; `nil` undoes all.
    ///   - run: The run.
    ///   - world: The workspace.
    ///   - person: Who asks.
    ///   - reason: Why.
    /// - Returns: The steps that were undone.
    /// - Throws: ``RuntimeError`` with `.notFound` for a step that is not done; what the world throws.
    @discardableResult
    public func revert(
        to step: StepID?,
        in run: RunID,
        world: any World,
        by person: Person,
        reason: String
    ) async throws -> [StepID] {
        let before = try await state(of: run)
        try Self.requireNoDoubt(before)
        let checkpoint = try Self.wayBack(to: step, in: before).checkpoint
        try await world.restore(checkpoint)
        var undone: [StepID] = []
        try await act(on: run) { state in
            // A worker may have gone on meanwhile: what is undone is what stands now beyond the checkpoint.
            try Self.requireNoDoubt(state)
            undone = try Self.wayBack(to: step, in: state).undone
            guard !undone.isEmpty else { return [] }
            let event = StepsReverted(
                steps: undone,
                checkpoint: checkpoint,
                reason: .person,
                note: reason,
                person: person.name
            )
            return [.stepsReverted(event)]
        }
        return undone
    }

    /// Going back would bury the question what became of an action outside the workspace.
    private static func requireNoDoubt(_ state: RunState) throws {
        guard state.isInDoubt, let step = state.enactment.current?.step.id else { return }
        let how =
            state.openQuestion == nil
            ? "agency resume \(state.run) finds out, or asks"
            : "say so: agency reconcile \(state.run) --step \(step)"
        throw RuntimeError(.notNow, "nobody knows yet whether \(step) has acted outside the workspace; \(how)")
    }

    private static func wayBack(to step: StepID?, in state: RunState) throws -> (checkpoint: String, undone: [StepID]) {
        guard let base = state.enactment.base else {
            throw RuntimeError(.notNow, "run \(state.run) has not enacted anything; there is nothing to go back from")
        }
        var checkpoint = base
        var undone = state.enactment.done.map(\.step.id)
        if let step {
            guard let index = state.enactment.done.firstIndex(where: { $0.step.id == step }) else {
                let names = state.enactment.done.map(\.step.id.rawValue).joined(separator: ", ")
                throw RuntimeError(.notFound, "step “\(step)” is not done; done are: \(names.isEmpty ? "none" : names)")
            }
            checkpoint = state.enactment.done[index].checkpoint
            undone = Array(undone[(index + 1)...])
        }
        if let current = state.enactment.current { undone.append(current.step.id) }
        return (checkpoint, undone)
    }

    @discardableResult
    private func act(on run: RunID, _ make: (RunState) throws -> [Event]) async throws -> RunState {
        var journal = try await journal(of: run)
        try await journal.append(make)
        return journal.state
    }

    private static func requireOpen(_ state: RunState) throws {
        guard state.status == .running || state.status == .paused else {
            throw RuntimeError(.notNow, "run \(state.run) is over: \(state.statusWord)")
        }
    }

    private static func acted(_ person: Person, _ reason: String) -> PersonActed {
        PersonActed(person: person.name, identifiedBy: person.identifiedBy, reason: reason)
    }
}

extension RunState {
    /// When a choice lapses that is made at a time, both in milliseconds since 1970 UTC.
    func choiceExpiry(from milliseconds: Int64) -> Int64 {
        milliseconds + Int64(architecture?.choosing?.expires ?? 86400) * 1000
    }

    /// Where the run is and what it waits for, in a few words.
    public var whereabouts: String {
        switch agenda() {
        case .wait(.choice): "waiting for a choice"
        case .wait(.reconcile(let step)): "waiting for a person's word on whether \(step) happened"
        case .wait(.paused): "paused"
        case .wait(.stalled(let why)): "stalled: \(why)"
        case .nothing: statusWord
        default: "stage \(statusWord)"
        }
    }

    func failedInStage() -> [EpisodeID] {
        episodeOrder.filter { id in
            guard case .failed? = episodes[id]?.status else { return false }
            return id.rawValue.hasPrefix("\(cycle).")
        }
    }
}
