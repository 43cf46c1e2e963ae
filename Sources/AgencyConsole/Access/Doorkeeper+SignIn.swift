// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import Hummingbird
import Synchronization

/// How people come in.
extension Doorkeeper {
    /// Signs in whoever shows a link, and uses it up.
    ///
    /// - Parameters:
    ///   - token: The word of the link.
    ///   - password: The password that somebody who was invited sets.
    /// - Returns: The word of the new session.
    /// - Throws: ``Fault`` for a link that cannot be used; ``RuntimeError`` for a password that cannot be one, where the link
    ///   stays good; what keeping either throws.
    func signIn(link token: String, password: String) async throws -> String {
        guard let open = link(token) else { throw Fault(.unauthorized, "This link was used, or is too old.") }
        switch open.use {
        case .terminal(let person):
            guard use(link: token) != nil else { throw Fault(.unauthorized, "This link was used just now.") }
            return try await begin(person, account: nil)
        case .invitation(let name):
            let hash = try await hashed(password)
            guard use(link: token) != nil else { throw Fault(.unauthorized, "This link was used just now.") }
            let person = Person(name: name, identifiedBy: "an invitation to the account \(name)")
            try await setPassword(of: name, to: hash, by: person)
            return try await begin(person, account: name)
        }
    }

    /// Signs in whoever knows the password of an account.
    ///
    /// - Throws: ``Fault``, the same for a name that there is not as for a wrong password, and where too many were wrong.
    func signIn(name: String, password: String) async throws -> String {
        try await requirePassword(password, of: name)
        return try await begin(Person(name: name, identifiedBy: "the password of the account \(name)"), account: name)
    }

    /// Has whoever is signed in show once more who they are: with the password, or a new link from the terminal.
    ///
    /// - Throws: ``Fault``.
    func prove(_ access: Access.Browser, with proof: String) async throws {
        let person = access.session.person
        if let account = access.session.account {
            try await requirePassword(proof, of: account)
        } else {
            let word = proof.split(separator: "=").last.map { String($0).trimmingWhitespace } ?? ""
            guard case .terminal(let other)? = link(word)?.use, other.name == person.name, use(link: word) != nil else {
                throw Fault(.forbidden, "This is no link of yours from the terminal that can still be used.")
            }
        }
        try await register.record(.proved, by: person)
        let now = now()
        update(access) { $0.provenAtMilliseconds = now }
    }

    private func requirePassword(_ password: String, of name: String) async throws {
        let wait = state.withLock { $0.throttle.wait(for: name, at: now()) }
        guard wait == 0 else {
            throw Fault(
                .tooManyRequests,
                "Too many wrong passwords for this name; try again in \((wait + 999) / 1000) s."
            )
        }
        // Counted before it is looked at, so that many at once are no way round it.
        state.withLock { $0.throttle.fail(name, at: now()) }
        let kept = try accounts.read().person(name)?.password
        let isRight = try await passwords.compute {
            guard let kept else {
                // A name that there is not takes as long.
                _ = try PasswordHash(of: "correct horse battery", salt: String(repeating: "0", count: 32))
                return false
            }
            return try kept.isMade(of: password)
        }
        guard isRight else {
            let shown = name.utf8.count <= 64 ? name : "a name of \(name.utf8.count) bytes"
            try await register.record(.refused, by: Person(name: shown, identifiedBy: "a wrong name or password"))
            throw Fault(.unauthorized, "The name or the password is wrong.")
        }
        state.withLock { $0.throttle.succeed(name) }
    }

    /// Begins a session, once that is on record.
    private func begin(_ person: Person, account: String?) async throws -> String {
        try await register.record(.signedIn, by: person)
        let token = makeToken()
        let form = makeToken()
        let now = now()
        let isIn = state.withLock { state in
            state.sessions = state.sessions.filter { !$0.value.isOver(at: now) }
            guard state.sessions.count < Self.maximumSessions else { return false }
            state.sessions[Tokens.digest(token)] = Session(
                person: person,
                account: account,
                formToken: form,
                begunAtMilliseconds: now,
                seenAtMilliseconds: now,
                provenAtMilliseconds: now
            )
            return true
        }
        guard isIn else { throw Fault(.serviceUnavailable, "Too many people are signed in.") }
        return token
    }
}
#endif
