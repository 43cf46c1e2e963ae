// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyLedger

/// What can go wrong between this process and the server.
enum PostgresFault: Error, Sendable {
    /// Nothing was sent: there is no connection.
    case unreachable(String)
    /// The connection broke or the time was up after something had been sent: whether it was done is unknown.
    case lost(String)
    /// The server refused; nothing was done.
    case refused(state: String, message: String)

    /// Whether the same may well succeed at once, because other transactions were in the way.
    var isCollision: Bool {
        guard case .refused(let state, _) = self else { return false }
        return state == "40001" || state == "40P01"
    }

    /// Whether the server went away or is not ready, and may be back soon.
    var isOutage: Bool {
        switch self {
        case .unreachable, .lost: true
        // Shut down, crashed, starting up, turned into a standby: what was sent was not done.
        case .refused(let state, _): state.hasPrefix("57P") || state.hasPrefix("08") || state == "25006"
        }
    }

    /// Turns it into what a caller of the ledger can act on.
    ///
    /// > Source: PostgreSQL 15, “Error Codes” <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
    func ledgerError(at place: String, mayBeDone: Bool = false) -> LedgerError {
        switch self {
        case .unreachable(let reason), .lost(let reason):
            let advice =
                mayBeDone
                ? "whether the append was stored is not known; read again when the server is back"
                : "start the server or wait for it, and try again"
            return LedgerError(
                .unavailable,
                "\(place) cannot be reached (\(reason)); \(advice)",
                retry: mayBeDone ? .afterRereading : .after(.seconds(1))
            )
        case .refused(let state, let message):
            return Self.refusal(state, message, place)
        }
    }

    private static func refusal(_ state: String, _ message: String, _ place: String) -> LedgerError {
        func make(_ code: LedgerError.Code, _ text: String, _ retry: LedgerError.Retry = .never) -> LedgerError {
            LedgerError(code, "\(place) \(text) (PostgreSQL \(state): \(message))", retry: retry)
        }
        switch state.prefix(2) {
        case "28": return make(.unavailable, "refuses this user; check the name, the password and pg_hba.conf")
        case "3D": return make(.unavailable, "has no such database; make it with createdb, or check its name")
        case "57" where state == "57014": return make(.busy, "took too long; try again", .after(.seconds(1)))
        case "08", "57": return make(.unavailable, "is going down or coming up; wait for it", .after(.seconds(1)))
        case "40", "55": return make(.busy, "is held by others; try again", .after(.seconds(1)))
        case "53" where state == "53100": return make(.full, "cannot grow; make room on its disk", .afterRereading)
        case "53": return make(.busy, "has no room for another connection; try again", .after(.seconds(1)))
        case "25":
            return make(.unavailable, "may only be read; name the server that is written to", .after(.seconds(1)))
        case "58": return make(.unavailable, "cannot read or write its disk; mend that and read again")
        case "XX": return make(.corrupt, "is damaged; keep it, and restore the ledger from a copy that verifies")
        case "54", "22": return make(.invalid, "cannot store this")
        case "42" where state == "42501":
            return make(.unavailable, "does not permit this; grant the user its schema “openagency”")
        case "23", "3F", "42", "P0":
            return make(.corrupt, "does not have the tables of a ledger; restore it from a copy that verifies")
        default: return make(.unavailable, "failed in a way that is not known; read again", .afterRereading)
        }
    }
}
#endif
