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
    let output: StepOutput.Source
    let view: RunView

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
        routes.get("/api/runs/:run/report", .see) { _, context in
            let state = try await agency.state(of: try context.run())
            let report = Report(state: state, events: try await view.events(of: state), verification: nil)
            return Answers.text(report.markdown, "text/markdown; charset=utf-8")
        }
        routes.get("/api/artefacts/:digest", .see) { _, context in
            let digest = Digest(hex: try context.parameters.require("digest"))
            guard let digest, let bytes = try await agency.store.artefact(digest) else {
                throw Fault(.notFound, "The ledger does not hold that.")
            }
            // Whatever it holds, a browser keeps it as a file, and shows it as no page.
            return Response(
                status: .ok,
                headers: [.contentType: "application/octet-stream", .contentDisposition: "attachment"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            )
        }
        routes.get("/api/runs/:run/output", .see) { _, context in
            let run = try context.run()
            guard try await agency.store.head(of: run).sequence >= 0 else {
                throw Fault(.notFound, "There is no run “\(run)” here.")
            }
            // Most of the time there is nothing, for which the run is not read.
            let output = output(run) == nil ? nil : try await agency.state(of: run).running(output)
            return Answers.json(output?.json ?? StepOutput.nothing)
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
        routes.post("/api/runs/:run/options", .hold) { body, context in
            let (run, person) = (try context.run(), try context.signedIn().person)
            let from = try PlanRoutes.option(body.text("from", most: 200), await agency.state(of: run))
            let plan: Plan = try body.value("plan", "a plan, as it stands in the events")
            guard plan.digest != from.plan.digest else { throw Fault(.badRequest, "Nothing is changed in that plan.") }
            let name = try await agency.addOption(
                plan,
                title: "\(from.title) (edited by \(person.name))",
                from: from.id,
                to: run,
                by: person,
                reason: body.text("reason", most: 1000)
            )
            return Answers.json(["option": .string(name.rawValue)])
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
