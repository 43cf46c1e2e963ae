// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension TrackRecord {
    /// One point of the reliability curve: what came true of what was called about as probable.
    public struct Point: Hashable, Sendable {
        /// The mean of what was forecast.
        public let forecast: Double
        /// The share that came true.
        public let frequency: Double
        /// The forecasts.
        public let count: Int
        /// Wilson's interval of the frequency, at 95 %.
        public let interval: Interval
    }

    /// The reliability curve, from the least forecast to the greatest; bins without forecasts are left out.
    public var curve: [Point] {
        bins.compactMap { bin in
            guard let interval = Interval.rate(successes: Double(bin.successes), cases: bin.count) else { return nil }
            return Point(
                forecast: bin.forecasts / Double(bin.count),
                frequency: Double(bin.successes) / Double(bin.count),
                count: bin.count,
                interval: interval
            )
        }
    }

    /// The parts of the Brier score: reliability − resolution + uncertainty.
    ///
    /// > Source: A. H. Murphy, “A New Vector Partition of the Probability Score” (1973). Forecasts that differ within a bin
    /// > leave a small rest, as in D. B. Stephenson, C. A. S. Coelho and I. T. Jolliffe, “Two Extra Components in the Brier
    /// > Score Decomposition” (2008).
    public struct Decomposition: Hashable, Sendable {
        /// How far frequencies are from forecasts: 0 for one whose 70 % come true 70 times of 100; less is better.
        public let reliability: Double
        /// How far the frequencies of the bins are from the rate: 0 for one who cannot tell cases apart; more is better.
        public let resolution: Double
        /// The variance of the outcomes, which no forecaster can change.
        public let uncertainty: Double
        /// What forecasts that differ within a bin add to the Brier score, or take from it.
        public let withinBins: Double
    }

    /// The parts of the mean Brier score, which they add up to; `nil` for an empty record.
    public var decomposition: Decomposition? {
        guard let rate, let brierScore else { return nil }
        var (reliability, resolution) = (0.0, 0.0)
        for point in curve {
            let share = Double(point.count) / Double(count)
            reliability += share * (point.forecast - point.frequency) * (point.forecast - point.frequency)
            resolution += share * (point.frequency - rate) * (point.frequency - rate)
        }
        let uncertainty = rate * (1 - rate)
        return Decomposition(
            reliability: reliability,
            resolution: resolution,
            uncertainty: uncertainty,
            withinBins: brierScore - (reliability - resolution + uncertainty)
        )
    }

    /// The expected calibration error: the mean distance between forecast and frequency over the bins, weighted by their
    /// forecasts; `nil` for an empty record.
    ///
    /// With few forecasts it is above 0 even for a perfect forecaster.
    public var calibrationError: Double? {
        guard count > 0 else { return nil }
        return curve.reduce(0) { $0 + Double($1.count) / Double(count) * abs($1.forecast - $1.frequency) }
    }
}
