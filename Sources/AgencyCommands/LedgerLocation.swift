// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import AgencyRuntime
import Foundation
#if Postgres
import LedgerPostgres
#endif
import LedgerSQLite

/// Where a ledger is: a file of SQLite's, or a database of PostgreSQL's.
struct LedgerLocation: Sendable {
    private let text: String

    /// Reads a place: a URL, the words that libpq reads, a folder with a ledger in it, or a file.
    init(_ text: String) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: text, isDirectory: &isFolder)
        self.text = exists && isFolder.boolValue ? text + "/ledger.sqlite" : text
    }

    /// Whether it names a server: by a URL, or by the words that libpq reads.
    ///
    /// A file whose name looks like that is meant by `./` before it.
    var isPostgres: Bool {
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") { return true }
        guard let word = text.split(separator: "=", maxSplits: 1).first, text.contains("=") else { return false }
        return ["host", "hostaddr", "port", "dbname", "user", "service", "passfile"].contains(String(word))
    }

    /// Whether there is something at the place that can be looked at without making it; unknown of a server.
    var isMissing: Bool { !isPostgres && !FileManager.default.fileExists(atPath: text) }

    /// Opens the ledger, making it when it is not there.
    ///
    /// - Throws: ``LedgerError``; ``RuntimeError`` with `.unavailable` when this program was built without PostgreSQL, with
    ///   `.badInput` for a connection string that cannot be read.
    func open() async throws -> any LedgerStore {
        guard isPostgres else { return try SQLiteLedgerStore(path: text) }
        #if Postgres
        return try await PostgresLedgerStore.open(try server())
        #else
        throw RuntimeError(
            .unavailable,
            "this agency was built without the Postgres trait; build it with: swift build --traits Live,Postgres"
        )
        #endif
    }

    /// The place as it may be shown: without a password.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` when a connection string cannot be read.
    func shown() throws -> String {
        guard isPostgres else { return text }
        #if Postgres
        return try server().description
        #else
        return "PostgreSQL"
        #endif
    }

    #if Postgres
    private func server() throws -> PostgresLocation {
        do {
            return try PostgresLocation(text)
        } catch {
            throw RuntimeError(.badInput, error.message)
        }
    }
    #endif
}
