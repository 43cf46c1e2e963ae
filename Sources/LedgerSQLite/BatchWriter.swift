// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import GRDB

/// Writes batches of appends, each batch in one transaction; belongs to the thread that writes.
final class BatchWriter {
    enum Outcome: Sendable {
        /// The transaction is on disk; each append has its own result.
        case written([Result<Void, LedgerError>])
        /// Nothing of the batch was written. After some failures the file must be opened anew before anything else.
        case failed(LedgerError, mustStop: Bool)
    }

    /// How many runs' heads are remembered.
    private static let maximumHeads = 100_000

    private struct Known {
        let key: Int64
        var head: Head
        /// Whether it is known that lists show it, so that nothing says it has yet to be.
        var isListed = false
    }

    private let path: String
    /// Where runs end: what this connection wrote or read, as long as nobody else has written.
    private var heads: [RunID: Known] = [:]
    /// SQLite's count of the commits that other connections made, when the heads were last right.
    private var foreignCommits: Int64 = -1
    private var statements: Statements?
    /// About how many bytes were written since the log was last copied back while there was time for it.
    private var loggedBytes = 0

    /// The statements of this connection, prepared once: looking them up again takes about as long as running them.
    private struct Statements {
        /// GRDB runs these, because it watches over transactions.
        let begin, commit: Statement
        let dataVersion, insertName, findArtefact, insertArtefact, findChunk, insertChunk: RawStatement
        let insertEvent, insertRow, insertLoose, insertUnlisted, deleteUnlisted: RawStatement

        init(_ db: Database) throws {
            begin = try db.makeStatement(sql: "BEGIN IMMEDIATE TRANSACTION")
            commit = try db.makeStatement(sql: "COMMIT TRANSACTION")
            dataVersion = try RawStatement("PRAGMA data_version", in: db)
            insertName = try RawStatement("INSERT INTO names (run) VALUES (?)", in: db)
            findArtefact = try RawStatement("SELECT 1 FROM artefacts WHERE digest = ?", in: db)
            findChunk = try RawStatement("SELECT key FROM chunks WHERE digest = ?", in: db)
            insertChunk = try RawStatement("INSERT INTO chunks (digest, bytes) VALUES (?, ?)", in: db)
            insertUnlisted = try RawStatement(
                "INSERT OR REPLACE INTO unlisted (key, since) VALUES (?, unixepoch())",
                in: db
            )
            deleteUnlisted = try RawStatement("DELETE FROM unlisted WHERE key = ?", in: db)
            insertArtefact = try RawStatement("INSERT INTO artefacts (digest, form, bytes) VALUES (?, ?, ?)", in: db)
            insertEvent = try RawStatement(
                "INSERT INTO events (run, sequence, hash, bytes) VALUES (?, ?, ?, ?)",
                in: db
            )
            insertRow = try RawStatement(
                """
                INSERT INTO runs (key, title, architecture, status, updated, started, events, due)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT (key) DO UPDATE SET
                    title = ?2, architecture = ?3, status = ?4, updated = ?5, started = ?6, events = ?7, due = ?8
                """,
                in: db
            )
            insertLoose = try RawStatement(
                """
                INSERT INTO loose (digest, since) VALUES (?1, unixepoch())
                ON CONFLICT (digest) DO UPDATE SET since = unixepoch()
                """,
                in: db
            )
        }
    }

    init(path: String) { self.path = path }

    /// Writes what can be written; an append whose head has moved is left out and the others are not affected.
    func write(_ batch: [PendingAppend], in db: Database) -> Outcome {
        do {
            let statements = try statements ?? Statements(db)
            self.statements = statements
            var results: [Result<Void, LedgerError>] = []
            results.reserveCapacity(batch.count)
            var rows: [Int64: RunRow] = [:]
            try statements.begin.execute()
            do {
                try forgetWhatOthersChanged(statements)
                for append in batch { results.append(try insert(append, &rows, with: statements, in: db)) }
                // A row is replaced at each append: only the last of the batch counts.
                for (key, row) in rows { try insert(row, key, with: statements) }
                try statements.commit.execute()
            } catch {
                // Some failures end the transaction by themselves.
                if db.isInsideTransaction { try? db.rollback() }
                throw error
            }
            loggedBytes += batch.reduce(1 << 13) { $0 + $1.byteCount }
            return .written(results)
        } catch {
            heads.removeAll()
            // GRDB would throw what a statement failed with once more, when it is run again.
            statements = nil
            switch error {
            case let error as LedgerError: return .failed(error, mustStop: false)
            case let error as DatabaseError:
                // What the kernel kept of a failed sync is unknown, and a second sync may wrongly succeed.
                let mustStop = error.resultCode == .SQLITE_IOERR
                return .failed(SQLiteFault.ledgerError(error, path: path), mustStop: mustStop)
            default: return .failed(SQLiteFault.unknown(error, path: path), mustStop: true)
            }
        }
    }

    /// Inside the transaction nobody else can write any more, so that what holds now holds until its end.
    ///
    /// > Source: SQLite, “PRAGMA data_version” <https://www.sqlite.org/pragma.html#pragma_data_version>.
    private func forgetWhatOthersChanged(_ statements: Statements) throws {
        var found: Int64?
        try statements.dataVersion.forEach { _ in
        } _: {
            found = $0.integer(0)
            return false
        }
        if found != foreignCommits || heads.count > Self.maximumHeads { heads.removeAll(keepingCapacity: true) }
        foreignCommits = found ?? -1
    }

    /// All the checks come before the first insert: a refused append has written nothing, and what fails later fails
    /// the whole transaction.
    private func insert(
        _ append: PendingAppend,
        _ rows: inout [Int64: RunRow],
        with statements: Statements,
        in db: Database
    ) throws -> Result<Void, LedgerError> {
        let key: Int64
        do {
            if let known = heads[append.run] {
                guard known.head == append.head else { return refused(append, found: known.head) }
                key = known.key
            } else if let stored = try LedgerQuery.key(of: append.run, in: db) {
                let head = try LedgerQuery.head(of: append.run, in: db)
                heads[append.run] = Known(key: stored, head: head)
                guard head == append.head else { return refused(append, found: head) }
                key = stored
            } else {
                let head = Head(emptyRun: append.run)
                guard head == append.head else { return refused(append, found: head) }
                try statements.insertName.run { $0.bind(append.run.rawValue, at: 1) }
                key = db.lastInsertedRowID
            }
        } catch let error as LedgerError {
            return .failure(error)
        }
        for artefact in append.artefacts {
            try insert(artefact, with: statements, in: db)
            // With an event that refers to it, an artefact is safe from being collected; without, for a while only.
            if append.entries.isEmpty { try statements.insertLoose.run { $0.bind(artefact.digest, at: 1) } }
        }
        for entry in append.entries {
            try entry.bytes.withUnsafeBytes { bytes in
                try statements.insertEvent.run {
                    $0.bind(key, at: 1)
                    $0.bind(entry.sequence, at: 2)
                    $0.bind(entry.hash, at: 3)
                    $0.bind(borrowed: bytes, at: 4)
                }
            }
        }
        var isListed = heads[append.run]?.isListed ?? false
        if let row = append.row {
            rows[key] = row
            if !isListed { try statements.deleteUnlisted.run { $0.bind(key, at: 1) } }
            isListed = true
        } else if append.head.isEmpty {
            // What lists never come to show, like an import that was cut off, can be collected one day.
            try statements.insertUnlisted.run { $0.bind(key, at: 1) }
        }
        heads[append.run] = Known(key: key, head: append.newHead, isListed: isListed)
        return .success(())
    }

    private func refused(_ append: PendingAppend, found: Head) -> Result<Void, LedgerError> {
        .failure(.conflict(append.run, expected: append.head, found: found))
    }

    private func insert(_ artefact: ChunkedArtefact, with statements: Statements, in db: Database) throws {
        var isHere = false
        try statements.findArtefact.forEach {
            $0.bind(artefact.digest, at: 1)
        } _: { _ in
            isHere = true
            return false
        }
        guard !isHere else { return }
        try artefact.bytes.withUnsafeBytes { bytes in
            guard let chunks = artefact.chunks else {
                return try insert(artefact.digest, .whole, bytes, with: statements)
            }
            let keys = try chunks.map { try key(of: $0, in: bytes, with: statements, in: db) }
            try Recipe(length: bytes.count, keys: keys).bytes.withUnsafeBytes {
                try insert(artefact.digest, .recipe, $0, with: statements)
            }
        }
    }

    private func insert(
        _ digest: Digest,
        _ form: ArtefactForm,
        _ bytes: UnsafeRawBufferPointer,
        with statements: Statements
    ) throws {
        try statements.insertArtefact.run {
            $0.bind(digest, at: 1)
            $0.bind(form.rawValue, at: 2)
            $0.bind(borrowed: bytes, at: 3)
        }
    }

    /// The key of a chunk, which is stored if it is new.
    private func key(
        of chunk: ChunkedArtefact.Chunk,
        in bytes: UnsafeRawBufferPointer,
        with statements: Statements,
        in db: Database
    ) throws -> Int64 {
        var found: Int64?
        try statements.findChunk.forEach {
            $0.bind(chunk.digest, at: 1)
        } _: {
            found = $0.integer(0)
            return false
        }
        if let found { return found }
        try statements.insertChunk.run {
            $0.bind(chunk.digest, at: 1)
            $0.bind(borrowed: UnsafeRawBufferPointer(rebasing: bytes[chunk.range]), at: 2)
        }
        return db.lastInsertedRowID
    }

    private func insert(_ row: RunRow, _ key: Int64, with statements: Statements) throws {
        try statements.insertRow.run {
            $0.bind(key, at: 1)
            $0.bind(row.title, at: 2)
            $0.bind(row.architecture, at: 3)
            $0.bind(row.status, at: 4)
            $0.bind(row.updatedAtMilliseconds, at: 5)
            $0.bind(row.startedAtMilliseconds, at: 6)
            $0.bind(row.events, at: 7)
            $0.bind(row.isDue ? 1 : 0, at: 8)
        }
    }

    /// Copies the log back into the database, as far as readers let it, if there is much in it: SQLite does so itself in
    /// the midst of a commit when the log has grown long, and then an append waits for it.
    func checkpoint(_ pool: DatabasePool) {
        guard loggedBytes > 1 << 20 else { return }
        loggedBytes = 0
        // A failure has no consequence: the log stays as it is, and the next commit or opening tries again.
        _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.passive) }
    }
}
