// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Something that a person who decides or audits must not miss.
struct Notice: Hashable, Sendable {
    /// How much it matters.
    enum Weight: Hashable, Sendable, Comparable {
        /// Good to know.
        case note
        /// To be weighed.
        case caution
        /// Not to be passed over.
        case stop
    }

    var weight: Weight
    /// What sort of thing it is, in a word or two.
    var kind: String
    /// Whom or what it is about.
    var place: String
    /// What there is to say.
    var text: String

    /// All there is to notice in a run, in the order in which it matters.
    static func all(of state: RunState, events: [RecordedEvent], rounds: [Round]) -> [Notice] {
        asked(state) + dissents(state) + drifts(state) + mandates(state) + doubts(state) + blocking(state, rounds)
            + halts(state) + missedGoals(state)
            + failures(state) + anomalies(state, events) + claims(rounds.last) + repeatedVotes(state)
            + hidden(state, events) + recordings(state) + leanings(state) + checks(state)
    }

    private static func asked(_ state: RunState) -> [Notice] {
        guard state.choice == nil else { return [] }
        return state.options.compactMap { option in
            option.asks.map { asks in
                let text = asks.asSentence.capitalizedFirst + " \(option.id) was \(option.judgedInWords(in: state))."
                return Notice(weight: .stop, kind: "asked", place: option.id.rawValue, text: text)
            }
        }
    }

    private static func dissents(_ state: RunState) -> [Notice] {
        state.dissents.map {
            Notice(weight: .stop, kind: "dissent", place: "\($0.role), \($0.episode)", text: $0.statement)
        }
    }

    private static func drifts(_ state: RunState) -> [Notice] {
        (state.records?.evaluators ?? []).compactMap { one in
            one.drift.map {
                Notice(
                    weight: state.choice == nil ? .stop : .caution,
                    kind: "judges otherwise than before",
                    place: one.role.rawValue,
                    text: $0.asSentence + " What it says is shown, and counts only where nobody else says anything."
                )
            }
        }
    }

    private static func mandates(_ state: RunState) -> [Notice] {
        let ended = state.withdrawnMandates.map {
            Notice(
                weight: .caution,
                kind: "mandate ended",
                place: String($0.mandate.prefix(8)),
                text: $0.reason.asSentence
            )
        }
        let ruled = state.choices.compactMap(\.choice.mandate).map {
            Notice(
                weight: .caution,
                kind: "chosen by rule",
                place: "mandate \($0.prefix(8))",
                text: "No person chose here."
            )
        }
        let proposed = state.proposedMandate.flatMap { proposed in
            state.grantedMandates.isEmpty
                ? Notice(
                    weight: .note,
                    kind: "choices by rule",
                    place: proposed.work,
                    text: proposed.evidence.words + " A person may grant it: agency delegate grant \(state.run) --why …"
                ) : nil
        }
        return ended + ruled + [proposed].compactMap(\.self)
    }

    private static func doubts(_ state: RunState) -> [Notice] {
        state.enactment.trials.filter { $0.effectState == .unknown }.map { trial in
            let isOpen = state.openQuestion?.question.effect == trial.effect
            let why = isOpen ? trial.question?.why : trial.reconciliations.last?.note
            return Notice(
                weight: .stop,
                kind: isOpen ? "did it happen?" : "left open",
                place: "step \(trial.step.id), try \(trial.attempt)",
                text: (why ?? "nobody knows whether it happened").asSentence.capitalizedFirst
            )
        }
    }

    private static func blocking(_ state: RunState, _ rounds: [Round]) -> [Notice] {
        let chosen = Set(state.choices.compactMap { if case .option(let id) = $0.choice.verdict { id } else { nil } })
        let standing = state.choices.isEmpty ? Set(state.options.map(\.id)) : Set<ProposalID>()
        return rounds.flatMap(\.objections).withoutRepetition.filter { $0.objection.severity == .blocking }.map { one in
            let matters = chosen.contains(one.option) || standing.contains(one.option)
            let fate = chosen.contains(one.option) ? ", chosen" : standing.contains(one.option) ? "" : ", not chosen"
            return Notice(
                weight: matters ? .stop : .note,
                kind: "blocking objection",
                place: "\(one.place)\(fate), \(one.role)",
                text: one.objection.statement
            )
        }
    }

    private static func halts(_ state: RunState) -> [Notice] {
        let trials = state.enactment.trials.compactMap { trial -> Notice? in
            if let reverted = trial.reverted {
                let isAsked = reverted.reason == .person || reverted.reason == .replaced
                return Notice(
                    weight: isAsked ? .note : .caution,
                    kind: reverted.reason.title,
                    place: "step \(trial.step.id), try \(trial.attempt)",
                    text: (trial.halt ?? reverted.note).asSentence.capitalizedFirst + " Reverted."
                )
            }
            return trial.halt.map {
                Notice(
                    weight: .stop,
                    kind: "halt",
                    place: "step \(trial.step.id), try \(trial.attempt)",
                    text: $0.asSentence.capitalizedFirst + " Not reverted."
                )
            }
        }
        guard let halt = state.halt, halt.step == nil else { return trials }
        return trials + [Notice(weight: .stop, kind: "halt", place: "goals", text: halt.why)]
    }

    private static func missedGoals(_ state: RunState) -> [Notice] {
        state.goalOutcomes.filter { $0.settlement.outcome != true }.map { one in
            Notice(
                weight: .stop,
                kind: one.settlement.outcome == nil ? "goal not settled" : "goal missed",
                place: one.goal.rawValue,
                text: "expected \(one.settlement.expected), observed \(one.settlement.observed)"
            )
        }
    }

    private static func failures(_ state: RunState) -> [Notice] {
        state.episodeOrder.compactMap { state.episodes[$0] }.compactMap { record in
            record.failure.map {
                Notice(
                    weight: .caution,
                    kind: "failed episode",
                    place: record.order.id.rawValue,
                    text: "\($0.code): \($0.message)".asSentence + " Its output is missing, which is no opinion."
                )
            }
        }
    }

    private static func anomalies(_ state: RunState, _ events: [RecordedEvent]) -> [Notice] {
        let unknown = events.compactMap { recorded -> Notice? in
            guard case .unrecognized(let type, _) = recorded.event else { return nil }
            return Notice(
                weight: .caution,
                kind: "unknown event",
                place: "event \(recorded.sequence)",
                text: "An event of type “\(type)” is kept and was not understood."
            )
        }
        return state.anomalies.map { Notice(weight: .stop, kind: "anomaly", place: "record", text: $0) } + unknown
    }

    private static func claims(_ round: Round?) -> [Notice] {
        guard let counts = round?.explanation?.counts(), counts.asserted + counts.uncited > 0 else { return [] }
        let parts = [
            counts.asserted > 0
                ? counts.asserted.counted("claim cites", "claims cite") + " words that are not in the record" : nil,
            counts.uncited > 0 ? counts.uncited.counted("claim cites", "claims cite") + " nothing" : nil,
        ]
        return [
            Notice(
                weight: .caution,
                kind: "unverified claims",
                place: "explanation",
                text: parts.compactMap(\.self).joined(separator: "; ") + "."
            )
        ]
    }

    private static func hidden(_ state: RunState, _ events: [RecordedEvent]) -> [Notice] {
        let shown = events.compactMap { recorded -> HiddenText? in
            switch recorded.event {
            case .episodeCompleted(let event): event.hidden.map { HiddenText(event.episode, $0) }
            case .episodeFailed(let event): event.hidden.map { HiddenText(event.episode, $0) }
            default: nil
            }
        }
        return (state.hiddenTexts + shown).map {
            Notice(
                weight: .caution,
                kind: "hidden characters",
                place: $0.place,
                text: $0.summary.asSentence.capitalizedFirst
                    + " Drawn here; roles were shown the text without what is not seen."
            )
        }
    }

    private static func repeatedVotes(_ state: RunState) -> [Notice] {
        VoteFigures.all(of: state).compactMap { figures in
            figures.warning.map { Notice(weight: .caution, kind: "repeated votes", place: figures.role, text: $0) }
        }
    }

    private static func recordings(_ state: RunState) -> [Notice] {
        let count = state.episodes.values.count { $0.isRecorded }
        guard count > 0 else { return [] }
        let text =
            "\(count) of \(state.episodes.count.counted("episode")) are recorded answers, not given for this run."
        return [Notice(weight: .note, kind: "recorded answers", place: "episodes", text: text)]
    }
}

extension HiddenText {
    /// What tools showed in an episode.
    fileprivate init(_ episode: EpisodeID, _ summary: String) {
        self.init(place: "what tools showed in \(episode)", summary: summary)
    }
}

extension StepsReverted.Reason {
    /// The reason in a word or two.
    var title: String {
        switch self {
        case .surprise: "surprise"
        case .failure: "failed step"
        case .interrupted: "interruption"
        case .unknown: "left open by a person"
        case .replaced: "replaced step"
        case .person: "reverted by a person"
        }
    }
}
