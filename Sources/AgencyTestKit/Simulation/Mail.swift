// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What is on its way and arrives later, whatever has become of its sender by then.
final class Mail: Sendable {
    private struct Letter: Sendable {
        var due: SteppedClock.Instant
        var deliver: @Sendable () async -> Void
    }

    private let letters = Mutex<[Letter]>([])
    private let clock: SteppedClock

    init(clock: SteppedClock) { self.clock = clock }

    /// Whether nothing is on its way.
    var isEmpty: Bool { letters.withLock { $0.isEmpty } }

    /// Sends something that arrives after a while.
    func send(after delay: Duration, _ deliver: @escaping @Sendable () async -> Void) {
        let letter = Letter(due: clock.now.advanced(by: delay), deliver: deliver)
        letters.withLock { $0.append(letter) }
    }

    /// Delivers what is due, or all there is.
    func deliver(all: Bool = false) async {
        let now = clock.now
        let due = letters.withLock { letters in
            let due = letters.filter { all || $0.due <= now }
            letters.removeAll { all || $0.due <= now }
            return due
        }
        for letter in due { await letter.deliver() }
    }
}
