// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import Synchronization

/// Knows who is signed in, and the links by which people do so.
///
/// A link is printed where only the person reads it, and is good once. Sessions and links do not outlive the process: who ends
/// it signs everybody out. Whatever else tells people apart, such as an identity provider, would end in ``begin(_:account:)`` too.
final class Doorkeeper: Sendable {
    /// The most people who are signed in at once.
    static let maximumSessions = 1000
    /// The most browsers in which one person is; the one that was used longest ago is signed out.
    static let maximumOfOne = 20
    /// The most streams that one session reads at once, and one program.
    static let maximumStreams = 64
    static let maximumOfProgram = 2048

    struct State {
        var links: [Digest: Link] = [:]
        var sessions: [Digest: Session] = [:]
        var throttle = Throttle()
        var refusals = Refusals()
        /// How many streams are open, by the word of whoever reads them.
        var streams: [Digest: Int] = [:]
    }

    let state = Mutex(State())
    let accounts: any AccountStore
    /// What the desk is called at which people choose.
    let deskName: String
    let passwords = PasswordDesk()
    /// For those who are in already, so that a crowd at the door is not before them.
    let proofs = PasswordDesk()
    let register: Register
    let now: @Sendable () -> Int64
    let makeToken: @Sendable () -> String

    init(
        accounts: any AccountStore,
        deskName: String,
        register: Register,
        now: @escaping @Sendable () -> Int64,
        makeToken: @escaping @Sendable () -> String = Tokens.random
    ) {
        self.accounts = accounts
        self.deskName = deskName
        self.register = register
        self.now = now
        self.makeToken = makeToken
    }

    /// Makes a link's word with which whoever reads the terminal can sign in once.
    func makeLink(for person: Person) -> String { make(.terminal(person), life: Link.terminalLife) }

    /// Makes a link's word with which a person can set the password of an account once.
    func invite(_ account: String) -> String { make(.invitation(account), life: Link.invitationLife) }

    private func make(_ use: Link.Use, life: Int64) -> String {
        let token = makeToken()
        let now = now()
        state.withLock { state in
            state.links = state.links.filter { $0.value.until >= now }
            state.links[Tokens.digest(token)] = Link(use: use, until: now + life)
        }
        return token
    }

    /// What a link is good for, if it still is.
    func link(_ token: String) -> Link? {
        let now = now()
        return state.withLock { $0.links[Tokens.digest(token)].flatMap { $0.until >= now ? $0 : nil } }
    }

    /// Uses a link up.
    func use(link token: String) -> Link? {
        let now = now()
        return state.withLock {
            $0.links.removeValue(forKey: Tokens.digest(token)).flatMap { $0.until >= now ? $0 : nil }
        }
    }

    /// Who is signed in with a word, if anybody.
    ///
    /// - Parameters:
    ///   - token: The word.
    ///   - isAsked: Whether a person asked for something, and so is there.
    /// - Returns: `nil` where there is no session, it is over, or the account is gone or has another password.
    /// - Throws: what keeps the accounts from being read.
    func access(session token: String, isAsked: Bool = true) throws -> Access? {
        let key = Tokens.digest(token)
        let now = now()
        let session = state.withLock { state -> Session? in
            guard var session = state.sessions[key] else { return nil }
            guard !session.isOver(at: now) else {
                state.sessions[key] = nil
                return nil
            }
            if isAsked { session.seenAtMilliseconds = now }
            state.sessions[key] = session
            return session
        }
        guard let session else { return nil }
        var role = Account.Role.admin
        if let account = session.account {
            guard let known = try accounts.read().person(account), known.password == session.password else {
                return nil
            }
            role = known.role
        }
        return Access(
            person: session.person,
            grants: role.grants,
            browser: Access.Browser(token: token, session: session),
            program: nil
        )
    }

    /// Which program shows a token, if it is one.
    func access(token: String) throws -> Access? {
        try accounts.read().program(showing: token).map(Self.access)
    }

    private static func access(_ program: ProgramToken) -> Access {
        let person = Person(name: "program \(program.name)", identifiedBy: "a token that \(program.madeBy) made")
        return Access(person: person, grants: program.grants, browser: nil, program: program.word)
    }

    /// Ends a session.
    func signOut(_ access: Access.Browser) async throws {
        _ = state.withLock { $0.sessions.removeValue(forKey: Tokens.digest(access.token)) }
        try await register.record(.signedOut, by: access.session.person)
    }

    /// Ends a session that a new one takes the place of.
    func forget(_ token: String) { state.withLock { _ = $0.sessions.removeValue(forKey: Tokens.digest(token)) } }

    /// Whether whoever opened a stream may still read it; that it is open keeps nobody signed in.
    func isStillIn(_ access: Access) -> Bool {
        let now =
            if let browser = access.browser { try? self.access(session: browser.token, isAsked: false) } else {
                try? accounts.read().programs.first { $0.word == access.program }.map(Self.access)
            }
        return now?.grants.contains(.see) == true
    }

    /// Changes what is known of a session, if it is still there.
    func update(_ access: Access.Browser, _ change: (inout Session) -> Void) {
        state.withLock { state in
            guard var session = state.sessions[Tokens.digest(access.token)] else { return }
            change(&session)
            state.sessions[Tokens.digest(access.token)] = session
        }
    }
}
#endif
