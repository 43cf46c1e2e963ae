// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import GRDB

/// Finds what nothing needs, and drops it, within one transaction.
///
/// Artefacts go only if they came without an event, or with a run that goes, and if no event that stays names their digest
/// anywhere, in whatever member or text: what is kept for nothing costs room, what is dropped wrongly cannot be had back.
struct GarbageCollection {
    let db: Database
    let scope: Garbage.Scope
    private(set) var found = Garbage()
    private var keys: [Int64] = []

    init(_ db: Database, _ scope: Garbage.Scope) {
        self.db = db
        self.scope = scope
    }

    /// Finds and drops.
    mutating func run() throws {
        try dropSnapshots()
        try findImports()
        let candidates = try candidates()
        try dropImports()
        try dropArtefacts(candidates.subtracting(candidates.isEmpty ? [] : named(where: "1")))
        try dropChunks()
        try db.execute(sql: "DELETE FROM loose WHERE digest NOT IN (SELECT digest FROM artefacts)")
        try db.execute(sql: "DELETE FROM condemned")
        try db.execute(sql: "DELETE FROM dropped")
    }

    private var seconds: Int64 { max(0, scope.age.components.seconds) }

    private mutating func dropSnapshots() throws {
        // A snapshot counts only where the record has its head; elsewhere it is of no use to anybody.
        let sql = """
            SELECT names.run, snapshots.key, length(snapshots.bytes) FROM snapshots LEFT JOIN names USING (key)
            WHERE ?1 = '' OR form <> ?1 OR NOT EXISTS
                (SELECT 1 FROM events WHERE run = snapshots.key AND sequence = snapshots.sequence AND hash = snapshots.hash)
            ORDER BY snapshots.key
            """
        var dropped: [Int64] = []
        let form = scope.snapshotForm ?? ""
        try RawStatement(sql, in: db).forEach {
            $0.bind(form, at: 1)
        } _: { row in
            guard let key = row.integer(1) else { return true }
            dropped.append(key)
            found.snapshots.append(RunID(row.text(0) ?? "?"))
            found.snapshotBytes += Int(row.integer(2) ?? 0)
            return true
        }
        for key in dropped {
            try RawStatement("DELETE FROM snapshots WHERE key = ?", in: db).run { $0.bind(key, at: 1) }
        }
    }

    private mutating func findImports() throws {
        guard scope.unfinishedImports else { return }
        let sql = """
            SELECT key, run, (SELECT count(*) FROM events WHERE events.run = key),
                (SELECT coalesce(sum(length(bytes)), 0) FROM events WHERE events.run = key)
            FROM unlisted JOIN names USING (key)
            WHERE since <= unixepoch() - ? AND key NOT IN (SELECT key FROM runs) ORDER BY key
            """
        let seconds = seconds
        try RawStatement(sql, in: db).forEach {
            $0.bind(seconds, at: 1)
        } _: { row in
            guard let key = row.integer(0), let run = row.text(1) else { return true }
            keys.append(key)
            found.imports.append(RunID(run))
            found.importEvents += Int(row.integer(2) ?? 0)
            found.importBytes += Int(row.integer(3) ?? 0)
            return true
        }
        for key in keys { try RawStatement("INSERT INTO dropped VALUES (?)", in: db).run { $0.bind(key, at: 1) } }
    }

    /// What may go if nothing that stays names it.
    private func candidates() throws -> Set<Digest> {
        var candidates: Set<Digest> = []
        let seconds = seconds
        try RawStatement("SELECT digest FROM loose WHERE since <= unixepoch() - ?", in: db).forEach {
            $0.bind(seconds, at: 1)
        } _: { row in
            if let digest = row.digest(0) { candidates.insert(digest) }
            return true
        }
        if !keys.isEmpty { candidates.formUnion(try named(where: "run IN (SELECT key FROM dropped)")) }
        return candidates
    }

    private func dropImports() throws {
        guard !keys.isEmpty else { return }
        for sql in [
            "DELETE FROM events WHERE run IN (SELECT key FROM dropped)",
            "DELETE FROM snapshots WHERE key IN (SELECT key FROM dropped)",
            "DELETE FROM unlisted WHERE key IN (SELECT key FROM dropped)",
            "DELETE FROM names WHERE key IN (SELECT key FROM dropped)",
        ] {
            try db.execute(sql: sql)
        }
    }

    private mutating func dropArtefacts(_ digests: Set<Digest>) throws {
        for digest in digests.sorted(by: { $0.hex < $1.hex }) {
            var bytes: Int64?
            try RawStatement(
                "SELECT CASE form WHEN 0 THEN length(bytes) ELSE 0 END FROM artefacts WHERE digest = ?",
                in: db
            )
            .forEach {
                $0.bind(digest, at: 1)
            } _: { row in
                bytes = row.integer(0)
                return false
            }
            guard let bytes else { continue }
            found.artefacts.append(digest)
            found.artefactBytes += Int(bytes)
            try RawStatement("INSERT OR IGNORE INTO condemned VALUES (?)", in: db).run { $0.bind(digest, at: 1) }
            try RawStatement("DELETE FROM artefacts WHERE digest = ?", in: db).run { $0.bind(digest, at: 1) }
        }
    }

    /// Drops the chunks that no recipe names any more.
    private mutating func dropChunks() throws {
        guard !found.artefacts.isEmpty else { return }
        var needed: Set<Int64> = []
        try RawStatement("SELECT digest, bytes FROM artefacts WHERE form = 1", in: db).forEach { _ in
        } _: { row in
            guard let bytes = row.octets(1),
                let recipe = Recipe(bytes, maximumLength: LedgerBounds.maximumArtefactBytes)
            else {
                // What a spoilt recipe names is not known, and may be all that is left of it.
                throw row.digest(0).map { LedgerError.corrupt(artefact: $0) }
                    ?? LedgerError(.corrupt, "an artefact has a digest that is none; run agency verify")
            }
            needed.formUnion(recipe.keys)
            return true
        }
        var dropped: [Int64] = []
        try RawStatement("SELECT key, length(bytes) FROM chunks", in: db).forEach { _ in
        } _: { row in
            guard let key = row.integer(0), !needed.contains(key) else { return true }
            dropped.append(key)
            found.artefactBytes += Int(row.integer(1) ?? 0)
            return true
        }
        found.chunks = dropped.count
        for key in dropped {
            let condemn = "INSERT OR IGNORE INTO condemned SELECT digest FROM chunks WHERE key = ?"
            try RawStatement(condemn, in: db).run { $0.bind(key, at: 1) }
            try RawStatement("DELETE FROM chunks WHERE key = ?", in: db).run { $0.bind(key, at: 1) }
        }
    }

    /// Every digest that the events name.
    private func named(where condition: String) throws -> Set<Digest> {
        var named: Set<Digest> = []
        try RawStatement("SELECT bytes FROM events WHERE \(condition)", in: db).forEach { _ in
        } _: { row in
            if let bytes = row.octets(0) { DigestSearch.collect(from: bytes, into: &named) }
            return true
        }
        return named
    }
}
