// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Who wrote what a run rests on, and what they had read: the way back from a claim or a value to people and the workspace.
///
/// It is found by taking the events once more, so that each episode is told with what stood when it began.
struct Lineage: Sendable {
    /// Who or what something comes from.
    enum Maker: Hashable, Sendable {
        case episode(EpisodeID)
        case person(String, sequence: Int)
        /// The files of the workspace, as the list of them stood.
        case workspace
        /// What was declared when the run was started.
        case declaration
        /// What steps showed.
        case steps([StepID])
        /// The program, from two other inputs.
        case comparison(ProposalID, with: ProposalID)
    }

    /// Something that an episode was given.
    struct Input: Hashable, Sendable {
        /// What it is quoted by.
        var label: String
        /// Who made it, the last who did last; empty where the record does not say.
        var makers: [Maker]
    }

    /// What each episode was given when it was begun, the last time.
    private(set) var inputs: [EpisodeID: [Input]] = [:]
    /// Who wrote each option as it stands, the last who did last.
    private(set) var proposals: [ProposalID: [Maker]] = [:]
    private var brief: [Maker] = []
    private var reason: [Maker] = []
    private var question: [Maker] = []
    private var critiques: [ProposalID: Maker] = [:]
    private var accounts: [(said: Explanation, by: EpisodeID)] = []

    init(_ state: RunState, events: [RecordedEvent]) {
        var replay = RunState(run: state.run)
        for recorded in events {
            if case .episodeStarted(let event) = recorded.event {
                inputs[event.order.id] = given(for: event.order, in: replay)
            }
            replay.apply(recorded)
            take(recorded, in: replay)
        }
    }

    /// The episode that gave an account.
    func author(of explanation: Explanation) -> EpisodeID? { accounts.last { $0.said == explanation }?.by }

    private mutating func take(_ recorded: RecordedEvent, in state: RunState) {
        func person(_ name: String) -> Maker { .person(name, sequence: recorded.sequence) }
        switch recorded.event {
        case .runStarted(let event): brief = [person(event.person)]
        case .goalsEdited(let event): brief.append(person(event.person))
        case .questionAsked(let event): question = [person(event.person)]
        case .choiceRecorded(let event): reason = [person(event.choice.person)]
        case .optionAdded(let event): proposals[event.proposal.id] = [person(event.person)]
        case .episodeCompleted(let event):
            guard let order = state.episodes[event.episode]?.order else { return }
            if let explanation = event.explanation { accounts.append((explanation, order.id)) }
            switch (order.task, order.subject) {
            case (.critique, let subject?): critiques[subject] = .episode(order.id)
            // What it was before is among what the episode was given.
            case (.refine, let subject?): proposals[subject] = [.episode(order.id)]
            case (.propose, _), (.revise, _):
                for proposal in state.proposals.values where proposal.episode == order.id {
                    proposals[proposal.id] = [.episode(order.id)]
                }
            default: break
            }
        default: break
        }
    }

    /// What an episode is given, by the rule by which its conversation is put together.
    private func given(for order: EpisodeOrder, in state: RunState) -> [Input] {
        let role = state.architecture?.role(order.role)
        let mends = order.task == .refine || order.task == .revise
        if order.task == .probe { return [Input(label: "question", makers: brief)] }
        let inputs = (role?.reads ?? []).flatMap { input -> [Input] in
            switch input {
            case .brief: [Input(label: "brief", makers: brief)]
            case .actions: [Input(label: "actions", makers: [.declaration])]
            case .tree: [Input(label: "workspace.tree", makers: [.workspace])]
            case .proposal: mends ? [] : order.subject.map { [option($0, in: state)] } ?? []
            case .proposals: state.options.map { option($0.id, in: state) }
            case .critique:
                order.subject.flatMap { subject in
                    order.task == .refine
                        ? critiques[subject].map { [Input(label: "critique/\(subject)", makers: [$0])] } : nil
                } ?? []
            case .evaluations:
                state.evaluations.filter { one in state.options.contains { $0.id == one.proposal } }.map {
                    Input(label: "evaluation/\($0.role)/\($0.proposal)", makers: [.episode($0.episode)])
                }
            case .observations: observations(in: state)
            case .reason: state.reason == nil ? [] : [Input(label: "reason", makers: reason)]
            case .question: order.task == .answer ? [Input(label: "question", makers: question)] : []
            case .changes: changes(order, in: state)
            // The answer that a verifier is given is part of the ballot that asked for it.
            case .output: []
            }
        }
        return inputs
            + (mends ? order.subject.map { [Input(label: "sketch", makers: option($0, in: state).makers)] } ?? [] : [])
    }

    /// An option, with who wrote it; one that only fills in what was read is by whoever wrote the plan before.
    func option(_ id: ProposalID, in state: RunState) -> Input {
        var author = id
        for _ in 0..<Self.mostFilled {
            guard proposals[author] == nil, let parent = state.proposals[author]?.parent else { break }
            author = parent
        }
        return Input(label: "proposal/\(id)", makers: proposals[author] ?? [])
    }

    /// How often at most a plan can have been filled in: once for each step.
    private static let mostFilled = Limits.steps

    private func observations(in state: RunState) -> [Input] {
        let told = state.enactment.trials.filter { $0.reverted?.reason != .interrupted }
        guard !told.isEmpty else { return [] }
        return [Input(label: "observations", makers: [.steps(told.map(\.step.id).withoutRepetition)])]
    }

    private func changes(_ order: EpisodeOrder, in state: RunState) -> [Input] {
        let subjects = order.subject.flatMap { state.proposals[$0] }.map { [$0] } ?? state.options
        return subjects.compactMap { proposal in
            proposal.parent.flatMap { state.proposals[$0] }.map { parent in
                Input(label: "changes/\(proposal.id)", makers: [.comparison(proposal.id, with: parent.id)])
            }
        }
    }
}
