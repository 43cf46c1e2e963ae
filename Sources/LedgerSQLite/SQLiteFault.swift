// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import GRDB

/// Turns what SQLite reports into what a caller of the ledger can act on.
enum SQLiteFault {
    static func mapping<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw ledgerError(error, path: path)
        }
    }

    /// > Source: SQLite, “Result and Error Codes” <https://www.sqlite.org/rescode.html>.
    static func ledgerError(_ error: DatabaseError, path: String) -> LedgerError {
        let detail = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
        func make(_ code: LedgerError.Code, _ text: String, _ retry: LedgerError.Retry = .never) -> LedgerError {
            LedgerError(code, "\(path) \(text) (\(detail))", retry: retry, cause: error)
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return make(.busy, "is held by another process; wait for it or end it", .after(.seconds(1)))
        case .SQLITE_FULL:
            return make(.full, "cannot grow; make room on its disk", .afterRereading)
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_CORRUPTFS:
            return make(.corrupt, "is on a damaged file system; mend that and restore the ledger from a copy")
        case .SQLITE_IOERR:
            return make(.unavailable, "cannot be read or written; check its disk, open it again and read again")
        case .SQLITE_READONLY:
            return make(.unavailable, "may only be read; give this process the right to write it and its folder")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return make(.unavailable, "cannot be opened; check the path and its permissions")
        case .SQLITE_NOTADB:
            return make(.notALedger, "is not a ledger, or its first page is damaged; check the path or restore a copy")
        case .SQLITE_CORRUPT:
            return make(.corrupt, "is damaged; keep it, and restore the ledger from a copy that verifies")
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            return make(.corrupt, "does not have the tables of a ledger; restore it from a copy that verifies")
        case .SQLITE_MISUSE:
            return make(.unavailable, "is closed; open it again")
        default:
            return unknown(error, path: path)
        }
    }

    static func unknown(_ error: any Error, path: String) -> LedgerError {
        LedgerError(
            .unavailable,
            "\(path) failed in a way that is not known; open it again and read again (\(error))",
            retry: .afterRereading,
            cause: error
        )
    }
}
