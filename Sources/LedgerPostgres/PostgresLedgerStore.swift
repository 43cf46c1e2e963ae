// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
public import AgencyCore
public import AgencyLedger

/// A ledger in a PostgreSQL database, which any number of processes on any number of machines share.
///
/// Everything is in the schema `openagency`, which is made when the ledger is opened for the first time; the user needs
/// the right to do so, or a schema of that name. An append is one statement, which is one transaction: with full
/// durability it returns after the server has synced (`synchronous_commit = on`); a relaxed one returns before
/// (`off`, for that transaction only), and is on disk within about half a second. Appends that arrive while others are
/// under way travel together. Every call ends within the timeout, whatever the server does, and goes on by itself when
/// the server is back before that.
///
/// > Source: PostgreSQL 15, “Asynchronous Commit” <https://www.postgresql.org/docs/15/wal-async-commit.html>.
public final class PostgresLedgerStore: LedgerStore {
    /// How the store uses its server.
    public struct Settings: Sendable {
        /// The most connections at a time, not counting those that ``PostgresLedgerStore/wakeUps()`` listens on.
        public var connections: Int
        /// How many transactions that append may be under way at once.
        public var writers: Int
        /// How long a call may take, waiting for a server that is away included.
        public var timeout: Duration

        /// Makes settings.
        public init(connections: Int = 6, writers: Int = 2, timeout: Duration = .seconds(10)) {
            self.connections = connections
            self.writers = writers
            self.timeout = timeout
        }
    }

    /// Which server and database.
    public let location: PostgresLocation
    let settings: Settings
    let pool: PostgresPool
    private let commits: PostgresCommits
    private let makeToken: @Sendable () -> Int64

    private init(_ location: PostgresLocation, _ settings: Settings, makeToken: @escaping @Sendable () -> Int64) {
        self.location = location
        self.settings = settings
        self.makeToken = makeToken
        pool = PostgresPool(location, limit: settings.connections, timeout: settings.timeout)
        commits = PostgresCommits(PostgresWriter(pool: pool), writers: settings.writers)
    }

    /// Opens a ledger, and makes its tables if there are none.
    ///
    /// - Parameters:
    ///   - location: Which server and database. The database has to exist and be in UTF-8.
    ///   - settings: How to use it.
    ///   - makeToken: Draws the number by which an append is recognised when its answer was lost.
    /// - Returns: The ledger, to be closed when it is no longer needed.
    /// - Throws: ``LedgerError`` with `.versionTooNew` (use the later program), `.notALedger` (name another database),
    ///   `.busy` (retry later), `.unavailable` (start the server, or mend the name or the permissions).
    public static func open(
        _ location: PostgresLocation,
        settings: Settings = Settings(),
        makeToken: @escaping @Sendable () -> Int64 = { Int64.random(in: .min ... .max) }
    ) async throws -> PostgresLedgerStore {
        let store = PostgresLedgerStore(location, settings, makeToken: makeToken)
        let deadline = ContinuousClock.now + settings.timeout
        do {
            let migration = try await store.pool.lend(until: deadline) {
                connection async throws(PostgresFault) -> Result<Void, any Error> in
                do {
                    return .success(
                        try await PostgresSchema.migrate(connection, at: location.description, until: deadline)
                    )
                } catch {
                    return .failure(error)
                }
            }
            try migration.get()
        } catch {
            await store.close()
            throw (error as? PostgresFault)?.ledgerError(at: location.description) ?? error
        }
        return store
    }

    /// Closes the connections; whatever is called afterwards fails with `.unavailable`.
    public func close() async {
        await pool.close()
    }

    /// Appends events; see ``LedgerStore/append(_:artefacts:to:after:row:durability:)``.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        try LedgerBounds.check(events, artefacts: artefacts, run: run, row: row)
        guard !head.isEmpty || head == Head(emptyRun: run) else {
            throw LedgerError.conflict(run, expected: head, found: try await self.head(of: run))
        }
        // Hashed here, by each caller for itself: the head that the hashes rest on is checked by the server.
        let append = PendingAppend(
            run: run,
            head: head,
            entries: HashChain.entries(of: events, run: run, after: head),
            artefacts: artefacts,
            row: row,
            durability: durability,
            token: makeToken(),
            deadline: .now + settings.timeout
        )
        guard append.byteCount <= Self.maximumAppendBytes else {
            throw LedgerError.invalid(
                "one append has \(append.byteCount) bytes, more than \(Self.maximumAppendBytes); append in parts",
                run: run
            )
        }
        try await commits.append(append)
        return append.entries
    }

    /// What fits into one message to the server, with room for what goes around it.
    private static let maximumAppendBytes = 900_000_000

    func read(
        _ statement: Statement,
        _ parameters: PostgresParameters = PostgresParameters()
    ) async throws(LedgerError) -> PostgresRows {
        do {
            return try await pool.read(statement, parameters, until: .now + settings.timeout)
        } catch {
            throw error.ledgerError(at: location.description)
        }
    }
}
#endif
