// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Makes whoever guesses wait: after five wrong passwords for a name, and longer after each more.
///
/// It says nothing of whether there is such a name, and keeps nobody out for long: a link from the terminal is not counted.
struct Throttle: Sendable {
    private struct Tally: Sendable {
        var failures = 0
        var until: Int64 = 0
    }

    private var tallies: [String: Tally] = [:]

    /// How many wrong passwords are free.
    static let free = 5
    /// The longest wait, in milliseconds.
    static let longest: Int64 = 15 * 60 * 1000
    /// The most names that are counted; who was counted longest ago is forgotten.
    private static let most = 10_000

    /// How many milliseconds somebody has to wait before the next try.
    func wait(for name: String, at now: Int64) -> Int64 { max(0, (tallies[name]?.until ?? 0) - now) }

    /// Counts a wrong password.
    mutating func fail(_ name: String, at now: Int64) {
        if tallies[name] == nil, tallies.count >= Self.most,
            let oldest = tallies.min(by: { $0.value.until < $1.value.until })
        {
            tallies[oldest.key] = nil
        }
        var tally = tallies[name] ?? Tally()
        tally.failures += 1
        let over = tally.failures - Self.free
        tally.until = now + (over < 0 ? 0 : min(Self.longest, 1000 << Int64(min(over, 20))))
        tallies[name] = tally
    }

    /// Forgets what was wrong, as it was right now.
    mutating func succeed(_ name: String) { tallies[name] = nil }
}
