// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// One time of putting options before a person: what was judged, what was said of it, and what was chosen.
struct Round: Hashable, Sendable {
    /// Which time of judging it is, counted from 0.
    var cycle: Int
    /// The options.
    var options: [Proposal]
    /// Their evaluations.
    var evaluations: [Evaluation]
    /// The account of them.
    var explanation: Explanation?
    /// The questions asked so far, and their answers.
    var questions: [Question]
    /// The disagreements filed so far.
    var dissents: [Dissent]
    /// What was known of those who judged.
    var records: RecordsShown?
    /// The digests of all that was shown in this round, the last one last.
    var shown: [Digest]

    /// The round that a state is in.
    init(_ state: RunState, shown: [Digest] = []) {
        cycle = state.cycle
        options = state.options
        evaluations = state.evaluations.flatMap { evaluation in
            state.options.filter { state.judged($0) == evaluation.proposal }.map { option in
                var evaluation = evaluation
                evaluation.proposal = option.id
                return evaluation
            }
        }
        explanation = state.explanation
        questions = state.questions
        dissents = state.dissents
        records = state.records
        self.shown = shown
    }

    /// All rounds of a run, found by taking its events once more.
    static func all(of state: RunState, events: [RecordedEvent]) -> [Round] {
        var replay = RunState(run: state.run)
        var rounds: [Round] = []
        for recorded in events {
            // Where some are left out, what follows says nothing of what was shown.
            guard recorded.sequence == replay.sequence + 1 else { break }
            replay.apply(recorded)
            guard case .choiceRequested(let event) = recorded.event, replay.sheet == event.sheet else { continue }
            if let last = rounds.last, last.cycle == replay.cycle {
                rounds[rounds.count - 1] = Round(replay, shown: last.shown + [event.digest]).keeping(last)
            } else {
                rounds.append(Round(replay, shown: [event.digest]))
            }
        }
        guard !state.options.isEmpty else { return rounds }
        if let last = rounds.last, last.cycle == state.cycle {
            rounds[rounds.count - 1] = Round(state, shown: last.shown).keeping(last)
        } else {
            rounds.append(Round(state, shown: state.sheet.map { [$0.digest] } ?? []))
        }
        return rounds
    }

    /// The round with the options that stood in it before: one that was chosen and is asked about stands alone.
    private func keeping(_ earlier: Round) -> Round {
        let names = Set(options.map(\.id))
        var round = self
        round.options = earlier.options.filter { !names.contains($0.id) } + options
        round.evaluations = earlier.evaluations.filter { !names.contains($0.proposal) } + evaluations
        return round
    }

    /// The choices that were made from what this round showed.
    func choices(of state: RunState) -> [StandingChoice] {
        state.choices.filter { shown.contains($0.choice.shown) }
    }

    /// The last episode of this round in which a role was to evaluate an option.
    func evaluating(_ role: RoleName, _ option: ProposalID, in state: RunState) -> EpisodeRecord? {
        state.episodeOrder.reversed().lazy.compactMap { state.episodes[$0] }.first { record in
            record.order.task == .evaluate && record.order.role == role && record.order.subject == option
                && record.cycle == cycle
        }
    }

    /// The evaluations of this round whose episodes failed.
    func missing(in state: RunState) -> [EpisodeRecord] {
        let roles = state.episodeOrder.compactMap { state.episodes[$0]?.order.role }.withoutRepetition
        return roles.flatMap { role in options.compactMap { evaluating(role, $0.id, in: state) } }.filter {
            $0.failure != nil
        }
    }

    /// The worst objection to an option.
    func strongestObjection(to option: ProposalID) -> Objection? {
        objections.first { $0.option == option }?.objection
    }

    /// The objections to the options, the worst first, and otherwise in the order of the options.
    var objections: [Objected] {
        let all = options.flatMap { option in
            evaluations.filter { $0.proposal == option.id }.flatMap { evaluation in
                evaluation.objections.map {
                    Objected(option: option.id, role: evaluation.role, episode: evaluation.episode, objection: $0)
                }
            }
        }
        return Objection.Severity.allCases.reversed().flatMap { severity in
            all.filter { $0.objection.severity == severity }
        }
    }

    /// An objection with its option and its author.
    struct Objected: Hashable, Sendable {
        var option: ProposalID
        var role: RoleName
        var episode: EpisodeID
        var objection: Objection

        /// The option and, if it is about one, the step.
        var place: String { option.rawValue + (objection.step.map { " \($0)" } ?? "") }
    }
}

extension EpisodeRecord {
    /// Which time of judging it belongs to: the number with which its name begins.
    var cycle: Int { order.id.rawValue.split(separator: ".").first.flatMap { Int($0) } ?? 0 }

    /// The word for why it failed and the message, if it failed.
    var failure: (code: String, message: String)? {
        if case .failed(let code, let message) = status { (code, message) } else { nil }
    }
}
