// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension EffectiveVotes {
    /// Measures voters whose names are known and whose answers can be settled.
    ///
    /// The mean over pairs of voters of the correlation of their errors over the questions that both answered. Differences
    /// in how hard questions are count as correlation, and should: that is how votes come to be wrong together.
    ///
    /// - Parameter wrong: For each voter, whether each question was answered wrongly; `nil` where it was not answered. All
    ///   lists have the same length.
    /// - Returns: `nil` when no two voters both vary over at least ``leastShared`` questions that they share.
    public static func measured(wrong: [[Bool?]]) -> EffectiveVotes? {
        var sum = 0.0
        var pairs = 0
        for left in wrong.indices {
            for right in wrong.indices where right > left {
                guard let correlation = phi(wrong[left], wrong[right]) else { continue }
                sum += correlation
                pairs += 1
            }
        }
        guard pairs > 0 else { return nil }
        let questions = wrong.map(\.count).max() ?? 0
        let answers = wrong.reduce(0) { $0 + $1.count { $0 != nil } }
        return EffectiveVotes(
            voters: Double(answers) / Double(max(1, questions)),
            correlation: sum / Double(pairs),
            basis: .outcomes,
            questions: questions
        )
    }

    /// The fewest questions that two voters must share for their correlation to count.
    public static let leastShared = 5

    /// Pearson's correlation of two lists of errors; `nil` where either does not vary.
    private static func phi(_ left: [Bool?], _ right: [Bool?]) -> Double? {
        var (both, onlyLeft, onlyRight, neither) = (0.0, 0.0, 0.0, 0.0)
        for case (let one?, let other?) in zip(left, right) {
            switch (one, other) {
            case (true, true): both += 1
            case (true, false): onlyLeft += 1
            case (false, true): onlyRight += 1
            case (false, false): neither += 1
            }
        }
        guard both + onlyLeft + onlyRight + neither >= Double(leastShared) else { return nil }
        let spread = (both + onlyLeft) * (onlyRight + neither) * (both + onlyRight) * (onlyLeft + neither)
        return spread > 0 ? (both * neither - onlyLeft * onlyRight) / spread.squareRoot() : nil
    }

    /// Measures exchangeable samples of one performer, of which it is known how many of each question were right.
    public static func measured(pilot: Pilot) -> EffectiveVotes? {
        guard let correlation = pilot.correlation else { return nil }
        let paired = pilot.items.filter { $0.samples > 1 }
        let voters = Double(paired.reduce(0) { $0 + $1.samples }) / Double(paired.count)
        return EffectiveVotes(voters: voters, correlation: correlation, basis: .outcomes, questions: paired.count)
    }

    /// Estimates from agreement alone, with the answer that most gave taken for right.
    ///
    /// Of each ballot only as many votes are used as every ballot has: how many more there are depends on what the first
    /// ones said, and would bias the estimate.
    ///
    /// - Parameter ballots: For each question, the answers in the order in which they were sampled.
    /// - Returns: `nil` when no ballot has two votes, or when nobody disagreed: then nothing can be told, because voters who
    ///   are always right and voters who copy one another look the same.
    public static func estimated(ballots: [[some Hashable]]) -> EffectiveVotes? {
        let ballots = ballots.filter { $0.count > 1 }
        guard let shared = ballots.map(\.count).min() else { return nil }
        let items = ballots.map { answers in
            let votes = Dictionary(answers.map { ($0, 1) }, uniquingKeysWith: +)
            let most = votes.values.max() ?? 0
            // Of several with as many votes the one that came first.
            let right = answers.first { votes[$0] == most }
            return Pilot.Item(samples: shared, right: answers.prefix(shared).count { $0 == right })
        }
        guard let measured = measured(pilot: Pilot(items)) else { return nil }
        return EffectiveVotes(
            voters: measured.voters,
            correlation: measured.correlation,
            basis: .agreement,
            questions: measured.questions
        )
    }
}
