// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
public import AgencyLedger
import CLibpq

/// Which server and database, as libpq reads it; the password in it is never shown.
///
/// > Source: PostgreSQL 15, “Connection Strings” and “Parameter Key Words”
/// > <https://www.postgresql.org/docs/15/libpq-connect.html>.
public struct PostgresLocation: Sendable, CustomStringConvertible {
    /// The place without the password, as it may be shown to anybody.
    public let description: String
    let text: String

    /// Reads a connection string: `postgresql://user@host:port/database?…`, or `host=… dbname=…`.
    ///
    /// What is left out comes from the environment: `PGHOST`, `PGUSER`, `PGPASSWORD`, `PGPASSFILE` and so on.
    ///
    /// - Throws: ``LedgerError`` with `.invalid` when libpq cannot read it; the text itself is not repeated, because
    ///   there may be a password in it.
    public init(_ text: String) throws(LedgerError) {
        guard !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else {
            throw .invalid(
                "the connection string cannot be read; write postgresql://USER@HOST:PORT/DATABASE, with % escapes for "
                    + "special characters"
            )
        }
        defer { PQconninfoFree(options) }
        var found: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { found[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.text = text
        description = Self.describe(found)
    }

    private static func describe(_ found: [String: String]) -> String {
        let user = found["user"].map { $0 + "@" } ?? ""
        let host = found["host"] ?? found["hostaddr"] ?? ""
        let port = found["port"]
        let database = found["dbname"] ?? ""
        guard host.hasPrefix("/") else {
            return "postgresql://\(user)\(host)\(port.map { ":" + $0 } ?? "")/\(database)"
        }
        return "postgresql://\(user)/\(database)?host=\(host)\(port.map { "&port=" + $0 } ?? "")"
    }
}
#endif
