// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyJudgment

/// Every forecast that was filed in a run, and what became of it: a fold over its record and nothing else.
///
/// A step's forecasts are filed by whoever wrote the step, and settled by looking after it has acted. An evaluator's probability is
/// on the statement that the option, enacted, reaches the goals as written; it is settled when the goals are, and as missed when
/// enactment of the option halts. What a look could not tell, and what people find later, they file (``OutcomeFiled``). Options that
/// nobody chose, and goals that were rewritten before they were settled, stay unsettled, which is said and held against nobody.
public struct RunForecasts: Hashable, Sendable {
    /// One forecast.
    public struct Forecast: Hashable, Sendable {
        /// Who filed it.
        public let key: RecordKey
        /// On what, in words that are the same for all who forecast the same.
        public let statement: String
        /// The probability; `nil` where none was given.
        public let probability: Probability?
        /// What became of it; `nil` while nothing is known.
        public let outcome: Bool?
        /// Whether a later outcome contradicts the one that counts.
        public let isDisputed: Bool
    }

    /// One answer to a probe.
    public struct Probed: Hashable, Sendable {
        /// Whose answer it is.
        public let key: RecordKey
        /// How it was voted on, in words; empty where it was not.
        public let vote: String
        /// What was asked, whatever it was called then.
        public let asked: Digest
        /// Whether there were choices.
        public let isChoice: Bool
        /// The answer, with the name that the question had.
        public let answer: ProbeAnswer
    }

    /// The run.
    public let run: RunID
    /// When it began, in milliseconds since 1970 UTC.
    public let startedAtMilliseconds: Int64
    /// When it was over, in milliseconds since 1970 UTC; when something last happened to it, while it is not.
    public let endedAtMilliseconds: Int64
    /// The architecture, by name.
    public let work: String
    /// The forecasts, by statement and by who filed them.
    public internal(set) var forecasts: [Forecast]
    /// Whoever proposed or judged in it.
    let makers: Set<RecordKey>
    /// What bears on whether such choices may be made by rule, in order.
    public internal(set) var moments: [MandateRecord.Moment]

    /// The run without what rests on the word of a desk that is not among some.
    ///
    /// - Parameter desks: The public keys of those that are trusted, as ``DeskKey/publicKey``.
    /// - Returns: The same run where all are.
    public func trusting(_ desks: Set<String>) -> RunForecasts {
        var run = self
        run.moments.removeAll { !$0.signers.isSubset(of: desks) }
        return run
    }
    /// What a probed role answered, in order, in a run that was carried to its end; what was broken off is not compared.
    public let probed: [Probed]

    /// Gathers the forecasts of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - events: All of its events, in order.
    public init(of run: RunID, events: some Sequence<RecordedEvent>) {
        var gathering = ForecastGathering(run)
        for event in events { gathering.take(event) }
        self = gathering.result
    }

    fileprivate init(
        _ state: RunState,
        _ forecasts: [Forecast],
        _ moments: [MandateRecord.Moment],
        ended: Int64?
    ) {
        run = state.run
        startedAtMilliseconds = state.startedAtMilliseconds
        endedAtMilliseconds = ended ?? state.updatedAtMilliseconds
        work = state.architecture?.name ?? ""
        // What a fork shares with another run was said, and settled, once.
        let isFork = !state.forks.isEmpty
        self.forecasts = isFork ? forecasts.filter { $0.key.task != EpisodeOrder.Task.evaluate.rawValue } : forecasts
        self.moments = isFork ? moments.filter { !$0.isEvidence } : moments
        makers = state.makers
        probed = state.status == .finished && !isFork ? state.probed(state.probes) : []
    }
}

/// The fold that gathers the forecasts of a run, event by event: long records need not be in memory as a whole.
public struct ForecastGathering: Sendable {
    private var state: RunState
    private var docket = Docket()
    private var keys: [String: RecordKey] = [:]
    /// How often the goals were rewritten; what was said before is about other goals.
    private var goals = 0
    private var rule = RuleWatch()

    /// Begins with a run of which nothing has happened.
    public init(_ run: RunID) { state = RunState(run: run) }

    /// What was gathered so far.
    public var result: RunForecasts {
        RunForecasts(state, forecasts, rule.moments(of: state), ended: rule.endedAtMilliseconds)
    }

    private var forecasts: [RunForecasts.Forecast] {
        docket.statements.sorted { $0.key < $1.key }.flatMap { statement, filed in
            let names = Set(filed.forecasts.keys).union(filed.missing).sorted()
            return names.compactMap { name in
                keys[name].map { key in
                    RunForecasts.Forecast(
                        key: key,
                        statement: statement,
                        probability: filed.forecasts[name],
                        outcome: filed.outcome,
                        isDisputed: filed.isDisputed
                    )
                }
            }
        }
    }

    /// Takes the next event.
    public mutating func take(_ recorded: RecordedEvent) {
        switch recorded.event {
        case .stepSettled(let event): settle(event)
        case .goalsSettled(let event):
            let outcomes = event.outcomes.map(\.settlement.outcome)
            if outcomes.contains(false) {
                settleGoals(false)
            } else if !outcomes.isEmpty, !outcomes.contains(nil) {
                settleGoals(true)
            }
        case .goalsEdited: goals += 1
        case .outcomeFiled(let event): if state.isForecast(event.subject) { settle(event) }
        default: break
        }
        state.apply(recorded)
        rule.see(recorded, state)
        // An episode is completed once, and what it says of an option stands then.
        guard case .episodeCompleted(let event) = recorded.event else { return }
        for evaluation in state.evaluations where evaluation.episode == event.episode { file(evaluation) }
    }

    private mutating func settle(_ event: StepSettled) {
        guard let trial = state.enactment.trials.last(where: { $0.step.id == event.step }) else { return }
        let author = author(of: trial.step)
        for (index, settlement) in event.settlements.enumerated() {
            let statement = statement(event.step, trial.attempt, index + 1)
            file(settlement.probability, by: author, on: statement)
            settle(statement, as: settlement.outcome)
        }
        if event.halt != nil { settleGoals(false) }
    }

    private mutating func settle(_ event: OutcomeFiled) {
        switch event.subject {
        case .goals(let option): settle(statement(option), as: event.outcome)
        case .step(let step, let forecast):
            guard let trial = state.enactment.trials.last(where: { $0.step.id == step }) else { return }
            settle(statement(step, trial.attempt, forecast), as: event.outcome)
        }
    }

    private mutating func settleGoals(_ outcome: Bool) {
        guard let option = state.enactment.proposal.flatMap({ state.proposals[$0] }) else { return }
        settle(statement(state.judged(option)), as: outcome)
    }

    private mutating func file(_ evaluation: Evaluation) {
        guard let record = state.episodes[evaluation.episode] else { return }
        file(evaluation.probability, by: state.recordKey(of: record), on: statement(evaluation.proposal))
    }

    private mutating func file(_ probability: Double?, by key: RecordKey, on statement: String) {
        keys[key.description] = key
        // What is said once the outcome is known is no forecast.
        try? docket.file(probability, by: key.description, on: statement)
    }

    private mutating func settle(_ statement: String, as outcome: Bool?) {
        // Where nobody has forecast anything there is nothing to settle.
        if let outcome { _ = try? docket.settle(statement, as: outcome) }
    }

    private func statement(_ option: ProposalID) -> String {
        "\(option) reaches the goals" + (goals > 0 ? " as rewritten \(goals) times" : "")
    }

    private func statement(_ step: StepID, _ attempt: Int, _ forecast: Int) -> String {
        "forecast \(forecast) of \(step), try \(attempt)"
    }

    /// Whoever wrote a step first, in the option that is enacted or in one that it was made from.
    private func author(of step: Step) -> RecordKey {
        var option = state.enactment.proposal.flatMap { state.proposals[$0] }
        var author = option
        while let one = option, one.plan.step(step.id)?.forecasts == step.forecasts {
            author = one
            option = one.parent.flatMap { state.proposals[$0] }
        }
        guard let record = author?.episode.flatMap({ state.episodes[$0] }) else {
            return RecordKey(role: "person", performer: "person", prompt: "", task: "edit", work: work)
        }
        return state.recordKey(of: record)
    }

    private var work: String { state.architecture?.name ?? "" }
}
