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
            return try await using(token) { try await begin(person, account: nil, password: nil) }
        case .invitation(let name):
            let shown = try await set(password)
            let person = Person(name: name, identifiedBy: "an invitation to the account \(name)")
            return try await using(token) {
                let key = try await setPassword(of: name, to: shown, by: person)
                return try await begin(person, account: name, password: shown, key: key)
            }
        }
    }

    /// Uses a link up for some work, which nobody else can then do with it; it is good again when that comes to nothing.
    private func using<Result>(_ token: String, _ work: () async throws -> Result) async throws -> Result {
        guard let link = use(link: token) else { throw Fault(.unauthorized, "This link was used just now.") }
        do {
            return try await work()
        } catch {
            state.withLock { $0.links[Tokens.digest(token)] = link }
            throw error
        }
    }

    /// Signs in whoever knows the password of an account.
    ///
    /// - Throws: ``Fault``, the same for a name that there is not as for a wrong password, and where too many were wrong.
    func signIn(name: String, password: String) async throws -> String {
        let shown = try await requirePassword(password, of: name, as: Tokens.digest(name), at: passwords)
        let person = Person(name: name, identifiedBy: "the password of the account \(name)")
        guard let account = try accounts.read().person(name), account.password == shown.kept else {
            throw Fault(.unauthorized, "The password was changed just now.")
        }
        let key: PersonKey
        if let known = account.key {
            key = known
        } else {
            let made = try newKey(of: name, for: shown)
            try await change(.keyMade, of: name, by: person) { accounts in
                try accounts.update(name) { if $0.key == nil, $0.password == shown.kept { $0.key = made } }
            }
            key = try accounts.read().person(name)?.key ?? made
        }
        return try await begin(person, account: name, password: shown, key: key)
    }

    /// Has whoever is signed in show once more who they are: with the password, or a new link from the terminal.
    ///
    /// - Returns: The password that was shown, if it was one.
    /// - Throws: ``Fault``.
    @discardableResult
    func prove(_ access: Access.Browser, with proof: String) async throws -> ShownPassword? {
        let person = access.session.person
        var shown: ShownPassword?
        if let account = access.session.account {
            do {
                // Counted by itself: who guesses at the door keeps nobody from it who is in.
                shown = try await requirePassword(proof, of: account, as: Tokens.digest(access.token), at: proofs)
            } catch let fault as Fault where fault.status == .unauthorized {
                throw Fault(.forbidden, "The password is wrong. Nothing was done.")
            }
        } else {
            let word = proof.split(separator: "=").last.map { String($0).trimmingWhitespace } ?? ""
            guard case .terminal(let other)? = link(word)?.use, other.name == person.name, use(link: word) != nil else {
                throw Fault(.forbidden, "This is no link of yours from the terminal that can still be used.")
            }
        }
        try await register.record(.proved, by: person)
        let now = now()
        update(access) { $0.provenAtMilliseconds = now }
        return shown
    }

    /// Makes sure that it is the password of an account, and returns what is kept of it.
    private func requirePassword(
        _ password: String,
        of name: String,
        as key: Digest,
        at desk: PasswordDesk
    ) async throws -> ShownPassword {
        let wait = state.withLock { $0.throttle.wait(for: key, at: now()) }
        guard wait == 0 else {
            throw Fault(
                .tooManyRequests,
                "Too many wrong passwords for this name; try again in \((wait + 999) / 1000) s."
            )
        }
        let account = try accounts.read().person(name)
        // Counted before it is looked at, so that many at once are no way round it.
        state.withLock { $0.throttle.fail(key, at: now(), isKnown: account != nil) }
        let kept = account?.password
        let shown: ShownPassword?
        do {
            shown = try await desk.compute {
                guard let kept else {
                    // A name that there is not takes as long.
                    _ = try PasswordHash.set("correct horse battery", salt: String(repeating: "0", count: 32))
                    return nil
                }
                return try kept.shown(password)
            }
        } catch {
            state.withLock { $0.throttle.takeBack(key) }
            throw error
        }
        guard let shown else {
            // What is typed as a name may be a password, and what is on the ledger stays.
            let shown = account == nil ? "a name that there is not" : name
            try await recordRefusal(of: shown)
            throw Fault(.unauthorized, "The name or the password is wrong.")
        }
        state.withLock { $0.throttle.succeed(key) }
        return shown
    }

    /// Records that somebody was refused.
    ///
    /// Names cost nothing, and what is on the ledger stays: of very many refusals in a minute only the first are recorded one by
    /// one. Names that there are and names that there are not are treated alike, or the time it takes would tell them apart.
    private func recordRefusal(of name: String) async throws {
        let now = now()
        let passedOver = state.withLock { $0.refusals.take(at: now) }
        guard let passedOver else { return }
        let more = passedOver == 0 ? "" : "; \(passedOver) more were refused before and not recorded one by one"
        try await register.record(.refused, by: Person(name: name, identifiedBy: "a wrong name or password" + more))
    }

    /// Begins a session, once that is on record.
    private func begin(
        _ person: Person,
        account: String?,
        password: ShownPassword?,
        key: PersonKey? = nil
    ) async throws -> String {
        let desk = try password.flatMap { try key?.opened(with: $0) }
        try await register.record(.signedIn, by: person)
        let token = makeToken()
        let form = makeToken()
        let now = now()
        let isIn = state.withLock { state in
            state.sessions = state.sessions.filter { !$0.value.isOver(at: now) }
            let own = state.sessions.filter { $0.value.account == account }
            if own.count >= Self.maximumOfOne,
                let oldest = own.min(by: { $0.value.seenAtMilliseconds < $1.value.seenAtMilliseconds })
            {
                state.sessions[oldest.key] = nil
            }
            guard state.sessions.count < Self.maximumSessions else { return false }
            state.sessions[Tokens.digest(token)] = Session(
                person: person,
                account: account,
                password: password?.kept,
                desk: desk,
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
