// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Makes whoever guesses wait: after five wrong passwords for a name, and longer after each more.
///
/// It says nothing of whether there is such a name. A link from the terminal is not counted, and neither is what others guess
/// against somebody who is in already.
struct Throttle: Sendable {
    private struct Tally: Sendable {
        var failures = 0
        var until: Int64 = 0
        /// Whether there is such an account; those are never forgotten.
        var isKnown: Bool
    }

    private var tallies: [Digest: Tally] = [:]

    /// How many wrong passwords are free.
    static let free = 5
    /// The longest wait, in milliseconds.
    static let longest: Int64 = 15 * 60 * 1000
    /// The most that are counted; of names that there are not, who was counted longest ago is forgotten.
    private static let most = 10_000

    /// How many milliseconds somebody has to wait before the next try.
    func wait(for key: Digest, at now: Int64) -> Int64 { max(0, (tallies[key]?.until ?? 0) - now) }

    /// Counts a try as wrong, before it is known whether it is.
    mutating func fail(_ key: Digest, at now: Int64, isKnown: Bool) {
        if tallies[key] == nil, tallies.count >= Self.most,
            let oldest = tallies.filter({ !$0.value.isKnown }).min(by: { $0.value.until < $1.value.until })
        {
            tallies[oldest.key] = nil
        }
        var tally = tallies[key] ?? Tally(isKnown: isKnown)
        tally.failures += 1
        let over = tally.failures - Self.free
        tally.until = now + (over < 0 ? 0 : min(Self.longest, 1000 << Int64(min(over, 20))))
        tallies[key] = tally
    }

    /// Takes back what was counted, as it was not looked at.
    mutating func takeBack(_ key: Digest) {
        guard var tally = tallies[key] else { return }
        tally.failures -= 1
        if tally.failures < Self.free { tally.until = 0 }
        tallies[key] = tally
    }

    /// Forgets what was wrong, as it was right now.
    mutating func succeed(_ key: Digest) { tallies[key] = nil }
}
