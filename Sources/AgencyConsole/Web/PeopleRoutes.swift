// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyRuntime
import Hummingbird

/// What admins do: who may come in, and as what.
struct PeopleRoutes: Sendable {
    let doorkeeper: Doorkeeper

    func add(to routes: inout Routes) {
        routes.get("/people", .administer) { _, context in try await page(context) }
        routes.form("/people", .administer) { form, context in
            let account = Account(name: form["name"], role: try role(form), password: nil)
            try await act(.accountMade, of: account.name, context) { try $0.add(account) }
            return try await page(context, told: invitation(of: account.name))
        }
        routes.form("/people/invite", .administer) { form, context in
            let name = form["name"]
            try await act(.invited, of: name, context) { try $0.update(name) { _ in } }
            return try await page(context, told: invitation(of: name))
        }
        routes.form("/people/role", .administer) { form, context in
            let (name, role) = (form["name"], try role(form))
            try await act(.roleSet, of: name, context) { try $0.update(name) { $0.role = role } }
            return Answers.see("/people")
        }
        routes.form("/people/remove", .administer) { form, context in
            let name = form["name"]
            try await act(.accountRemoved, of: name, context) { try $0.remove(person: name) }
            doorkeeper.endSessions(of: name)
            doorkeeper.withdrawInvitations(of: name)
            return Answers.see("/people")
        }
        routes.form("/people/sign-out", .administer) { form, context in
            let name = form["name"]
            try await act(.sessionsEnded, of: name, context) { try $0.update(name) { _ in } }
            doorkeeper.endSessions(of: name)
            return Answers.see("/people")
        }
        routes.form("/programs", .administer) { form, context in
            let word = doorkeeper.makeToken()
            let program = ProgramToken(
                name: form["name"],
                word: Tokens.digest(word),
                mayHold: form["hold"] == "yes",
                madeBy: try context.signedIn().person.name,
                maySettle: form["hold"] == "settle" ? true : nil
            )
            try await act(.tokenMade, of: program.name, context) { try $0.add(program) }
            return try await page(context, told: .token(program.name, word))
        }
        routes.form("/programs/remove", .administer) { form, context in
            let name = form["name"]
            try await act(.tokenRemoved, of: name, context) { try $0.remove(program: name) }
            return Answers.see("/people")
        }
    }

    /// Who says who may come in has shown lately who it is.
    private func act(
        _ act: Register.Act,
        of subject: String,
        _ context: ConsoleContext,
        _ change: @Sendable (inout Accounts) throws -> Void
    ) async throws {
        let session = try context.browser().session
        guard session.isFresh(at: doorkeeper.now()) else {
            throw Fault(
                .forbidden,
                "You signed in some time ago. Sign out and in again, to show that it is still you; nothing was changed."
            )
        }
        try await doorkeeper.change(act, of: subject, by: session.person, change)
    }

    private func invitation(of name: String) -> PeoplePage.News {
        // An invitation that was made before is good no more.
        doorkeeper.withdrawInvitations(of: name)
        return .invitation(name, "/sign-in?link=" + doorkeeper.invite(name))
    }

    private func page(_ context: ConsoleContext, told news: PeoplePage.News? = nil) async throws -> Response {
        let page = PeoplePage(
            accounts: try doorkeeper.readAccounts(),
            sessions: doorkeeper.sessionCounts(),
            entries: try await doorkeeper.register.newest(PeoplePage.entries),
            access: try context.signedIn(),
            news: news
        )
        return Answers.page(page.frame)
    }

    private func role(_ form: Form) throws -> Account.Role {
        guard let role = Account.Role(rawValue: form["role"]) else {
            throw Fault(.badRequest, "A role is reader, chooser or admin.")
        }
        return role
    }
}
#endif
