// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// What a probed role answered, question by question.
struct ProbeAccount {
    /// One question, and what was answered to it.
    struct Row {
        /// The question.
        let question: ProbeQuestion
        /// The answers, the most frequent first.
        let answers: [(words: String, count: Int)]
        /// How often there was none.
        let missing: Int
        /// The mean of the probabilities that were given; `nil` where none was.
        let probability: Double?
        /// How many answers were right; `nil` where that is not known.
        let right: Int?

        /// How many answers there were.
        var count: Int { answers.reduce(0) { $0 + $1.count } }

        /// The answers in words: `Paris ×2, unsure`.
        var answerWords: String {
            let known = answers.map { $0.count > 1 ? "\($0.words) ×\($0.count)" : $0.words }
            let none = missing == 0 ? [] : [missing > 1 ? "no answer ×\(missing)" : "no answer"]
            return (known + none).joined(separator: ", ")
        }

        /// How many are right, in words; empty where that is not known.
        var rightWords: String { right.map { "\($0) of \(count + missing) right" } ?? "" }
    }

    /// The questions, in their order; none where the run is no probe.
    let rows: [Row]

    init(_ state: RunState) {
        guard case .probe(_, let times)? = state.architecture?.flow.last else {
            rows = []
            return
        }
        rows = (state.started?.brief.questions ?? []).map { question in
            let answers = state.probes.filter { $0.question == question.id }
            var counts: [String: Int] = [:]
            for answer in answers { counts[answer.words, default: 0] += 1 }
            let said = answers.compactMap(\.probability)
            let right = answers.compactMap(question.isRight)
            return Row(
                question: question,
                answers: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) },
                missing: max(0, times - answers.count),
                probability: said.isEmpty ? nil : said.reduce(0, +) / Double(said.count),
                right: question.right == nil ? nil : right.count { $0 }
            )
        }
    }
}

extension ProbeAnswer {
    /// What was answered, or what else was done with the question.
    fileprivate var words: String { stance == .answer ? answer.trimmingWhitespace : "(\(stance.rawValue))" }
}

extension ReportPage {
    /// What a probed role answered; empty in a run that is no probe.
    var probes: Markup {
        let rows = ProbeAccount(state).rows
        guard !rows.isEmpty else { return .empty }
        return part(
            "probes",
            "Probes",
            note: "Each question was put by itself. Stances other than an answer are in brackets."
        ) {
            tag("table") {
                tag("tr") { for title in ["Question", "Answers", "Right"] { tag("th") { title } } }
                for row in rows {
                    tag("tr") {
                        tag("td", title: row.question.text) { row.question.id }
                        tag("td") { row.answerWords }
                        tag("td") { row.rightWords }
                    }
                }
            }
        }
    }
}

extension MarkdownPage {
    /// What a probed role answered; empty in a run that is no probe.
    var probes: [String] {
        let rows = ProbeAccount(state).rows
        guard !rows.isEmpty else { return [] }
        return ["## Probes", ""]
            + table(
                ["Question", "Answers", "Right"],
                rows.map { [words($0.question.id), words($0.answerWords), words($0.rightWords)] }
            )
    }
}
