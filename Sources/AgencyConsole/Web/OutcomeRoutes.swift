// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import AgencySchema
import Hummingbird

/// Where programs say what became of what was forecast: a deployment that was taken back, an alarm that came a week later.
struct OutcomeRoutes: Sendable {
    let agency: Agency

    func add(to routes: inout Routes) {
        routes.post("/api/runs/:run/outcomes", .settle) { body, context in
            let (run, person) = (try context.run(), try context.signedIn().person)
            let outcome: Bool = try body.value("outcome", "true or false")
            let state = try await agency.file(
                outcome,
                of: try Self.subject(body),
                in: run,
                by: person,
                reason: body.text("reason", most: 1000)
            )
            return Answers.json(StateJSON.summary(state))
        }
    }

    private static func subject(_ body: JSONBody) throws -> ForecastSubject {
        guard body.has("option") != body.has("step") else {
            throw Fault(.badRequest, "Name either an “option”, or a “step” and which “forecast” of it.")
        }
        guard body.has("step") else { return .goals(ProposalID(try body.text("option", most: 200))) }
        let forecast: Int = body.has("forecast") ? try body.value("forecast", "a number, counted from 1") : 1
        guard (1...10_000).contains(forecast) else { throw Fault(.badRequest, "“forecast” is a number from 1.") }
        return .step(StepID(try body.text("step", most: 200)), forecast: forecast)
    }
}
#endif
