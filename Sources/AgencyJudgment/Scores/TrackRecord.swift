// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What became of the forecasts that one key has filed: one role, performer, model version, prompt and kind of task.
///
/// A fixed number of sums whatever the number of forecasts. Records merge: that of a group is the merge of its members'.
/// Sums of floating-point numbers depend in their last digits on the order, so that whoever merges sorts the keys first.
///
/// - Complexity: O(1) for an outcome, O(1) in space.
public struct TrackRecord: Hashable, Sendable, Codable {
    /// The forecasts that have been settled.
    public private(set) var count = 0
    /// The outcomes that came true.
    public private(set) var successes = 0
    private var logSum = 0.0
    private var logSquares = 0.0
    private var brierSum = 0.0
    private var brierSquares = 0.0
    private var forecastSquares = 0.0
    // The variances that the scores would have if the forecasts came true as often as they say.
    private var logClaimed = 0.0
    private var brierClaimed = 0.0
    /// The forecasts by how probable they were called, in ten bins of equal width.
    public private(set) var bins = [Bin](repeating: Bin(), count: TrackRecord.binCount)

    /// The number of bins.
    public static let binCount = 10

    /// The forecasts of one bin.
    public struct Bin: Hashable, Sendable, Codable {
        /// How many there are.
        public internal(set) var count = 0
        /// How many came true.
        public internal(set) var successes = 0
        /// The sum of the probabilities that were given.
        public internal(set) var forecasts = 0.0
    }

    /// Makes an empty record.
    public init() {}

    /// Takes note of a forecast and its outcome.
    public mutating func settle(_ probability: Probability, outcome: Bool) {
        let score = ProperScore(probability, outcome: outcome)
        let forecast = probability.clipped
        count += 1
        successes += outcome ? 1 : 0
        logSum += score.log
        logSquares += score.log * score.log
        brierSum += score.brier
        brierSquares += score.brier * score.brier
        forecastSquares += forecast * forecast
        let chance = forecast * (1 - forecast)
        logClaimed += chance * probability.logit * probability.logit
        brierClaimed += chance * (2 * forecast - 1) * (2 * forecast - 1)
        let place = min(Self.binCount - 1, Int(forecast * Double(Self.binCount)))
        bins[place].count += 1
        bins[place].successes += outcome ? 1 : 0
        bins[place].forecasts += forecast
    }

    /// Adds what another record holds.
    public mutating func merge(_ other: TrackRecord) {
        count += other.count
        successes += other.successes
        logSum += other.logSum
        logSquares += other.logSquares
        brierSum += other.brierSum
        brierSquares += other.brierSquares
        forecastSquares += other.forecastSquares
        logClaimed += other.logClaimed
        brierClaimed += other.brierClaimed
        for place in bins.indices {
            bins[place].count += other.bins[place].count
            bins[place].successes += other.bins[place].successes
            bins[place].forecasts += other.bins[place].forecasts
        }
    }

    /// Whether nothing it said has been settled: its forecasts are advice, and say nothing about themselves.
    public var isAdvisory: Bool { count == 0 }

    /// The mean logarithmic score in nats; `nil` for an empty record.
    public var logScore: Double? { mean(of: logSum) }

    /// The mean Brier score; `nil` for an empty record.
    public var brierScore: Double? { mean(of: brierSum) }

    /// The interval of the mean logarithmic score; `nil` below two outcomes.
    ///
    /// Student's, at 95 %, with the variance of the scores or the one that the forecasts claim, whichever is larger. It holds at
    /// least so often for calibrated forecasts. For one who says 0.97 of what comes true nine times of ten it holds in 88 cases
    /// of 100 at 20 forecasts and in 93 at 200: until it has failed, nothing shows that it will.
    public var logScoreInterval: Interval? {
        .mean(sum: logSum, squares: logSquares, claimed: logClaimed, cases: count)
    }

    /// The interval of the mean Brier score; `nil` below two outcomes.
    ///
    /// Made as ``logScoreInterval`` is, with the same reservation.
    public var brierScoreInterval: Interval? {
        .mean(sum: brierSum, squares: brierSquares, claimed: brierClaimed, cases: count)
    }

    /// The variance of what was forecast: 0 for one who always says the same; `nil` for an empty record.
    public var sharpness: Double? {
        guard let mean = meanForecast, let squares = self.mean(of: forecastSquares) else { return nil }
        return max(0, squares - mean * mean)
    }

    /// The mean of what was forecast; `nil` for an empty record.
    public var meanForecast: Double? { mean(of: bins.reduce(0) { $0 + $1.forecasts }) }

    /// The share that came true; `nil` for an empty record.
    public var rate: Double? { mean(of: Double(successes)) }

    /// The sums that shrinkage needs.
    var sums: (log: Double, brier: Double) { (logSum, brierSum) }

    private func mean(of sum: Double) -> Double? { count > 0 ? sum / Double(count) : nil }
}

extension TrackRecord {
    enum CodingKeys: String, CodingKey {
        case count, successes, logSum, logSquares, brierSum, brierSquares, forecastSquares, logClaimed, brierClaimed,
            bins
    }

    /// Reads a record.
    ///
    /// - Throws: `DecodingError` when it is none: another number of bins, counts that do not add up, or no finite sums.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        successes = try container.decode(Int.self, forKey: .successes)
        logSum = try container.decode(Double.self, forKey: .logSum)
        logSquares = try container.decode(Double.self, forKey: .logSquares)
        brierSum = try container.decode(Double.self, forKey: .brierSum)
        brierSquares = try container.decode(Double.self, forKey: .brierSquares)
        forecastSquares = try container.decode(Double.self, forKey: .forecastSquares)
        logClaimed = try container.decode(Double.self, forKey: .logClaimed)
        brierClaimed = try container.decode(Double.self, forKey: .brierClaimed)
        bins = try container.decode([Bin].self, forKey: .bins)
        let scores = [logSum, logSquares, brierSum, brierSquares]
        let sums = scores + [forecastSquares, logClaimed, brierClaimed] + bins.map(\.forecasts)
        let isSound =
            bins.count == Self.binCount && sums.allSatisfy { $0.isFinite && $0 >= 0 }
            && bins.allSatisfy { $0.successes >= 0 && $0.successes <= $0.count }
            && bins.reduce(0) { $0 + $1.count } == count && bins.reduce(0) { $0 + $1.successes } == successes
        guard isSound else {
            throw DecodingError.dataCorruptedError(forKey: .bins, in: container, debugDescription: "not a track record")
        }
    }
}
