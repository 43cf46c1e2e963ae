// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyRuntime
import HTTPTypes
import Hummingbird

/// Which page answers which request.
struct PageRoutes: Sendable {
    let agency: Agency
    let doorkeeper: Doorkeeper
    let now: @Sendable () -> Int64
    let clock: any Clock<Duration>

    func add(to router: Router<ConsoleContext>) {
        router.get("/console.css") { _, _ in Answers.text(Assets.stylesheet, "text/css; charset=utf-8") }
        router.get("/console.js") { _, _ in
            Answers.text(Assets.script.description, "text/javascript; charset=utf-8")
        }
        router.get("/icon.svg") { _, _ in Answers.text(Assets.icon.description, "image/svg+xml") }
        router.get("/sign-in") { request, _ in
            let link = request.uri.queryParameters["link"].map(String.init)
            return Answers.page(SignInPage(link: link.flatMap { doorkeeper.isOpen(link: $0) ? $0 : nil }).frame)
        }
        router.post("/sign-in") { request, context in
            let form = try await Form(request)
            guard let token = doorkeeper.signIn(link: form["link"]) else {
                throw Fault(.unauthorized, "This link was used, or is too old.")
            }
            // Whoever was signed in with this browser is so no longer.
            if let access = context.access { doorkeeper.signOut(access.token) }
            var response = Answers.see("/")
            response.setCookie(SessionCookie.made(token))
            return response
        }
        router.post("/sign-out") { request, context in
            let (access, _) = try await context.form(of: request)
            doorkeeper.signOut(access.token)
            var response = Answers.see("/sign-in")
            response.setCookie(SessionCookie.gone)
            return response
        }
        router.get("/") { request, context in
            let access = try context.signedIn()
            let rows = try await agency.store.runs()
            var inbox = InboxPage(rows: rows, session: access.session, now: now())
            let page = request.uri.queryParameters["page"].flatMap { Int($0) } ?? 0
            inbox.page = max(0, min(page, 1_000_000))
            inbox.only = request.uri.queryParameters["of"].flatMap { RunRow.Standing(rawValue: String($0)) }
            return Answers.page(inbox.frame)
        }
        router.get("/runs/:run") { _, context in try await run(context) }
        router.post("/runs/:run/choice") { request, context in try await choose(request, context) }
        router.get("/runs/:run/live") { request, context in try await live(request, context) }
    }

    private func run(_ context: ConsoleContext) async throws -> Response {
        let access = try context.signedIn()
        let id = try context.run()
        let state = try await agency.state(of: id)
        let events = try await agency.events(of: id)
        let isAsked = state.agenda() == .wait(.choice)
        let view = isAsked ? state.sheet.map { doorkeeper.open($0.digest, of: id, for: access.token) } : nil
        // What came after the state was read is on the next page.
        let known = Array(events.prefix(state.sequence + 1))
        return Answers.page(RunPage(state: state, events: known, session: access.session, view: view).frame)
    }

    /// Takes a choice: by whoever is signed in, of what a page has put before them, once.
    private func choose(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let (access, form) = try await context.form(of: request)
        let id = try context.run()
        let verdict = try Self.verdict(form)
        guard !form["reason"].trimmingWhitespace.isEmpty else {
            throw Fault(
                .badRequest,
                "A choice needs a reason, for those who read the record later. Nothing was chosen."
            )
        }
        guard let shown = doorkeeper.close(form["view"], for: access.token), shown.view.run == id,
            shown.view.sheet.hex == form["shown"]
        else {
            throw Fault(
                .conflict,
                "What you chose from was answered before, or was not put before you. Nothing was chosen; look at the run again."
            )
        }
        guard shown.milliseconds >= Self.least else {
            throw Fault(.conflict, "That was quicker than anybody reads. Nothing was chosen; look at the run again.")
        }
        var person = access.session.person
        person.identifiedBy += "; the page was open for \(shown.milliseconds / 1000) s"
        do {
            try await agency.choose(verdict, in: id, shown: shown.view.sheet, by: person, reason: form["reason"])
        } catch {
            // Nothing was chosen: whoever mistyped a name, or found the ledger busy, answers the same page again.
            doorkeeper.reopen(shown.view, as: form["view"], for: access.token)
            throw error
        }
        return Answers.see("/runs/\(id)")
    }

    private static let lastEventID = HTTPField.Name(known: "Last-Event-ID")

    /// How long a page has to be open before it can be answered, in milliseconds.
    private static let least: Int64 = 1000

    private static func verdict(_ form: Form) throws -> Choice.Verdict {
        let option = form["option"].trimmingWhitespace
        switch form["verdict"] {
        case "option":
            guard !option.isEmpty else {
                throw Fault(.badRequest, "Write out the name of the option that is to be enacted. Nothing was chosen.")
            }
            return .option(ProposalID(option))
        case "send-back", "none":
            guard option.isEmpty else {
                throw Fault(
                    .badRequest,
                    "You named an option and pressed a button that chooses none. Nothing was chosen; look at the run again."
                )
            }
            return form["verdict"] == "none" ? .none : .sendBack
        default: throw Fault(.badRequest, "The form does not say what is chosen.")
        }
    }

    private func live(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let token = try context.signedIn().token
        let id = try context.run()
        // A browser that lost the connection says what it heard last.
        let last = request.headers[Self.lastEventID] ?? request.uri.queryParameters["after"].map(String.init) ?? ""
        guard let last = Int(last), (-1..<Int.max).contains(last) else {
            throw Fault(.badRequest, "Say the last event that is known.")
        }
        _ = try await agency.state(of: id)
        let feed = RunFeed(agency: agency, run: id, last: last, clock: clock) {
            // A stream that is open keeps nobody signed in.
            doorkeeper.session(token, isAsked: false) != nil
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream"],
            body: ResponseBody(asyncSequence: feed)
        )
    }
}
#endif
