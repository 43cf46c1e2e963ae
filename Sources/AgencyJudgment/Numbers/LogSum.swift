// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Sums of numbers that are given by their natural logarithms, so that neither large nor small ones are lost.
enum LogSum {
    /// ln(e^a + e^b).
    static func of(_ a: Double, _ b: Double) -> Double {
        let (small, large) = a < b ? (a, b) : (b, a)
        return small == -.infinity ? large : large + log1p(exp(small - large))
    }

    /// ln of the sum, in the order given; minus infinity for none.
    static func of(_ values: some Collection<Double>) -> Double {
        guard let large = values.max(), large > -.infinity, large < .infinity else {
            return values.max() ?? -.infinity
        }
        return large + log(values.reduce(0) { $0 + exp($1 - large) })
    }

    /// ln of the mean, in the order given; 0, the evidence of nothing, for none.
    static func mean(_ values: some Collection<Double>) -> Double {
        values.isEmpty ? 0 : of(values) - log(Double(values.count))
    }
}
