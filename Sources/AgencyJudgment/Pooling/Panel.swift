// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The forecasts on one statement with their seats and logarithms: what every pooler reads, made once.
struct Panel {
    /// Where the state of each evaluator is, in the order of their names.
    private(set) var seats: [Int] = []
    /// What each gave, clipped.
    private(set) var probabilities: [Double] = []
    /// ln p of each.
    private(set) var logYes: [Double] = []
    /// ln (1 − p) of each.
    private(set) var logNo: [Double] = []
    /// ln (p / (1 − p)) of each.
    private(set) var logits: [Double] = []
    /// Who has no seat yet; a panel with newcomers is made again once they are admitted.
    private(set) var newcomers: [Evaluator] = []
    /// The families of which two or more are present, with the places of their members.
    private(set) var kin: [(family: Int, members: [Int])] = []

    var count: Int { seats.count }

    init(_ forecasts: Forecasts, in roster: Roster) {
        seats.reserveCapacity(forecasts.entries.count)
        for entry in forecasts.entries {
            if let seat = roster.seat(of: entry.evaluator.name) {
                seats.append(seat)
            } else {
                newcomers.append(entry.evaluator)
            }
        }
        guard newcomers.isEmpty else { return }
        probabilities = forecasts.entries.map(\.probability.clipped)
    }

    /// Works out what the poolers of a two-level market need besides.
    mutating func prepare(_ roster: Roster) {
        logYes = probabilities.map { log($0) }
        logNo = probabilities.map { log(1 - $0) }
        logits = zip(logYes, logNo).map { $0 - $1 }
        guard roster.familyCount < roster.count else { return }
        // By family, within it by name: the order of the names stays where it is because places are compared last.
        let order = seats.indices.sorted { (roster.families[seats[$0]], $0) < (roster.families[seats[$1]], $1) }
        var start = 0
        while start < order.count {
            let family = roster.families[seats[order[start]]]
            var end = start + 1
            while end < order.count, roster.families[seats[order[end]]] == family { end += 1 }
            if end - start > 1 { kin.append((family, Array(order[start..<end]))) }
            start = end
        }
    }

    /// The loss of each when the outcome is known.
    func losses(_ outcome: Bool) -> [Double] { (outcome ? logYes : logNo).map { -$0 } }

    /// The probability that each gave to what happened.
    func given(to outcome: Bool) -> [Double] { outcome ? probabilities : probabilities.map { 1 - $0 } }
}
