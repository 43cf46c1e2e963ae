// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import Synchronization

/// Who may come in, and what is done about it.
extension Doorkeeper {
    /// Who may come in.
    func readAccounts() throws -> Accounts { try accounts.read() }

    /// How many browsers each account is signed in with; under no name, whoever reads the terminal.
    func sessionCounts() -> [String?: Int] {
        let now = now()
        return state.withLock { state in
            Dictionary(grouping: state.sessions.values.filter { !$0.isOver(at: now) }, by: \.account).mapValues(\.count)
        }
    }

    /// Changes who may come in, once that is on record.
    func change(
        _ act: Register.Act,
        of subject: String,
        by person: Person,
        _ change: (inout Accounts) throws -> Void
    ) async throws {
        // What cannot be done is not recorded.
        var trial = try accounts.read()
        try change(&trial)
        try await register.record(act, by: person, subject: subject)
        try accounts.change(change)
    }

    /// Computes what is kept of a new password.
    func set(_ password: String) async throws -> ShownPassword {
        let salt = String(makeToken().prefix(32))
        return try await proofs.compute { try PasswordHash.set(password, salt: salt) }
    }

    /// Sets a password, and signs the account out everywhere.
    ///
    /// - Parameters:
    ///   - name: The account.
    ///   - password: The new password.
    ///   - former: The one before, if it was shown; then the person's key stays the same, else it is a new one.
    ///   - person: Who sets it.
    /// - Returns: The person's key.
    /// - Throws: what keeps it from being recorded or kept; nothing is changed then.
    @discardableResult
    func setPassword(
        of name: String,
        to password: ShownPassword,
        from former: ShownPassword? = nil,
        by person: Person
    ) async throws -> PersonKey {
        let before = try former.flatMap { former in
            try accounts.read().person(name)?.key?.resealed(from: former, to: password)
        }
        let key = try before ?? newKey(of: name, for: password)
        try await change(.passwordSet, of: name, by: person) { accounts in
            try accounts.update(name) { account in
                account.password = password.kept
                account.key = key
            }
        }
        withdrawInvitations(of: name)
        endSessions(of: name)
        return key
    }

    func newKey(of name: String, for password: ShownPassword) throws -> PersonKey {
        try PersonKey(
            String("\(name)@\(deskName)".prefix(128)),
            seed: Hexadecimal.bytes(makeToken()) ?? [],
            for: password
        )
    }

    /// Signs an account out everywhere.
    func endSessions(of name: String) {
        state.withLock { state in state.sessions = state.sessions.filter { $0.value.account != name } }
    }

    /// Forgets the invitations of an account.
    func withdrawInvitations(of name: String) {
        state.withLock { state in
            state.links = state.links.filter {
                if case .invitation(name) = $0.value.use { false } else { true }
            }
        }
    }
}
#endif
