// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// A place at which a rehearsal is killed.
struct RehearsalPoint: Sendable {
    /// On which side of storing.
    var side: RehearsalStore.Side
    /// What is stored: the kind of the first event with what it is about.
    var mark: String
    /// Which append of that mark it is, counted from 1.
    var occurrence: Int
    /// The positions of its records.
    var records: ClosedRange<Int>
    /// The rehearsal as it stands there, or, for a real kill, before that append.
    var image: RehearsalFolder

    /// The place as it is named on a command line; the same for every rehearsal of the same undertaking.
    var name: String { "\(side.rawValue) \(mark)" + (occurrence > 1 ? "#\(occurrence)" : "") }

    /// The kind of what is stored.
    var kind: String { String(mark.prefix { $0 != " " }) }

    /// The place in words.
    var words: String {
        let numbers =
            records.count == 1 ? "record \(records.lowerBound)" : "records \(records.lowerBound)–\(records.upperBound)"
        return "\(side.rawValue) \(numbers) (\(mark))"
    }

    /// What an append stores, in words that are the same in every rehearsal.
    static func mark(_ event: Event) -> String {
        let about: String? =
            switch event {
            case .episodeStarted(let body): body.order.id.rawValue
            case .episodeCompleted(let body): body.episode.rawValue
            case .episodeFailed(let body): body.episode.rawValue
            case .checkpointMade(let body): body.step?.rawValue ?? "start"
            case .stepAuthorized(let body): body.step.rawValue
            case .stepObserved(let body): body.step.rawValue
            case .stepReconciled(let body): body.step.rawValue
            case .stepSettled(let body): body.step.rawValue
            case .stepsReverted(let body): body.steps.map(\.rawValue).joined(separator: ",")
            default: nil
            }
        return about.map { "\(event.type) \($0)" } ?? event.type
    }

    /// Whether an append stores what a mark says, first or among other things.
    static func isMarked(_ events: [RecordedEvent], _ mark: String) -> Bool {
        events.contains { Self.mark($0.event) == mark }
    }
}

/// A generator whose numbers are the same for the same seed.
///
/// > Source: S. Vigna, SplitMix64, 2015, in the public domain.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
