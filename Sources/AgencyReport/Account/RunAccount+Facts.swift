// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension RunAccount {
    /// What identifies the run, as names and values.
    var facts: [(name: String, value: String)] {
        guard let started = state.started else { return [] }
        let architecture = started.architecture
        let resources = started.brief.resources
        let tokens = costs.total.tokensText + (resources.tokens.map { " of \($0.grouped)" } ?? "") + " tokens"
        let money = costs.total.usage.money.description + (resources.money.map { " of \($0)" } ?? "")
        return [
            ("Architecture", architecture.name + (architecture.about.isEmpty ? "" : ": \(architecture.about)")),
            ("Started", "\(UTC.text(milliseconds: state.startedAtMilliseconds)) by \(started.person)"),
            ("Last event", UTC.text(milliseconds: state.updatedAtMilliseconds)),
            ("Workspace", started.workspace ?? "none"), ("Stakes", started.brief.stakes.rawValue),
            ("Autonomy", autonomy), ("Votes", votes),
            ("Spent", "\(costs.total.episodes.counted("episode")), \(tokens), \(money)"),
        ].filter { !$0.1.isEmpty }
    }

    /// How much of what had consequences was done without a question, after the choices.
    private var autonomy: String {
        let autonomy = PolicyEvaluation.account(tools: state.started?.tools ?? [], trace: state.trace).autonomy
        guard let share = autonomy.share else { return "" }
        let asked = state.enactment.trials.count { $0.question != nil }
        return "\(share.percent) of \(autonomy.consequential.counted("act")) without a question of its own, after "
            + state.choices.count.counted("choice")
            + (asked > 0 ? "; " + asked.counted("question") + " what had happened" : "")
    }

    private var votes: String { VoteFigures.all(of: state).map(\.line).joined(separator: "; ") }

    /// The digests that an auditor compares, as names and values.
    var digests: [(name: String, value: Digest)] {
        let architecture = state.architecture.map { [("architecture \($0.name)", $0.digest)] } ?? []
        let plans = proposals.map { ("plan of \($0.id)", $0.plan.digest) }
        let sheets = rounds.flatMap { round in round.shown.map { ("sheet of round \(round.cycle + 1)", $0) } }
        return architecture + plans + sheets
    }

    /// The title of a round, where there are several.
    func title(of round: Round) -> String {
        let options = round.options.map(\.id.rawValue).inWords
        return rounds.count > 1 ? "Round \(round.cycle + 1): \(options)" : options.capitalizedFirst
    }
}
