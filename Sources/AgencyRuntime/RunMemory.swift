// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
package import AgencyLedger
import Synchronization

/// What was made of runs, each of which is read again only when something has happened to it.
package final class RunMemory<Value: Sendable>: Sendable {
    private struct Known {
        let events: Int
        let value: Value
    }

    private let known = Mutex<[RunID: Known]>([:])
    private let most: Int

    /// Remembers so many runs at most; beyond them it begins anew.
    package init(most: Int) { self.most = most }

    /// What was made of a run as it stands.
    ///
    /// - Parameters:
    ///   - row: The run.
    ///   - make: Makes it, when something has happened since, or nothing was made yet.
    /// - Returns: What was made.
    /// - Throws: what making it throws; nothing is remembered then.
    package func value(of row: RunRow, make: () async throws -> Value) async rethrows -> Value {
        if let known = known.withLock({ $0[row.run] }), known.events == row.events { return known.value }
        let value = try await make()
        known.withLock { known in
            if known.count >= most { known.removeAll() }
            known[row.run] = Known(events: row.events, value: value)
        }
        return value
    }
}
