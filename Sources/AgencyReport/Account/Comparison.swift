// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

/// The judgement of several options side by side: for each criterion, what each evaluator said of each option.
struct Comparison: Hashable, Sendable {
    /// What one evaluator says of one option.
    enum Cell: Hashable, Sendable {
        /// A number.
        case determined(Double)
        /// The evaluator could not tell.
        case undetermined
        /// The episode failed, so that there is no opinion.
        case missing(code: String)
        /// The episode is not over.
        case pending
        /// The evaluator was not asked about this.
        case notAsked

        var number: Double? { if case .determined(let number) = self { number } else { nil } }
    }

    /// One evaluator's row.
    struct Row: Hashable, Sendable {
        var role: RoleName
        var cells: [Cell]
        /// Why what it says is only advice: nothing that it said is settled, or it judges otherwise than before.
        var caveat: String?

        /// The role, and how far to trust it where that is not far.
        var label: String { caveat.map { "\(role) (\($0))" } ?? role.rawValue }
    }

    /// One criterion.
    struct Criterion: Hashable, Sendable {
        var name: String
        var rows: [Row]
        /// The distance between the highest and the lowest number, where two or more evaluators gave one.
        var spreads: [Double?]
    }

    /// The options, in their order.
    var options: [Proposal]
    /// The criteria, in the order in which the roles declare them.
    var criteria: [Criterion]
    /// How likely each evaluator holds each option to reach the goals.
    var probability: Criterion
    /// What they say together, each weighed by its record; `nil` where nothing is known of them.
    var together: Criterion?
    /// How far each evaluator can be believed, in sentences.
    var standings: [String]
    /// Whether another option is at least as good in everything that was judged, as far as the judges agree; empty where
    /// there is nothing to compare.
    var pareto: [ParetoSet.Standing]

    /// Compares the options of a round.
    init(_ round: Round, in state: RunState) {
        options = round.options
        let asked = (state.architecture?.flow ?? []).flatMap { stage -> [RoleName] in
            if case .evaluate(let roles) = stage { roles } else { [] }
        }
        let roles = (asked + round.evaluations.map(\.role)).withoutRepetition
        var names: [String] = []
        var askedOf: [RoleName: [String]] = [:]
        for role in roles {
            let declared = state.architecture?.role(role)?.criteria ?? []
            let given = round.evaluations.filter { $0.role == role }.flatMap { $0.scores.map(\.criterion) }
            askedOf[role] = (declared + given).withoutRepetition
            names += askedOf[role] ?? []
        }
        func cell(_ role: RoleName, _ option: Proposal, _ number: (Evaluation) -> Double??) -> Cell {
            let record = round.evaluating(role, option.id, in: state)
            // What was said before does not stand in for an episode that failed since.
            if let failure = record?.failure { return .missing(code: failure.code) }
            guard record?.isOver != false,
                let evaluation = round.evaluations.first(where: { $0.role == role && $0.proposal == option.id })
            else { return .pending }
            guard let given = number(evaluation) else { return .notAsked }
            return given.flatMap { $0.isFinite ? .determined($0) : nil } ?? .undetermined
        }
        criteria = names.withoutRepetition.map { name in
            let rows = roles.filter { askedOf[$0]?.contains(name) == true }.map { role in
                Row(
                    role: role,
                    cells: round.options.map { option in
                        cell(role, option) { evaluation in
                            evaluation.scores.first { $0.criterion == name }.map(\.value)
                        }
                    }
                )
            }
            return Criterion(name: name, rows: rows, spreads: Self.spreads(rows, round.options.count))
        }
        let rows = roles.map { role in
            Row(
                role: role,
                cells: round.options.map { cell(role, $0) { .some($0.probability) } },
                caveat: round.records?.evaluators.first { $0.role == role }?.caveat
            )
        }
        probability = Criterion(
            name: "probability of reaching every goal",
            rows: rows,
            spreads: Self.spreads(rows, round.options.count)
        )
        together = round.records.map { Self.together($0, round, in: state) }
        pareto = Self.pareto(criteria, round.options.count)
        let isForecast = rows.contains { $0.cells.contains { $0.number != nil } }
        standings = round.records?.standings ?? (isForecast ? [Self.unknown] : [])
    }

    private static let unknown =
        "No run that is over shows how far these roles can be believed: their probabilities are advisory."

    /// Compares by criteria, each of which lies somewhere between the lowest and the highest that was said.
    private static func pareto(_ criteria: [Criterion], _ count: Int) -> [ParetoSet.Standing] {
        guard count > 1, !criteria.isEmpty else { return [] }
        let ranges = (0..<count).map { column in
            criteria.map { criterion -> ParetoSet.Range in
                let said = criterion.rows.map { $0.cells[column].number }
                let numbers = said.compactMap(\.self)
                // Who was asked and could not tell might have said anything.
                guard numbers.count == said.count, let least = numbers.min(), let most = numbers.max() else {
                    return .unknown
                }
                return ParetoSet.Range(least, most)
            }
        }
        return ParetoSet(ranges).standings
    }

    private static func together(_ records: RecordsShown, _ round: Round, in state: RunState) -> Criterion {
        let cells = round.options.map { option -> Cell in
            let pooled = records.options.first { $0.proposal == state.judged(option) }
            return pooled.map { .determined($0.probability) } ?? .undetermined
        }
        return Criterion(
            name: "probability, weighed by their records",
            rows: [Row(role: "together", cells: cells)],
            spreads: round.options.map { _ in nil }
        )
    }

    private static func spreads(_ rows: [Row], _ count: Int) -> [Double?] {
        (0..<count).map { column in
            let numbers = rows.compactMap { $0.cells[column].number }
            guard numbers.count > 1, let least = numbers.min(), let most = numbers.max() else { return nil }
            return most - least
        }
    }
}

extension ParetoSet.Standing {
    /// What it means for an option, in a few words.
    var words: String {
        switch self {
        case .undominated: "none is as good in all"
        case .undecided: "not determined"
        case .dominated: "another is as good in all"
        }
    }
}

extension Sequence where Element: Hashable {
    /// The elements in their order, each once.
    var withoutRepetition: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
