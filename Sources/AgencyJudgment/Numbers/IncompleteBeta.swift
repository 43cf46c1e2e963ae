// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The regularised incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is at most x.
///
/// For whole numbers it is a tail of the binomial distribution, which is what bounds on rates of success are made of.
///
/// > Source: the continued fraction of DLMF 8.17.22 <https://dlmf.nist.gov/8.17#v>, evaluated by Lentz's method.
public enum IncompleteBeta {
    /// I_x(a, b).
    ///
    /// - Parameters:
    ///   - x: Beyond 0 and 1 it is cut.
    ///   - a: Above 0 and finite.
    ///   - b: Above 0 and finite.
    /// - Returns: A probability; NaN for parameters that are none, and for x that is none.
    public static func of(_ x: Double, _ a: Double, _ b: Double) -> Double { exp(logOf(x, a, b)) }

    /// The natural logarithm of I_x(a, b), which does not underflow where I_x(a, b) does.
    public static func logOf(_ x: Double, _ a: Double, _ b: Double) -> Double { log(x, 1 - x, a, b) }

    /// The natural logarithm of 1 − I_x(a, b).
    public static func logComplement(_ x: Double, _ a: Double, _ b: Double) -> Double { log(1 - x, x, b, a) }

    private static func log(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
        guard a > 0, b > 0, a.isFinite, b.isFinite, !x.isNaN else { return .nan }
        guard x > 0 else { return -.infinity }
        guard y > 0 else { return 0 }
        // The fraction converges fast on the side of the mean that is smaller; there it keeps relative accuracy too.
        return x <= (a + 1) / (a + b + 2) ? tail(x, y, a, b) : log1p(-exp(tail(y, x, b, a)))
    }

    private static func tail(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
        BetaDensity.log(x, y, a, b) - Foundation.log(a) + Foundation.log(fraction(x, a, b))
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let sum = a + b
        var c = 1.0
        var d = 1 / apart(1 - sum * x / (a + 1))
        var value = d
        func extend(_ numerator: Double) -> Double {
            d = 1 / apart(1 + numerator * d)
            c = apart(1 + numerator / c)
            value *= c * d
            return c * d
        }
        // It takes about as many terms as the square root of the larger parameter.
        for term in 1...1_000_000 {
            let m = Double(term)
            _ = extend(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)))
            let factor = extend(-(a + m) * (sum + m) * x / ((a + 2 * m) * (a + 2 * m + 1)))
            if abs(factor - 1) < 1e-16 { break }
        }
        return value
    }

    /// Lentz's device: what would divide by 0 is moved away from it.
    private static func apart(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }

    /// The x at which I_x(a, b) is a probability: the quantile of Beta(a, b).
    ///
    /// By Newton's method, kept within a bracket that is halved where it would leave it.
    ///
    /// - Parameters:
    ///   - probability: Beyond 0 and 1 it is cut.
    ///   - a: Above 0 and finite.
    ///   - b: Above 0 and finite.
    /// - Returns: NaN for parameters or a probability that are none.
    public static func quantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
        guard a > 0, b > 0, a.isFinite, b.isFinite, !probability.isNaN else { return .nan }
        if probability <= 0 { return 0 }
        if probability >= 1 { return 1 }
        var (low, high) = (0.0, 1.0)
        var x = a / (a + b)
        for _ in 0..<1100 {
            let excess = of(x, a, b) - probability
            if excess == 0 { break }
            if excess < 0 { low = x } else { high = x }
            let slope = exp(BetaDensity.log(x, 1 - x, a, b)) / (x * (1 - x))
            var next = x - excess / slope
            if !(next > low && next < high) { next = (low + high) / 2 }
            // No number is left between the two, or the step is below the last digit.
            if next <= low || next >= high || abs(next - x) <= 1e-16 * x { break }
            x = next
        }
        return x
    }
}
