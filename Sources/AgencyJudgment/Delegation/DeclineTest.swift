// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tells when a rate of success has fallen below its floor, at whatever time it did.
///
/// Bets that the rate is .2 or .4 below the floor are begun anew with each case. At the floor or above it takes on
/// average at least so many cases until their sum reaches a number as that number says.
///
/// > Source: e-detectors, arXiv 2203.03532.
public struct DeclineTest: Hashable, Sendable, Codable {
    /// The rate that it must not fall below.
    public let floor: Double
    private var detector = ShiryaevRoberts(bets: 2)

    /// Begins a test.
    ///
    /// - Parameter floor: Cut to a millionth and to one millionth below 1; NaN counts as the latter.
    public init(floor: Double) { self.floor = floor.isNaN ? 1 - 1e-6 : min(1 - 1e-6, max(1e-6, floor)) }

    /// Takes a settled case.
    public mutating func see(succeeded: Bool) {
        // A low floor leaves no room for .2 below it.
        let rates = [max(floor - 0.2, floor / 3), max(floor - 0.4, floor / 6)]
        detector.see(rates.map { succeeded ? log($0 / floor) : log((1 - $0) / (1 - floor)) })
    }

    /// The natural logarithm of the evidence; minus infinity at the start.
    public var logSum: Double { detector.mean }
}
