// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Listens to the server for whoever reads its stream, connecting anew whenever the connection breaks.
actor PostgresListener {
    /// A descriptor that becomes readable when listening is to end.
    private final class Bell: Sendable {
        let reading: Int32
        private let writing: Int32

        init?() {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return nil }
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            close(reading)
            close(writing)
        }

        func ring() { _ = write(writing, [1], 1) }
    }

    private static let listening = Statement("listen", "LISTEN openagency_due")
    private static let retryDelay = Duration.milliseconds(500)
    private let connection: PostgresConnection
    private let timeout: Duration
    private var isListening = false
    private var waiting: [RunID] = []

    init(_ location: PostgresLocation, timeout: Duration) {
        connection = PostgresConnection(location, timeout: timeout)
        self.timeout = timeout
    }

    /// Begins to listen; returns when the server has heard of it, or cannot.
    func listen() async -> AsyncStream<RunID> {
        await begin()
        guard let bell = Bell() else { return AsyncStream { $0.finish() } }
        return AsyncStream(unfolding: { await self.next(bell) }, onCancel: { bell.ring() })
    }

    private func next(_ bell: Bell) async -> RunID? {
        while !Task.isCancelled {
            if !waiting.isEmpty { return waiting.removeFirst() }
            if isListening {
                do {
                    let runs = try await connection.notices(orReadable: bell.reading, until: .now + .seconds(60))
                    waiting = runs.map { RunID($0) }
                } catch {
                    isListening = false
                }
            } else {
                await begin()
                if isListening { await catchUp() } else { await connection.wait(for: bell.reading, Self.retryDelay) }
            }
        }
        await connection.disconnect()
        return nil
    }

    private func begin() async {
        let deadline = ContinuousClock.now + timeout
        do {
            try await connection.connect(until: deadline)
            _ = try await connection.query(Self.listening, until: deadline)
            isListening = true
        } catch {
            await connection.disconnect()
            isListening = false
        }
    }

    /// Nobody heard what was said while the connection was broken.
    private func catchUp() async {
        do {
            let rows = try await connection.query(.due, until: .now + timeout)
            waiting = rows.map { RunID($0.text(0) ?? "") }
        } catch {
            isListening = false
        }
    }
}
#endif
