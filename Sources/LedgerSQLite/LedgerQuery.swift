// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import GRDB

/// The reads of a ledger; they take nothing of what is stored for granted.
enum LedgerQuery {
    /// The number that stands for a run in the other tables, or `nil` for a run that nobody has begun.
    static func key(of run: RunID, in db: Database) throws -> Int64? {
        var key: Int64?
        try RawStatement("SELECT key FROM names WHERE run = ?", in: db).forEach {
            $0.bind(run.rawValue, at: 1)
        } _: {
            key = $0.integer(0)
            return false
        }
        return key
    }

    static func head(of run: RunID, in db: Database) throws -> Head {
        guard let key = try key(of: run, in: db) else { return Head(emptyRun: run) }
        return try last(of: run, key, before: .max, in: db) ?? Head(emptyRun: run)
    }

    static func entries(of run: RunID, from sequence: Int, limit: Int, in db: Database) throws -> [Entry] {
        guard let key = try key(of: run, in: db) else { return [] }
        // An entry's previous hash is not stored again with it: it is the hash of the row before, whichever that is.
        var previous = try last(of: run, key, before: sequence, in: db)?.hash ?? HashChain.genesis(of: run)
        var entries: [Entry] = []
        let sql = "SELECT sequence, hash, bytes FROM events WHERE run = ? AND sequence >= ? ORDER BY sequence LIMIT ?"
        try RawStatement(sql, in: db).forEach {
            $0.bind(key, at: 1)
            $0.bind(sequence, at: 2)
            $0.bind(limit, at: 3)
        } _: { row in
            guard let sequence = row.integer(0), let hash = row.digest(1), let bytes = row.octets(2) else {
                throw unreadable(run, row.integer(0))
            }
            entries.append(Entry(run: run, sequence: Int(sequence), previous: previous, hash: hash, bytes: bytes))
            previous = hash
            return true
        }
        return entries
    }

    private static func last(of run: RunID, _ key: Int64, before sequence: Int, in db: Database) throws -> Head? {
        var head: Head?
        let sql = "SELECT sequence, hash FROM events WHERE run = ? AND sequence < ? ORDER BY sequence DESC LIMIT 1"
        try RawStatement(sql, in: db).forEach {
            $0.bind(key, at: 1)
            $0.bind(sequence, at: 2)
        } _: { row in
            guard let sequence = row.integer(0), let hash = row.digest(1) else { throw unreadable(run, row.integer(0)) }
            head = Head(sequence: Int(sequence), hash: hash)
            return false
        }
        return head
    }

    static func artefact(_ digest: Digest, in db: Database) throws -> [UInt8]? {
        var found: (form: ArtefactForm, bytes: [UInt8])?
        try RawStatement("SELECT form, bytes FROM artefacts WHERE digest = ?", in: db).forEach {
            $0.bind(digest, at: 1)
        } _: { row in
            guard let form = row.integer(0).flatMap({ ArtefactForm(rawValue: $0) }), let bytes = row.octets(1) else {
                throw LedgerError.corrupt(artefact: digest)
            }
            found = (form, bytes)
            return false
        }
        guard let found else { return nil }
        switch found.form {
        case .whole: return found.bytes
        case .recipe: return try follow(found.bytes, of: digest, in: db)
        }
    }

    /// Puts an artefact together; its digest is for the caller to check.
    private static func follow(_ recipe: [UInt8], of digest: Digest, in db: Database) throws -> [UInt8] {
        guard let recipe = Recipe(recipe, maximumLength: LedgerBounds.maximumArtefactBytes) else {
            throw LedgerError.corrupt(artefact: digest)
        }
        var bytes: [UInt8] = []
        // A length that is a lie must not take memory before the chunks are there.
        bytes.reserveCapacity(min(recipe.length, 1 << 20))
        let statement = try RawStatement("SELECT bytes FROM chunks WHERE key = ?", in: db)
        for key in recipe.keys {
            let before = bytes.count
            try statement.forEach {
                $0.bind(key, at: 1)
            } _: { row in
                row.append(0, to: &bytes)
                return false
            }
            guard bytes.count > before, bytes.count <= recipe.length else {
                throw LedgerError.corrupt(artefact: digest)
            }
        }
        guard bytes.count == recipe.length else { throw LedgerError.corrupt(artefact: digest) }
        return bytes
    }

    private static let rowColumns = "names.run, title, architecture, status, updated, started, events, due"

    static func runs(in db: Database) throws -> [RunRow] {
        let sql = "SELECT \(rowColumns) FROM runs JOIN names USING (key) ORDER BY started DESC, names.run"
        var list: [RunRow] = []
        try RawStatement(sql, in: db).forEach { _ in
        } _: { columns in
            // A row that cannot be read is left out of the list: it is a projection, and the entries are still there.
            if let row = row(of: columns) { list.append(row) }
            return true
        }
        return list
    }

    static func rows(of runs: [RunID], in db: Database) throws -> [RunRow] {
        let statement = try RawStatement(
            "SELECT \(rowColumns) FROM runs JOIN names USING (key) WHERE names.run = ?",
            in: db
        )
        var list: [RunRow] = []
        for run in runs {
            try statement.forEach {
                $0.bind(run.rawValue, at: 1)
            } _: { columns in
                if let row = row(of: columns) { list.append(row) }
                return false
            }
        }
        return list
    }

    private static func row(of columns: borrowing RawStatement.Columns) -> RunRow? {
        guard let run = columns.text(0), let title = columns.text(1), let architecture = columns.text(2),
            let status = columns.text(3), let updated = columns.integer(4), let started = columns.integer(5),
            let events = columns.integer(6), let due = columns.integer(7)
        else { return nil }
        return RunRow(
            run: RunID(run),
            title: title,
            architecture: architecture,
            status: status,
            updatedAtMilliseconds: updated,
            startedAtMilliseconds: started,
            events: Int(events),
            isDue: due != 0
        )
    }

    static func snapshot(of run: RunID, in db: Database) throws -> Snapshot? {
        var found: Snapshot?
        let sql = "SELECT sequence, hash, form, bytes FROM snapshots JOIN names USING (key) WHERE names.run = ?"
        try RawStatement(sql, in: db).forEach {
            $0.bind(run.rawValue, at: 1)
        } _: { row in
            // One that cannot be read is as good as none.
            guard let sequence = row.integer(0), let hash = row.digest(1), let form = row.text(2),
                let bytes = row.octets(3)
            else { return false }
            found = Snapshot(head: Head(sequence: Int(sequence), hash: hash), form: form, bytes: bytes)
            return false
        }
        return found
    }

    static func keep(_ snapshot: Snapshot, of run: RunID, in db: Database) throws {
        guard let key = try key(of: run, in: db) else { return }
        let sql = "INSERT OR REPLACE INTO snapshots (key, sequence, hash, form, bytes) VALUES (?, ?, ?, ?, ?)"
        let statement = try RawStatement(sql, in: db)
        try snapshot.bytes.withUnsafeBytes { bytes in
            try statement.run {
                $0.bind(key, at: 1)
                $0.bind(snapshot.head.sequence, at: 2)
                $0.bind(snapshot.head.hash, at: 3)
                $0.bind(snapshot.form, at: 4)
                $0.bind(borrowed: bytes, at: 5)
            }
        }
    }

    private static func unreadable(_ run: RunID, _ sequence: Int64?) -> LedgerError {
        LedgerError(
            .corrupt,
            "event \(sequence.map { String($0) } ?? "?") of run \(run) has fields that no ledger writes; "
                + "restore the ledger from a copy that verifies",
            run: run,
            sequence: sequence.map { Int($0) }
        )
    }
}
