// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What a forecast in a run is about.
public enum ForecastSubject: Hashable, Sendable, CustomStringConvertible {
    /// That an option, enacted, reaches the goals as written.
    case goals(ProposalID)
    /// One of the forecasts of a step, counted from 1, as of its last try.
    case step(StepID, forecast: Int)

    /// What it is about, in a few words.
    public var description: String {
        switch self {
        case .goals(let option): "\(option) reaches the goals"
        case .step(let step, let forecast): "forecast \(forecast) of \(step)"
        }
    }
}

extension ForecastSubject: Codable {
    private enum Keys: String, CodingKey { case option, step, forecast }

    /// Reads `{"option": …}` or `{"step": …, "forecast": …}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        if let option = try container.decodeIfPresent(ProposalID.self, forKey: .option) {
            self = .goals(option)
        } else {
            self = .step(
                try container.decode(StepID.self, forKey: .step),
                forecast: try container.decode(Int.self, forKey: .forecast)
            )
        }
    }

    /// Writes what it reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .goals(let option): try container.encode(option, forKey: .option)
        case .step(let step, let forecast):
            try container.encode(step, forKey: .step)
            try container.encode(forecast, forKey: .forecast)
        }
    }
}

/// A person says what became of something that was forecast, however long after.
public struct OutcomeFiled: Hashable, Sendable, Codable {
    /// What was forecast.
    public var subject: ForecastSubject
    /// Whether it came true.
    public var outcome: Bool
    /// Who says so.
    public var person: String
    /// How they were identified.
    public var identifiedBy: String
    /// What shows it.
    public var reason: String

    /// Makes the event.
    public init(subject: ForecastSubject, outcome: Bool, person: String, identifiedBy: String, reason: String) {
        self.subject = subject
        self.outcome = outcome
        self.person = person
        self.identifiedBy = identifiedBy
        self.reason = reason
    }
}

extension RunState {
    /// Whether there is a forecast about something, which an outcome can be filed for.
    public func isForecast(_ subject: ForecastSubject) -> Bool {
        switch subject {
        case .goals(let option): proposals[option] != nil
        case .step(let step, let forecast):
            enactment.trials.last { $0.step.id == step }.map { $0.step.forecasts.indices.contains(forecast - 1) }
                ?? false
        }
    }

    mutating func file(_ event: OutcomeFiled, _ recorded: RecordedEvent) {
        guard isForecast(event.subject) else {
            return note("says what became of something that nobody forecast", recorded)
        }
        outcomes.append(event)
    }
}
