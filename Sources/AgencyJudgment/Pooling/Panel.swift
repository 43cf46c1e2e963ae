// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The forecasts on one statement with their seats: what every pooler reads, made once.
struct Panel {
    /// One forecast.
    struct Place {
        /// Where the state of its evaluator is.
        let seat: Int
        /// What was given, clipped.
        let probability: Double
        /// ln p; 0 before ``Panel/prepare(_:)``.
        var logYes = 0.0
        /// ln (1 − p); 0 before ``Panel/prepare(_:)``.
        var logNo = 0.0
        /// What it weighs before anything is known of its evaluator: less than 1 where others of its family are present.
        var weight = 1.0

        var logit: Double { logYes - logNo }

        /// The probability that was given to what happened.
        func given(to outcome: Bool) -> Double { outcome ? probability : 1 - probability }

        func loss(_ outcome: Bool) -> Double { outcome ? -logYes : -logNo }
    }

    /// The forecasts, in the order of their evaluators' names.
    private(set) var places: [Place] = []
    /// Who has no seat yet; a panel with newcomers is made again once they are admitted.
    private(set) var newcomers: [Evaluator] = []
    /// The families of which two or more are present, with the indices of their members.
    private(set) var kin: [(family: Int, members: [Int])] = []

    var count: Int { places.count }

    init(_ forecasts: Forecasts, in roster: Roster) {
        places.reserveCapacity(forecasts.entries.count)
        for entry in forecasts.entries {
            if let seat = roster.seat(of: entry.evaluator.name) {
                places.append(Place(seat: seat, probability: entry.probability.clipped))
            } else {
                newcomers.append(entry.evaluator)
            }
        }
    }

    /// Works out what the poolers of a two-level market need besides.
    mutating func prepare(_ roster: Roster, _ kinship: Kinship) {
        for index in places.indices {
            places[index].logYes = log(places[index].probability)
            places[index].logNo = log(1 - places[index].probability)
        }
        guard roster.familyCount < roster.count else { return }
        // One number for family and index: sorted, those of a family are together, and by name among themselves.
        let order = places.indices.map { roster.families[places[$0].seat] << 32 | $0 }.sorted()
        var start = 0
        while start < order.count {
            let family = order[start] >> 32
            var end = start + 1
            while end < order.count, order[end] >> 32 == family { end += 1 }
            if end - start > 1 { kin.append((family, order[start..<end].map { $0 & 0xFFFF_FFFF })) }
            start = end
        }
        for (family, members) in kin {
            let weight = kinship.weight(of: members.count, in: family)
            for index in members { places[index].weight = weight }
        }
    }
}
