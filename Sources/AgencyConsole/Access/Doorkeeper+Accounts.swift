// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
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

    /// Computes what is kept of a password.
    func hashed(_ password: String) async throws -> PasswordHash {
        let salt = String(makeToken().prefix(32))
        return try await passwords.compute { try PasswordHash(of: password, salt: salt) }
    }

    /// Sets a password, and signs the account out everywhere.
    func setPassword(of name: String, to hash: PasswordHash, by person: Person) async throws {
        try await change(.passwordSet, of: name, by: person) { try $0.update(name) { $0.password = hash } }
        withdrawInvitations(of: name)
        endSessions(of: name)
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
