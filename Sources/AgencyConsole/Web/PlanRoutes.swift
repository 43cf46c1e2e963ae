// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import Hummingbird

/// Makes an option from another, or from two: it is filed beside them, and has to be chosen like any.
struct PlanRoutes: Sendable {
    let agency: Agency

    func add(to routes: inout Routes) {
        routes.get("/runs/:run/plan", .choose) { request, context in
            let query = request.uri.queryParameters
            let state = try await agency.state(of: try context.run())
            let from = try Self.option(query["from"].map(String.init) ?? "", state)
            guard let with = query["with"].map(String.init), !with.isEmpty else {
                return Answers.page(
                    page(state, from, try Self.text(of: from.plan), context: try context.signedIn()).frame
                )
            }
            let other = try Self.option(with, state)
            let plan = from.plan.combined(with: other.plan)
            var page = page(state, from, try Self.text(of: plan), context: try context.signedIn())
            page.effect = PlanChanges.markup(from: from.plan, to: plan)
            return Answers.page(page.frame)
        }
        routes.form("/runs/:run/plan", .choose) { form, context in try await take(form, context) }
    }

    private func take(_ form: Form, _ context: ConsoleContext) async throws -> Response {
        let access = try context.signedIn()
        let state = try await agency.state(of: try context.run())
        let from = try Self.option(form["from"], state)
        let page = page(state, from, form["text"], reason: form["reason"].trimmingWhitespace, context: access)
        return try await page.answer(form, thenAt: "#options") { page in
            let plan = try Self.plan(page.text)
            page.effect = PlanChanges.markup(from: from.plan, to: plan)
            if let fault = plan.faults(tools: state.started?.tools ?? []).first {
                throw RuntimeError(.badInput, "the plan cannot be taken: \(fault)")
            }
            guard plan.digest != from.plan.digest else { throw RuntimeError(.badInput, "nothing is changed yet") }
            return plan
        } file: { plan in
            try page.requireReason()
            _ = try await agency.addOption(
                plan,
                title: "\(from.title) (edited)",
                from: from.id,
                to: state.run,
                by: access.person,
                reason: page.reason
            )
        }
    }

    private func page(
        _ state: RunState,
        _ from: Proposal,
        _ text: String,
        reason: String = "",
        context access: Access
    ) -> EditPage {
        let others = state.options.map(\.id.rawValue).filter { $0 != from.id.rawValue }
        return EditPage(
            title: "An option made from \(from.id)",
            about:
                "It is filed beside the others, with your name; nobody has judged it, which is said where it is chosen.",
            action: "/runs/\(state.run)/plan",
            hidden: [("from", from.id.rawValue)],
            label: "The plan",
            text: text,
            reason: reason,
            ways: others.map { ("/runs/\(state.run)/plan?from=\(from.id)&with=\($0)", "Combine with \($0)") },
            back: "/runs/\(state.run)",
            access: access
        )
    }

    static func option(_ name: String, _ state: RunState) throws -> Proposal {
        guard let option = state.options.first(where: { $0.id.rawValue == name }) else {
            throw Fault(.notFound, "There is no option of that name now.")
        }
        return option
    }

    private static func text(of plan: Plan) throws -> String { try JSONValue(encoding: plan).prettyText }

    private static func plan(_ text: String) throws -> Plan {
        do {
            return try JSONValue(parsing: Array(text.utf8)).decode(Plan.self)
        } catch {
            throw RuntimeError(.badInput, "this is no plan: \(error)", cause: error)
        }
    }
}
#endif
