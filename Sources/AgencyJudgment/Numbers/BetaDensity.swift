// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The weight x^a (1 − x)^b / B(a, b) in logarithms.
///
/// Taken as the difference of logarithms of gamma functions it would lose as many digits as those have before the
/// point: at a million cases seven. In Stirling's form what is large cancels before it is computed.
///
/// > Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities, 2000 (the saddle-point expansion).
enum BetaDensity {
    /// ln of x^a y^b / B(a, b) for y = 1 − x, which is given as well so that neither loses digits near 0.
    static func log(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
        let sum = a + b
        return 0.5 * (Foundation.log(a / sum) + Foundation.log(b) - Foundation.log(2 * Double.pi)) + remainder(sum)
            - remainder(a) - remainder(b) - deviance(a, sum * x) - deviance(b, sum * y)
    }

    /// What Stirling's formula leaves out: ln Γ(z + 1) − (z + ½) ln z + z − ½ ln 2π.
    static func remainder(_ z: Double) -> Double {
        guard z >= 16 else {
            return LogGamma.of(z + 1) - (z + 0.5) * Foundation.log(z) + z - 0.5 * Foundation.log(2 * Double.pi)
        }
        let square = z * z
        // 1/12, −1/360, 1/1260, −1/1680, 1/1188 and −691/360360, from the last to the first.
        let divisors: [Double] = [-360_360.0 / 691, 1188, -1680, 1260, -360, 12]
        var sum = 0.0
        for divisor in divisors { sum = sum / square + 1 / divisor }
        return sum / z
    }

    /// a ln(a / m) + m − a, which is 0 at m = a and loses no digits near it.
    static func deviance(_ a: Double, _ m: Double) -> Double {
        guard m > 0 else { return .infinity }
        let difference = a - m
        guard abs(difference) < 0.1 * (a + m) else { return a * Foundation.log(a / m) - difference }
        // a ln((1 + v) / (1 − v)) by its series in odd powers.
        let v = difference / (a + m)
        var sum = difference * v
        var power = 2 * a * v
        for term in 1...1000 {
            power *= v * v
            let next = sum + power / Double(2 * term + 1)
            if next == sum { break }
            sum = next
        }
        return sum
    }
}
