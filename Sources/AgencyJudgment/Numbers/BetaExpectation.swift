// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Expectations over a Beta distribution, integrated over the logarithm of the odds.
///
/// In that variable the density falls off exponentially on both sides whatever a and b are, so that distributions that are
/// infinite at 0 or 1 need no special care. The line is cut into panels that grow geometrically from the two places where
/// something happens, even odds and the centre of the density, and each is integrated by Gauss and Legendre's rule. The
/// density is normalised by the same rule, so that what little it errs cancels.
struct BetaExpectation {
    private let a: Double
    private let b: Double

    init(_ a: Double, _ b: Double) { (self.a, self.b) = (a, b) }

    /// The mean of a function of the logarithm of the odds.
    func of(_ function: (Double) -> Double) -> Double {
        let center = log(a / b)
        let peak = logDensity(center)
        var mass = 0.0
        var sum = 0.0
        let edges = edges(around: center)
        for (low, high) in zip(edges, edges.dropFirst()) {
            let half = (high - low) / 2
            let middle = (high + low) / 2
            for (node, weight) in Self.rule {
                let x = middle + half * node
                let density = half * weight * exp(logDensity(x) - peak)
                mass += density
                sum += density * function(x)
            }
        }
        return sum / mass
    }

    private func edges(around center: Double) -> [Double] {
        // Beyond these the density is below e^-46 of its peak: 1e-20.
        let width = (1 / a + 1 / b).squareRoot()
        let low = min(center, 0) - 46 / a - 14 * width - 4
        let high = max(center, 0) + 46 / b + 14 * width + 4
        var edges: Set<Double> = [low, high, 0, center]
        for power in -7...40 {
            let distance = exp2(Double(power))
            for place in [distance, -distance, center + width * distance, center - width * distance] {
                if place > low, place < high { edges.insert(place) }
            }
        }
        return edges.sorted()
    }

    /// ln of p^a (1 − p)^b, which is the density times the derivative of p.
    private func logDensity(_ x: Double) -> Double { -a * Self.softplus(-x) - b * Self.softplus(x) }

    private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

    /// The nodes and weights of Gauss and Legendre's rule with sixteen points, found by Newton's method.
    private static let rule: [(node: Double, weight: Double)] = {
        let count = 16
        return (0..<count).map { index in
            var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
            var slope = 1.0
            for _ in 0..<20 {
                var (last, value) = (1.0, x)
                for degree in 2...count {
                    let next = (Double(2 * degree - 1) * x * value - Double(degree - 1) * last) / Double(degree)
                    (last, value) = (value, next)
                }
                slope = Double(count) * (x * value - last) / (x * x - 1)
                x -= value / slope
            }
            return (x, 2 / ((1 - x * x) * slope * slope))
        }
    }()
}
