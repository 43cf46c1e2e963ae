// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import AgencySchema
import Hummingbird

/// What programs read: the same as the pages show, as JSON.
struct DataRoutes: Sendable {
    let agency: Agency

    /// The most runs or events of one answer.
    private static let most = 1000

    func add(to routes: inout Routes) {
        routes.get("/api/runs", .see) { request, _ in
            let (from, limit) = try Self.range(request)
            let rows = try await agency.store.runs()
            let part = rows.dropFirst(from).prefix(limit)
            return Answers.json(["total": .integer(Int64(rows.count)), "runs": try JSONValue(encoding: Array(part))])
        }
        routes.get("/api/runs/:run", .see) { _, context in
            Answers.json(StateJSON.summary(try await agency.state(of: try context.run())))
        }
        routes.open(.get, "/api/openapi.json") { _, _ in Answers.json(OpenAPI.document) }
        addHolds(to: &routes)
        routes.get("/api/runs/:run/events", .see) { request, context in
            let id = try context.run()
            let (from, limit) = try Self.range(request)
            let events = try await agency.events(of: id, from: from, limit: limit)
            if events.isEmpty { _ = try await agency.state(of: id) }
            return Answers.json(["events": .array(try events.map { try JSONValue(parsing: $0.storedBytes()) })])
        }
    }

    /// What programs do that may hold work back; each answers with how the run stands then.
    private func addHolds(to routes: inout Routes) {
        func hold(
            _ act: String,
            _ field: String,
            most: Int,
            _ work: @escaping @Sendable (String, RunID, Person) async throws -> RunState
        ) {
            routes.post("/api/runs/:run/" + act, .hold) { body, context in
                let (run, person) = (try context.run(), try context.signedIn().person)
                return Answers.json(StateJSON.summary(try await work(body.text(field, most: most), run, person)))
            }
        }
        hold("question", "question", most: 2000) { question, run, person in
            try await agency.ask(question, in: run, by: person)
            return try await agency.state(of: run)
        }
        hold("pause", "reason", most: 1000) { try await agency.pause($1, by: $2, reason: $0) }
        hold("stop", "reason", most: 1000) { try await agency.stop($1, by: $2, reason: $0) }
    }

    /// From where on, and how many.
    private static func range(_ request: Request) throws -> (from: Int, limit: Int) {
        func number(_ name: Substring, _ usual: Int, atMost most: Int) throws -> Int {
            guard let text = request.uri.queryParameters[name] else { return usual }
            guard let number = Int(text), (0...most).contains(number) else {
                throw Fault(.badRequest, "“\(name)” is a number from 0 to \(most)")
            }
            return number
        }
        return (try number("from", 0, atMost: Int(Int32.max)), try number("limit", 100, atMost: most))
    }
}
#endif
