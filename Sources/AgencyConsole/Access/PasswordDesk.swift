// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyRuntime
import Dispatch
import Synchronization

/// Computes what takes long and much memory, one after the other, on a thread of its own.
final class PasswordDesk: Sendable {
    private let queue = DispatchQueue(label: "agency.console.passwords")
    private let waiting = Mutex(0)
    /// The most that wait; whoever comes then is told to come again.
    private static let most = 16

    func compute<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let isTaken = waiting.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
        guard isTaken else { throw RuntimeError(.unavailable, "too many are signing in at once; try again") }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
