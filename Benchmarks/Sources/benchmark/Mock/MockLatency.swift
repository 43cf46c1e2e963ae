// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore

/// How long an answer of the mock server takes.
enum MockLatency: Sendable {
    /// Always as long.
    case constant(milliseconds: Int)
    /// Mostly about as long and sometimes much longer, as models are: the logarithm is normally distributed. A call takes
    /// as long each time that it is made.
    case lognormal(medianMilliseconds: Double, sigma: Double)

    /// The time of one call.
    func amount(of call: String) -> TimeAmount {
        switch self {
        case .constant(let milliseconds): return .milliseconds(Int64(milliseconds))
        case .lognormal(let median, let sigma):
            // FNV-1a, then two numbers of SplitMix64 for the method of Box and Muller.
            var state = call.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            func uniform() -> Double {
                state &+= 0x9E37_79B9_7F4A_7C15
                var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
                word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
                return (Double((word ^ (word >> 31)) >> 11) + 1) / Double(1 << 53)
            }
            let normal = (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
            return .microseconds(Int64(median * exp(sigma * normal) * 1000))
        }
    }
}
