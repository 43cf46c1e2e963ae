// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Logarithms of the gamma function, without the global state of the C library's.
enum LogGamma {
    /// ln Γ(x) for positive x.
    ///
    /// > Source: Lanczos's approximation with g = 7 and nine coefficients, as tabulated by P. Godfrey; relative error
    /// > below 1e-14 here.
    static func of(_ x: Double) -> Double {
        guard x >= 0.5 else { return log(Double.pi) - log(abs(sin(Double.pi * x))) - of(1 - x) }
        let coefficients = [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ]
        let shifted = x - 1
        var sum = 0.99999999999980993
        for (index, coefficient) in coefficients.enumerated() { sum += coefficient / (shifted + Double(index) + 1) }
        let base = shifted + 7.5
        return 0.5 * log(2 * Double.pi) + (shifted + 0.5) * log(base) - base + log(sum)
    }

    /// ln (n choose k).
    static func choose(_ n: Int, _ k: Int) -> Double {
        k < 0 || k > n ? -.infinity : of(Double(n) + 1) - of(Double(k) + 1) - of(Double(n - k) + 1)
    }
}
