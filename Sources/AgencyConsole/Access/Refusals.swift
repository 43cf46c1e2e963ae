// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How many refusals there were lately, so that not each of very many is recorded.
struct Refusals: Sendable {
    /// The most that are recorded one by one in a minute.
    static let most = 20
    private var minute = Int64.min
    private var count = 0
    private var passedOver = 0

    /// Takes note of a refusal.
    ///
    /// - Parameter now: The time in milliseconds.
    /// - Returns: How many were passed over since the last that was recorded; `nil` when this one is passed over too.
    mutating func take(at now: Int64) -> Int? {
        if now / 60_000 != minute { (minute, count) = (now / 60_000, 0) }
        count += 1
        guard count <= Self.most else {
            passedOver += 1
            return nil
        }
        defer { passedOver = 0 }
        return passedOver
    }
}
