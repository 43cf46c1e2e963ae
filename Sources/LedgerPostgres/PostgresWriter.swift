// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger

/// Carries batches of appends to the server, through broken connections too.
///
/// When an answer is lost, the same appends are sent again. Those that were stored the first time find their run moved
/// on, and are recognised by their token; so none is stored twice and none is reported wrongly as lost.
struct PostgresWriter: Sendable {
    let pool: PostgresPool
    private var place: String { pool.location.description }

    /// Writes what can be written; an append whose head has moved is left out and the others are not affected.
    func write(_ batch: [PendingAppend]) async -> [Result<Void, LedgerError>] {
        // The one that has waited longest gives the bound for all.
        guard let deadline = batch.map(\.deadline).min() else { return [] }
        do {
            let stored = try await send(batch, until: deadline)
            let left = batch.filter { !stored.contains($0.run) }
            let verdicts = left.isEmpty ? [:] : try await judge(left, until: deadline)
            return batch.map { stored.contains($0.run) ? .success(()) : verdicts[$0.run] ?? .failure(senseless) }
        } catch let failure {
            guard batch.count > 1, !failure.fault.isOutage else {
                let error = failure.fault.ledgerError(at: place, mayBeDone: failure.mayBeDone)
                return batch.map { _ in .failure(error) }
            }
            // The server found fault with one of them; the others must not suffer for it.
            var results: [Result<Void, LedgerError>] = []
            for append in batch { results += await write([append]) }
            return results
        }
    }

    private struct Failure: Error {
        var fault: PostgresFault
        var mayBeDone: Bool
    }

    private var senseless: LedgerError {
        LedgerError(.unavailable, "\(place) gave an answer that makes no sense; read again", retry: .afterRereading)
    }

    private func disagreement(_ append: PendingAppend) -> LedgerError {
        LedgerError(
            .conflict,
            "\(place) does not know its own end of run \(append.run): another has just begun it, or the table of runs was "
                + "tampered with; read it again, and verify it if this goes on",
            retry: .afterRereading,
            run: append.run
        )
    }

    /// Sends a batch until there is an answer or the time is up.
    private func send(
        _ batch: [PendingAppend],
        until deadline: ContinuousClock.Instant
    ) async throws(Failure) -> Set<RunID> {
        let parameters = PostgresParameters(batch)
        var mayBeDone = false
        var delay = Duration.milliseconds(20)
        var collisions = 0
        while true {
            do {
                let rows = try await pool.lend(until: deadline) { connection throws(PostgresFault) in
                    try await connection.query(.append, parameters, until: deadline)
                }
                return Set(rows.map { RunID($0.text(0) ?? "") })
            } catch {
                if case .lost = error { mayBeDone = true }
                if error.isCollision { collisions += 1 }
                let mayRetry = error.isOutage && !pool.isClosed || error.isCollision && collisions < 20
                guard mayRetry, ContinuousClock.now + delay < deadline else {
                    throw Failure(fault: error, mayBeDone: mayBeDone)
                }
                await pause(delay)
                delay = min(delay * 2, .milliseconds(500))
            }
        }
    }

    /// Finds out what became of appends that were left out: stored before, or overtaken.
    private func judge(
        _ left: [PendingAppend],
        until deadline: ContinuousClock.Instant
    ) async throws(Failure) -> [RunID: Result<Void, LedgerError>] {
        var parameters = PostgresParameters()
        parameters.add(left.map(\.run.rawValue))
        parameters.add(left.map { Int64($0.head.sequence + 1) })
        let rows: PostgresRows
        do {
            rows = try await pool.read(.standing, parameters, until: deadline)
        } catch {
            throw Failure(fault: error, mayBeDone: true)
        }
        var standing: [RunID: (head: Head, token: Int64?)] = [:]
        for index in 0..<rows.count {
            let row = rows[index]
            let run = RunID(row.text(0) ?? "")
            var head = Head(emptyRun: run)
            if let sequence = row.number(1), let hash = row.digest(2) {
                head = Head(sequence: Int(sequence), hash: hash)
            }
            standing[run] = (head, row.number(3))
        }
        var verdicts: [RunID: Result<Void, LedgerError>] = [:]
        for append in left {
            guard let found = standing[append.run] else { continue }
            if !append.entries.isEmpty, found.token == append.token {
                verdicts[append.run] = .success(())
            } else if found.head == append.head {
                verdicts[append.run] = .failure(disagreement(append))
            } else {
                verdicts[append.run] = .failure(.conflict(append.run, expected: append.head, found: found.head))
            }
        }
        return verdicts
    }
}

extension PostgresPool {
    /// Runs a statement that may be run any number of times, until there is an answer or the time is up.
    func read(
        _ statement: Statement,
        _ parameters: PostgresParameters = PostgresParameters(),
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresFault) -> PostgresRows {
        var delay = Duration.milliseconds(20)
        while true {
            do {
                return try await lend(until: deadline) { connection throws(PostgresFault) in
                    try await connection.query(statement, parameters, until: deadline)
                }
            } catch {
                guard error.isOutage || error.isCollision, !isClosed, ContinuousClock.now + delay < deadline else {
                    throw error
                }
                await pause(delay)
                delay = min(delay * 2, .milliseconds(500))
            }
        }
    }
}
#endif
