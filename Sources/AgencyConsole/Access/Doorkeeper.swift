// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import Synchronization

/// Knows who is signed in, and the links by which people do so.
///
/// A link is printed where only the person reads it, is good for one sign-in, and for minutes. Nothing of this outlives the
/// process: who ends it signs everybody out.
final class Doorkeeper: Sendable {
    /// For how long a link can be used.
    static let linkLife: Int64 = 10 * 60 * 1000
    /// The most people who are signed in at once.
    static let maximumSessions = 1000

    private struct State {
        var links: [Digest: (person: Person, until: Int64)] = [:]
        var sessions: [Digest: Session] = [:]
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Int64
    private let makeToken: @Sendable () -> String

    init(now: @escaping @Sendable () -> Int64, makeToken: @escaping @Sendable () -> String = Tokens.random) {
        self.now = now
        self.makeToken = makeToken
    }

    /// Makes a link's word with which one person can sign in once.
    func makeLink(for person: Person) -> String {
        let token = makeToken()
        let now = now()
        state.withLock { state in
            state.links = state.links.filter { $0.value.until >= now }
            state.links[Tokens.digest(token)] = (person, now + Self.linkLife)
        }
        return token
    }

    /// Whether a link can still be used.
    func isOpen(link token: String) -> Bool {
        state.withLock { state in state.links[Tokens.digest(token)].map { $0.until >= now() } ?? false }
    }

    /// Signs somebody in, and uses the link up.
    ///
    /// - Returns: The word of the new session, or `nil` when the link cannot be used.
    func signIn(link token: String) -> String? {
        let session = makeToken()
        let form = makeToken()
        let now = now()
        let isIn = state.withLock { state in
            guard let link = state.links.removeValue(forKey: Tokens.digest(token)), link.until >= now else {
                return false
            }
            state.sessions = state.sessions.filter { !$0.value.isOver(at: now) }
            guard state.sessions.count < Self.maximumSessions else { return false }
            state.sessions[Tokens.digest(session)] = Session(
                person: link.person,
                formToken: form,
                begunAtMilliseconds: now,
                seenAtMilliseconds: now
            )
            return true
        }
        return isIn ? session : nil
    }

    /// Who is signed in with a word, if anybody.
    ///
    /// - Parameters:
    ///   - token: The word.
    ///   - isAsked: Whether a person asked for something, and so is there.
    /// - Returns: The session; `nil` where there is none, or it is over.
    func session(_ token: String, isAsked: Bool = true) -> Session? {
        let key = Tokens.digest(token)
        let now = now()
        return state.withLock { state in
            guard var session = state.sessions[key] else { return nil }
            guard !session.isOver(at: now) else {
                state.sessions[key] = nil
                return nil
            }
            if isAsked { session.seenAtMilliseconds = now }
            state.sessions[key] = session
            return session
        }
    }

    /// Ends a session.
    func signOut(_ token: String) { state.withLock { _ = $0.sessions.removeValue(forKey: Tokens.digest(token)) } }

    /// Takes note that a sheet is put before whoever is signed in.
    ///
    /// - Returns: The word with which it can be answered, once.
    func open(_ sheet: Digest, of run: RunID, for token: String) -> String {
        let view = makeToken()
        let opened = Session.View(run: run, sheet: sheet, openedAtMilliseconds: now())
        state.withLock { $0.sessions[Tokens.digest(token)]?.open(opened, as: Tokens.digest(view)) }
        return view
    }

    /// Lets a sheet be answered after all that was taken back for nothing.
    func reopen(_ view: Session.View, as token: String, for session: String) {
        state.withLock { $0.sessions[Tokens.digest(session)]?.open(view, as: Tokens.digest(token)) }
    }

    /// Takes back a sheet that was put before somebody.
    ///
    /// - Returns: What was shown and for how many milliseconds; `nil` for what was never shown, or was answered before.
    func close(_ view: String, for token: String) -> (view: Session.View, milliseconds: Int64)? {
        let taken = state.withLock { $0.sessions[Tokens.digest(token)]?.views.removeValue(forKey: Tokens.digest(view)) }
        return taken.map { ($0, max(0, now() - $0.openedAtMilliseconds)) }
    }
}
