// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import HTTPTypes
import Hummingbird

/// The page of a run, and what is told of it while it is open.
struct RunRoutes: Sendable {
    let agency: Agency
    let doorkeeper: Doorkeeper
    let watch: RunWatch
    let view: RunView

    func add(to routes: inout Routes) {
        routes.get("/runs/:run", .see) { _, context in
            Answers.page(try await view.page(context).frame)
        }
        routes.get("/runs/:run/episodes/:episode", .see) { _, context in try await episode(context) }
        routes.get("/runs/:run/events", .see) { request, context in
            let id = try context.run()
            let state = try await agency.state(of: id)
            let from = request.uri.queryParameters["from"].flatMap { Int($0) } ?? 0
            let page = EventsPage(
                state: state,
                from: max(0, min(from, state.sequence)),
                access: try context.signedIn()
            )
            let events = try await agency.events(of: id, from: page.from, limit: EventsPage.size)
            return Answers.page(page.frame(events))
        }
        for path in ["/runs/:run/live", "/api/runs/:run/live"] {
            routes.get(path, .see) { request, context in
                try await RunFeed.response(to: request, context, agency: agency, watch: watch, doorkeeper: doorkeeper)
            }
        }
    }

    private func episode(_ context: ConsoleContext) async throws -> Response {
        let id = try context.run()
        let name = EpisodeID(try context.parameters.require("episode"))
        let state = try await agency.state(of: id)
        guard let record = state.episodes[name] else { throw Fault(.notFound, "There is no such episode in this run.") }
        var artefacts: [Digest: [UInt8]] = [:]
        for reference in EpisodeReport.artefacts(of: record) {
            artefacts[reference.digest] = try await agency.store.artefact(reference.digest)
        }
        let page = EpisodePage(
            state: state,
            record: record,
            events: try await view.events(of: state),
            artefacts: artefacts,
            access: try context.signedIn()
        )
        return Answers.page(page.frame)
    }
}

/// Puts a run before whoever is signed in, with the number by which what is shown can be answered.
struct RunView: Sendable {
    let agency: Agency
    let doorkeeper: Doorkeeper
    let output: StepOutput.Source
    let trouble: WorkTrouble.Source

    /// The page of the run that the path names.
    ///
    /// - Parameters:
    ///   - context: Whose request it is.
    ///   - draft: What the person had filled in, and what was wrong with it.
    ///   - view: The number of the page that they had before them, where it can be answered still.
    /// - Returns: The page.
    /// - Throws: ``Fault``; what reading the run throws.
    func page(_ context: ConsoleContext, draft: ChoiceDraft? = nil, view: String? = nil) async throws -> RunPage {
        let access = try context.signedIn()
        let id = try context.run()
        let state = try await agency.state(of: id)
        let events = try await events(of: state)
        var shown: String?
        let isLate = state.isOverdue(at: doorkeeper.now())
        if state.agenda() == .wait(.choice), !isLate, access.grants.contains(.choose), let sheet = state.sheet {
            shown = try view ?? doorkeeper.open(sheet.digest, of: id, for: context.browser())
        }
        return RunPage(
            state: state,
            events: events,
            access: access,
            view: shown,
            draft: draft ?? ChoiceDraft(),
            output: state.running(output),
            isLate: isLate,
            trouble: state.row.trouble(trouble)
        )
    }

    /// How many of the first and of the last events of a long run are on its page.
    private static let part = 500

    /// The events that a page is made of: all, or the first and the last of a run that has very many.
    func events(of state: RunState) async throws -> [RecordedEvent] {
        let count = state.sequence + 1
        guard count > 2 * Self.part else {
            // What came after the state was read is on the next page.
            return try await agency.events(of: state.run, from: 0, limit: count)
        }
        return try await agency.events(of: state.run, from: 0, limit: Self.part)
            + agency.events(of: state.run, from: count - Self.part, limit: Self.part)
    }
}
#endif
