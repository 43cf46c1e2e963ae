// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation

/// The probes that it takes to find that a model changed between March and June 2023, and false alarms where nothing
/// did.
///
/// Each question was asked once of each version, so that all questions are one group of probes; its answers fall into
/// classes, and their length is measured. Probes are drawn in random order, 400 times. Where nothing is to be found,
/// the two answers to each question are swapped at random.
///
/// - Parameter data: The directory `drift` with `opinionqa.csv` and `prime.csv`.
/// - Returns: A figure for each set and model.
/// - Throws: When a file cannot be read.
func driftFigures(data: URL) throws -> [Figure] {
    var figures: [Figure] = []
    for set in ["opinionqa", "prime"] {
        let answers = try answersByModel(data.appendingPathComponent("\(set).csv"))
        for (model, march, june) in [
            ("GPT-4", "gpt-4-0314", "gpt-4-0613"), ("GPT-3.5", "gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613"),
        ] {
            let pairs = paired(answers[march] ?? [:], answers[june] ?? [:])
            let found = looks(pairs, isSwapped: false, times: 400, seed: 51)
            let alarms = looks(pairs, isSwapped: true, times: 3000, seed: 52)
            let median = found.sorted()[found.count / 2]
            let share = Double(alarms.count { $0 < .max }) / Double(alarms.count)
            let late = Double(found.count { $0 == .max }) / Double(found.count)
            figures.append(
                Figure(
                    what: "drift: \(set), \(model), median probes to find it and false alarms at .01",
                    method: "bets on order and sign",
                    measured: "\(median == .max ? "never" : "\(median)"), \(fixed(share, 4))"
                        + (late > 0 ? "; \(fixed(late, 2)) never" : ""),
                    aim: model == "GPT-4" ? ("≤ 15, ≤ .01", median <= 15 && share <= 0.01) : nil
                )
            )
        }
    }
    return figures
}

private typealias Pair = (old: DriftTest.Answer, new: DriftTest.Answer)

/// The answers of each model by question.
private func answersByModel(_ file: URL) throws -> [String: [String: DriftTest.Answer]] {
    let text = try String(contentsOf: file, encoding: .utf8)
    var answers: [String: [String: DriftTest.Answer]] = [:]
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 4, let length = Double(fields[3]) else { continue }
        answers[fields[1], default: [:]][fields[0]] = DriftTest.Answer(fields[2], measures: ["length": length])
    }
    return answers
}

private func paired(_ old: [String: DriftTest.Answer], _ new: [String: DriftTest.Answer]) -> [Pair] {
    old.keys.sorted().compactMap { question in
        guard let first = old[question], let second = new[question] else { return nil }
        return (first, second)
    }
}

/// After how many probes each of so many tests finds a change; the largest number where it never does.
private func looks(_ pairs: [Pair], isSwapped: Bool, times: Int, seed: UInt64) -> [Int] {
    var generator = SplitMix64(seed: seed)
    return (0..<times).map { _ in
        var test = DriftTest(probes: ["all"], measures: ["length"])
        for pair in pairs.shuffled(using: &generator) {
            let swap = isSwapped && Bool.random(using: &generator)
            test.see("all", old: swap ? pair.new : pair.old, new: swap ? pair.old : pair.new)
            if test.isDrift(alpha: 0.01) { return test.pairs }
        }
        return .max
    }
}
