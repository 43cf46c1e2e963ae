// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyRuntime
import Hummingbird

/// How people come in and go, and what they do about their own account.
struct SignInRoutes: Sendable {
    let doorkeeper: Doorkeeper

    func add(to routes: inout Routes) {
        routes.open(.get, "/sign-in") { request, _ in
            let word = request.uri.queryParameters["link"].map(String.init)
            return Answers.page(page(link: word).frame)
        }
        routes.open(.post, "/sign-in") { request, context in
            let form = try await Form(request, most: Form.least)
            return try await signIn(form, context)
        }
        routes.form("/sign-out", .see) { _, context in
            try await doorkeeper.signOut(context.browser())
            var response = Answers.see("/sign-in")
            response.setCookie(SessionCookie.gone)
            return response
        }
        routes.get("/account", .see) { _, context in Answers.page(AccountPage(access: try context.signedIn()).frame) }
        routes.form("/account/proof", .see) { form, context in
            try await doorkeeper.prove(context.browser(), with: form["proof"])
            return Answers.see("/account")
        }
        routes.form("/account/password", .see) { form, context in try await setPassword(form, context) }
    }

    private func page(link word: String?) -> SignInPage {
        SignInPage(
            link: word.flatMap { word in doorkeeper.link(word).map { (word, $0.use) } },
            // A file that cannot be read keeps nobody out who has a link.
            hasAccounts: (try? doorkeeper.readAccounts().people.isEmpty) == false
        )
    }

    /// Signs somebody in; what went wrong is said where it can be mended.
    private func signIn(_ form: Form, _ context: ConsoleContext) async throws -> Response {
        let word = form["link"]
        let token: String
        do {
            if form["name"].isEmpty {
                if case .invitation? = doorkeeper.link(word)?.use { try form.requireSame("password", "again") }
                token = try await doorkeeper.signIn(link: word, password: form["password"])
            } else {
                token = try await doorkeeper.signIn(name: form["name"], password: form["password"])
            }
        } catch {
            let fault = Fault(error)
            guard fault.status != .internalServerError else { throw error }
            var page = page(link: word)
            page.complaint = fault.message
            return Answers.page(page.frame, status: fault.status)
        }
        // Whoever was signed in with this browser is so no longer.
        if let before = context.access?.browser { doorkeeper.forget(before.token) }
        var response = Answers.see("/")
        response.setCookie(SessionCookie.made(token))
        return response
    }

    private func setPassword(_ form: Form, _ context: ConsoleContext) async throws -> Response {
        let browser = try context.browser()
        guard let account = browser.session.account else {
            throw Fault(.badRequest, "You came by a link from the terminal, and have no password.")
        }
        try form.requireSame("password", "again")
        let former = try await doorkeeper.prove(browser, with: form["now"])
        let shown = try await doorkeeper.set(form["password"])
        try await doorkeeper.setPassword(of: account, to: shown, from: former, by: browser.session.person)
        return Answers.see("/sign-in")
    }
}
#endif
