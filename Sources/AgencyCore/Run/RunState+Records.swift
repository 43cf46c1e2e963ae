// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment

extension RunState {
    /// Whose record an episode belongs to.
    public func recordKey(of record: EpisodeRecord) -> RecordKey {
        RecordKey(
            role: record.order.role.rawValue,
            performer: record.performer,
            prompt: String((architecture?.role(record.order.role)?.prompt.hex ?? "").prefix(12)),
            task: record.order.task.rawValue,
            work: architecture?.name ?? ""
        )
    }

    /// The probability that an option reaches the goals: what its evaluators say, weighed by their records where there are
    /// any, and their mean where there are none; `nil` where nobody has given one.
    public func probability(of option: ProposalID) -> Double? {
        if let pooled = records?.options.first(where: { $0.proposal == option }) { return pooled.probability }
        let said = evaluations.filter { $0.proposal == option }.compactMap(\.probability)
        return said.isEmpty ? nil : said.reduce(0, +) / Double(said.count)
    }

    /// How far a role can be believed, as it is shown at the choice; `nil` where no records are.
    public func standing(of role: RoleName) -> RecordsShown.Standing? { records?.evaluators.first { $0.role == role } }

    /// What the records of runs that are over say of those who judged the options that stand.
    ///
    /// - Parameters:
    ///   - runs: What was forecast in runs of the same architecture that are over.
    ///   - drift: Why what a role says may not be what it would have said before.
    ///   - milliseconds: Now; a mandate whose time is over does not stand.
    /// - Returns: `nil` where none of their judgements has an outcome and nothing has moved.
    public func records(
        from runs: [RunForecasts],
        drift: [RoleName: String] = [:],
        at milliseconds: Int64
    ) -> RecordsShown? {
        let pool = JudgementPool(runs)
        let judges = options.flatMap { option in evaluations.filter { $0.proposal == judged(option) } }
        guard pool.settled > 0 || judges.contains(where: { drift[$0.role] != nil }) else { return nil }
        var keys: [RoleName: RecordKey] = [:]
        for judge in judges { keys[judge.role] = episodes[judge.episode].map(recordKey) }
        let book = RecordBook(runs, drifted: Set(keys.filter { drift[$0.key] != nil }.values))
        let standings = keys.sorted { $0.key < $1.key }.map { role, key in
            let entry = book.entry(of: key)
            return RecordsShown.Standing(
                role: role,
                performer: key.performer,
                settled: entry.record.count,
                brier: entry.record.brierScore,
                expectedBrier: entry.expected.brier,
                // Ten outcomes say more of it than what it was before.
                drift: entry.record.count < 10 ? drift[role] : nil
            )
        }
        let unproven = Set(standings.filter { $0.drift != nil && $0.isAdvisory }.map(\.role))
        let pooled = options.compactMap { option -> RecordsShown.Pooled? in
            let all = evaluations.filter { $0.proposal == judged(option) }
            // Whoever no longer judges as before is heard; until it has outcomes of its own it counts only where nobody else does.
            let steady = all.filter { !unproven.contains($0.role) && $0.probability != nil }
            let said = (steady.isEmpty ? all : steady).compactMap { one in
                one.probability.flatMap { probability in keys[one.role].map { (key: $0, probability: probability) } }
            }
            return pool.probability(said)
                .map { RecordsShown.Pooled(proposal: judged(option), probability: $0, evaluators: said.count) }
        }
        let rule = ruleRecord(from: runs, at: milliseconds)
        let mandate = rule?.granted.flatMap { isCovered(by: $0, at: milliseconds) ? $0 : nil }
        return RecordsShown(
            runs: runs.count,
            settled: pool.settled,
            evaluators: standings,
            options: pooled,
            rule: rule?.evidence,
            mandate: mandate
        )
    }

    /// How choices by rule have fared, as the run is cast; `nil` where the architecture allows no mandate.
    ///
    /// - Parameters:
    ///   - runs: Runs that are over.
    ///   - milliseconds: Now, in milliseconds since 1970 UTC.
    /// - Returns: What they show.
    public func ruleRecord(from runs: [RunForecasts], at milliseconds: Int64) -> MandateRecord? {
        architecture.flatMap { architecture in
            architecture.choosing?.mandate.map {
                MandateRecord(of: architecture.name, cast: cast, terms: $0, from: runs, at: milliseconds)
            }
        }
    }

    mutating func show(_ event: RecordsShown, _ recorded: RecordedEvent) {
        guard currentStage?.word == "choose", choice == nil else {
            return note("shows records where nothing is to be chosen", recorded)
        }
        guard event.isUsable else { return note("shows records that cannot be", recorded) }
        records = event
        sheet = nil
    }
}
