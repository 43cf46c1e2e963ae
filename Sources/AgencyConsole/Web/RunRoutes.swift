// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyRuntime
import HTTPTypes
import Hummingbird

/// The inbox, the page of a run, and what is told of it while it is open.
struct RunRoutes: Sendable {
    let agency: Agency
    let doorkeeper: Doorkeeper
    let watch: RunWatch

    func add(to routes: inout Routes) {
        routes.get("/", .see) { request, context in
            let query = request.uri.queryParameters
            var inbox = InboxPage(
                rows: try await agency.store.runs(),
                access: try context.signedIn(),
                now: doorkeeper.now()
            )
            inbox.page = max(0, min(query["page"].flatMap { Int($0) } ?? 0, 1_000_000))
            inbox.only = query["of"].flatMap { .init(rawValue: String($0)) }
            return Answers.page(inbox.frame)
        }
        routes.get("/runs/:run", .see) { _, context in
            Answers.page(try await RunView(agency: agency, doorkeeper: doorkeeper).page(context).frame)
        }
        routes.get("/runs/:run/live", .see) { request, context in try await live(request, context) }
    }

    private static let lastEventID = HTTPField.Name(known: "Last-Event-ID")

    private func live(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let token = try context.browser().token
        let id = try context.run()
        // A browser that lost the connection says what it heard last.
        let last = request.headers[Self.lastEventID] ?? request.uri.queryParameters["after"].map(String.init) ?? ""
        guard let last = Int(last), (-1..<Int.max).contains(last) else {
            throw Fault(.badRequest, "Say the last event that is known.")
        }
        guard try await !agency.store.head(of: id).isEmpty else {
            throw Fault(.notFound, "There is no run “\(id)” here.")
        }
        let feed = RunFeed(watch: watch, run: id, last: last) {
            // A stream that is open keeps nobody signed in.
            (try? doorkeeper.access(session: token, isAsked: false))?.grants.contains(.see) == true
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream"],
            body: ResponseBody(asyncSequence: feed)
        )
    }
}

/// Puts a run before whoever is signed in, with the number by which what is shown can be answered.
struct RunView: Sendable {
    let agency: Agency
    let doorkeeper: Doorkeeper

    /// The page of the run that the path names.
    ///
    /// - Parameters:
    ///   - context: Whose request it is.
    ///   - draft: What the person had filled in, and what was wrong with it.
    ///   - view: The number of the page that they had before them, where it can be answered still.
    func page(_ context: ConsoleContext, draft: ChoiceDraft? = nil, view: String? = nil) async throws -> RunPage {
        let access = try context.signedIn()
        let id = try context.run()
        let state = try await agency.state(of: id)
        let events = try await agency.events(of: id)
        var shown: String?
        if state.agenda() == .wait(.choice), access.grants.contains(.choose), let sheet = state.sheet {
            shown = try view ?? doorkeeper.open(sheet.digest, of: id, for: context.browser())
        }
        // What came after the state was read is on the next page.
        let known = Array(events.prefix(state.sequence + 1))
        return RunPage(state: state, events: known, access: access, view: shown, draft: draft ?? ChoiceDraft())
    }
}
#endif
