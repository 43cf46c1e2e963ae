// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation
import Testing

@Suite struct IncompleteBetaTests {
    /// Computed with SciPy's betainc.
    @Test(
        arguments: [
            (1, 1, 0.3, 0.3), (2, 3, 0.4, 0.5247999999999998), (59, 1, 0.95, 0.04849452524942342),
            (0.5, 0.5, 0.1, 0.2048327646991332), (99, 3, 0.9, 0.0017825649920113428),
            (300, 20, 0.95, 0.8211940072461184),
        ] as [(Double, Double, Double, Double)]
    )
    func `values computed elsewhere`(a: Double, b: Double, x: Double, value: Double) {
        #expect(abs(IncompleteBeta.of(x, a, b) - value) <= 1e-12)
        #expect(abs(exp(IncompleteBeta.logComplement(x, a, b)) - (1 - value)) <= 1e-12)
    }

    /// I_x(a, 1) = x^a, I_x(1, b) = 1 − (1 − x)^b, and I_x(½, ½) is the arcsine law (DLMF 8.17).
    @Test func `closed forms hold far out in the tails`() {
        for x in [1e-12, 1e-3, 0.2, 0.5, 0.9, 0.999_999] {
            for a in [1e-3, 0.5, 1, 7, 1e3, 1e6] {
                let expected = a * log(x)
                #expect(abs(IncompleteBeta.logOf(x, a, 1) - expected) <= 1e-12 * max(1, abs(expected)), "\(x) \(a)")
                let other = -expm1(a * log1p(-x))
                #expect(abs(IncompleteBeta.of(x, 1, a) - other) <= 1e-12, "\(x) \(a)")
            }
            #expect(abs(IncompleteBeta.of(x, 0.5, 0.5) - 2 / Double.pi * asin(x.squareRoot())) <= 1e-12)
        }
        // A probability of e^-6907755, which no number holds.
        #expect(abs(IncompleteBeta.logOf(1e-3, 1e6, 1) / (1e6 * log(1e-3)) - 1) < 1e-12)
        #expect(IncompleteBeta.of(1e-3, 1e6, 1) == 0)
    }

    /// For whole numbers it is a tail of the binomial distribution, summed here term by term.
    @Test func `it is the binomial tail`() {
        for (n, p) in [(10, 0.3), (40, 0.75), (200, 0.02)] {
            var term = pow(1 - p, Double(n))
            var below = 0.0
            for successes in 0..<n {
                below += term
                // P(at most k of n) = 1 − I_p(k + 1, n − k).
                let tail = IncompleteBeta.logComplement(p, Double(successes + 1), Double(n - successes))
                #expect(abs(exp(tail) - below) <= 1e-12, "\(n) \(p) \(successes)")
                term *= Double(n - successes) / Double(successes + 1) * p / (1 - p)
            }
        }
    }

    @Test func `a million cases are as exact as ten`() {
        // At the median of a symmetric distribution it is one half, whatever the size.
        for a in [3.0, 300, 3e4, 3e6] { #expect(abs(IncompleteBeta.of(0.5, a, a) - 0.5) <= 1e-12, "\(a)") }
        // I_x(a, b) = I_x(a + 1, b) + x^a (1 − x)^b / (a B(a, b)), DLMF 8.17.20; the difference is itself known by
        // symmetry.
        for (a, b, x) in [(9e5, 1e5, 0.9), (5e5, 4e5, 0.556)] {
            let sum = IncompleteBeta.of(x, a, b) + exp(IncompleteBeta.logOf(1 - x, b, a))
            #expect(abs(sum - 1) <= 1e-11)
        }
    }

    @Test func `quantiles undo it`() {
        for a in [0.3, 1, 8, 120] {
            for b in [0.4, 1, 3, 90] {
                for probability in [1e-6, 0.025, 0.5, 0.9, 0.999] {
                    let x = IncompleteBeta.quantile(probability, a, b)
                    #expect(abs(IncompleteBeta.of(x, a, b) / probability - 1) <= 1e-9, "\(a) \(b) \(probability)")
                }
            }
        }
    }

    /// The lower bounds of Clopper and Pearson, 1934: the α-quantile of Beta(s, n − s + 1).
    @Test(
        arguments: [
            (59, 59, 0.05, 0.950492390111773), (299, 299, 0.05, 0.9900308532071), (8, 10, 0.05, 0.4930986989367977),
            (98, 100, 0.05, 0.9383807996039597), (8, 10, 0.025, 0.4439045376923586),
        ] as [(Int, Int, Double, Double)]
    )
    func `bounds for a fixed number of cases`(successes: Int, cases: Int, alpha: Double, bound: Double) {
        let found = IncompleteBeta.quantile(alpha, Double(successes), Double(cases - successes + 1))
        #expect(abs(found - bound) <= 1e-12)
        if successes == cases { #expect(abs(found - pow(alpha, 1 / Double(cases))) <= 1e-14) }
    }

    @Test func `what is no parameter gives no number, and beyond 0 and 1 nothing changes`() {
        for (a, b) in [(0, 1), (1, 0), (-1, 2), (.nan, 1), (1, .infinity)] as [(Double, Double)] {
            #expect(IncompleteBeta.of(0.5, a, b).isNaN)
            #expect(IncompleteBeta.quantile(0.5, a, b).isNaN)
        }
        #expect(IncompleteBeta.of(.nan, 1, 1).isNaN)
        #expect(IncompleteBeta.quantile(.nan, 1, 1).isNaN)
        #expect(IncompleteBeta.of(-3, 2, 3) == 0 && IncompleteBeta.of(0, 2, 3) == 0)
        #expect(IncompleteBeta.of(4, 2, 3) == 1 && IncompleteBeta.of(1, 2, 3) == 1)
        #expect(IncompleteBeta.quantile(-1, 2, 3) == 0 && IncompleteBeta.quantile(2, 2, 3) == 1)
    }
}
