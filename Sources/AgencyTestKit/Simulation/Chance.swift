// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What everything in a simulation is drawn from; shared, because only one job runs at a time.
final class Chance: Sendable {
    private let generator: Mutex<SplitMix64>

    init(_ generator: SplitMix64) { self.generator = Mutex(generator) }

    /// Whether something of that probability happens now.
    func happens(_ probability: Double) -> Bool {
        guard probability > 0 else { return false }
        return generator.withLock { Double($0.next() >> 11) * 0x1p-53 < probability }
    }

    /// A number of a range.
    func number(_ range: ClosedRange<Int>) -> Int { generator.withLock { Int.random(in: range, using: &$0) } }

    /// One of several.
    func pick<Value>(_ values: [Value]) -> Value? {
        guard !values.isEmpty else { return nil }
        return values[number(0...(values.count - 1))]
    }

    /// A time that is mostly short and sometimes long, up to a limit.
    func time(upTo limit: Duration) -> Duration {
        let share = generator.withLock { Double($0.next() >> 11) * 0x1p-53 }
        return limit * (share * share * share)
    }

    /// Splits off a generator.
    func split() -> SplitMix64 { generator.withLock { $0.split() } }
}
