// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The mean of logits: what is said before anybody has a record.
///
/// > Source: the logarithmic opinion pool, C. Genest and J. Zidek, “Combining Probability Distributions” (1986).
public enum LogPool {
    /// The pooled probability; `nil`, not determined, when nobody gave one.
    ///
    /// A family counts once: each of m members present weighs 1/m.
    public static func price(of forecasts: Forecasts) -> Double? {
        guard !forecasts.isEmpty else { return nil }
        let members = Dictionary(forecasts.entries.map { ($0.evaluator.family, 1) }, uniquingKeysWith: +)
        var (sum, total) = (0.0, 0.0)
        for entry in forecasts.entries {
            let weight = 1 / Double(members[entry.evaluator.family] ?? 1)
            sum += weight * entry.probability.logit
            total += weight
        }
        return VoteOdds.logistic(sum / total)
    }
}
