// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import AgencySchema

/// Who came in at the desks of a ledger, who was refused, and what was done about accounts: a record beside those of the runs,
/// chained and verified as they are.
public struct Register: Sendable {
    /// The name under which the ledger keeps it; no run is called so.
    public static let run: RunID = "desk-register"

    private let store: any LedgerStore
    private let now: @Sendable () -> Int64

    /// Opens the register of a ledger.
    ///
    /// - Parameters:
    ///   - store: The ledger.
    ///   - now: The time in milliseconds since 1970 UTC.
    public init(_ store: any LedgerStore, now: @escaping @Sendable () -> Int64) {
        self.store = store
        self.now = now
    }

    /// Records what happened; on return it is durable.
    ///
    /// - Throws: `LedgerError` from the store; what was to happen must not then.
    public func record(_ act: Act, by person: Person, subject: String? = nil) async throws {
        let entry = Entry(
            act: act,
            person: person.name,
            identifiedBy: person.identifiedBy,
            subject: subject,
            atMilliseconds: now()
        )
        let bytes = try JSONValue(encoding: entry).canonicalBytes
        for attempt in 1... {
            do {
                let head = try await store.head(of: Self.run)
                _ = try await store.append([bytes], artefacts: [], to: Self.run, after: head, row: nil)
                return
            } catch let error as LedgerError where error.code == .conflict && attempt < 20 {
                // Another desk was first.
            }
        }
    }

    /// Reads the newest entries, the newest first.
    ///
    /// - Throws: `LedgerError` from the store; ``RuntimeError`` with `.corrupt` for an entry that cannot be read.
    public func newest(_ limit: Int) async throws -> [Entry] {
        let end = try await store.head(of: Self.run).sequence
        guard end >= 0, limit > 0 else { return [] }
        let entries = try await store.entries(of: Self.run, from: max(0, end + 1 - limit), limit: limit)
        return try entries.reversed().map { entry in
            do {
                return try JSONValue(parsing: entry.bytes).decode(Entry.self)
            } catch {
                throw RuntimeError(.corrupt, "entry \(entry.sequence) of the register cannot be read", cause: error)
            }
        }
    }

    /// What happened.
    public enum Act: String, Sendable, Hashable, Codable {
        case signedIn = "signed_in"
        case signedOut = "signed_out"
        case refused
        case proved
        case accountMade = "account_made"
        case accountRemoved = "account_removed"
        case roleSet = "role_set"
        case passwordSet = "password_set"
        case keyMade = "key_made"
        case invited
        case sessionsEnded = "sessions_ended"
        case tokenMade = "token_made"
        case tokenRemoved = "token_removed"
    }

    /// Something that happened, by whom.
    public struct Entry: Sendable, Hashable, Codable {
        /// What happened.
        public var act: Act
        /// Who did it, or tried to.
        public var person: String
        /// How they were identified.
        public var identifiedBy: String
        /// Whom or what it is about, where that is not the person.
        public var subject: String?
        /// When, in milliseconds since 1970 UTC.
        public var atMilliseconds: Int64
    }
}
