// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyLedger
import Dispatch
import Synchronization

/// A bounded number of connections, lent to one caller at a time.
///
/// One that broke is connected anew by whoever is lent it next.
final class PostgresPool: Sendable {
    private struct State {
        var idle: [PostgresConnection] = []
        var lent = 0
        var next = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<PostgresConnection?, Never>)] = []
        var isClosed = false
    }

    let location: PostgresLocation
    let timeout: Duration
    private let limit: Int
    private let state = Mutex(State())

    init(_ location: PostgresLocation, limit: Int, timeout: Duration) {
        self.location = location
        self.limit = max(1, limit)
        self.timeout = timeout
    }

    /// Whether the store was closed.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Lends a connection, connecting it if it is not.
    func lend<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ body: (PostgresConnection) async throws(PostgresFault) -> Value
    ) async throws(PostgresFault) -> Value {
        guard let connection = await borrow(until: deadline) else {
            throw .unreachable(isClosed ? "the store is closed" : "all \(limit) connections are in use")
        }
        defer { giveBack(connection) }
        try await connection.connect(until: deadline)
        return try await body(connection)
    }

    /// Closes what is idle now and the rest when it is given back.
    func close() async {
        let (idle, waiting) = state.withLock { state in
            state.isClosed = true
            defer {
                state.idle = []
                state.waiting = []
            }
            return (state.idle, state.waiting)
        }
        for waiter in waiting { waiter.continuation.resume(returning: nil) }
        for connection in idle { await connection.disconnect() }
    }

    private func borrow(until deadline: ContinuousClock.Instant) async -> PostgresConnection? {
        await withCheckedContinuation { continuation in
            let id = state.withLock { state -> Int? in
                if state.isClosed {
                    continuation.resume(returning: nil)
                } else if let connection = state.idle.popLast() {
                    state.lent += 1
                    continuation.resume(returning: connection)
                } else if state.lent < limit {
                    state.lent += 1
                    continuation.resume(returning: PostgresConnection(location, timeout: timeout))
                } else {
                    state.next += 1
                    state.waiting.append((state.next, continuation))
                    return state.next
                }
                return nil
            }
            guard let id else { return }
            let left = max(.zero, ContinuousClock.now.duration(to: deadline)) / .seconds(1)
            DispatchQueue.global().asyncAfter(deadline: .now() + left) { [self] in giveUp(id) }
        }
    }

    private func giveUp(_ id: Int) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: nil)
    }

    private func giveBack(_ connection: PostgresConnection) {
        let next = state.withLock { state -> CheckedContinuation<PostgresConnection?, Never>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst().continuation }
            state.lent -= 1
            // When the store is closed, letting go of the last reference closes the connection.
            if !state.isClosed { state.idle.append(connection) }
            return nil
        }
        next?.resume(returning: connection)
    }
}
#endif
