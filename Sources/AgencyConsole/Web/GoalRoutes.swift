// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyDeclaration
import AgencyReport
import AgencyRuntime
import Hummingbird

/// Rewrites the goals of a run while it goes on.
struct GoalRoutes: Sendable {
    let agency: Agency
    let now: @Sendable () -> Int64

    func add(to routes: inout Routes) {
        routes.get("/runs/:run/goals", .choose) { _, context in
            let state = try await agency.state(of: try context.run())
            return Answers.page(
                Self.page(state, Declaration.printGoals(state.goals), access: try context.signedIn()).frame
            )
        }
        routes.form("/runs/:run/goals", .choose) { form, context in try await take(form, context) }
    }

    private func take(_ form: Form, _ context: ConsoleContext) async throws -> Response {
        let access = try context.signedIn()
        let state = try await agency.state(of: try context.run())
        let page = Self.page(state, form["text"], reason: form["reason"].trimmingWhitespace, access: access)
        return try await page.answer(form, thenAt: "#goals") { page in
            let goals = try Self.goals(page.text, tools: state.started?.tools)
            guard goals != state.goals else { throw RuntimeError(.badInput, "nothing is changed yet") }
            page.effect = Self.effect(of: goals, on: state)
            return goals
        } file: { goals in
            guard form["seen"] == state.goalsSeen else {
                throw RuntimeError(.badInput, "the goals were rewritten meanwhile; look at what this comes to now")
            }
            try page.requireReason()
            try context.requireFresh(for: state, at: now())
            try await agency.editGoals(goals, in: state.run, by: access.person, reason: page.reason)
        }
    }

    private static func goals(_ text: String, tools: [ToolManifest]?) throws -> [Goal] {
        do {
            return try Declaration.readGoals(text: text, file: "goals", tools: tools)
        } catch {
            throw RuntimeError(.badInput, "\(error)", cause: error)
        }
    }

    /// What is different then, and what becomes of the work.
    private static func effect(of goals: [Goal], on state: RunState) -> Markup {
        let (old, new) = (state.goals.flatMap(\.flattened), goals.flatMap(\.flattened))
        let gone = old.filter { one in !new.contains { $0.id == one.id } }
        let added = new.filter { one in !old.contains { $0.id == one.id } }
        let changed = new.filter { one in old.contains { $0.id == one.id && $0 != one } }
        return Markup(joining: [
            tag("ul") {
                for goal in gone { tag("li", "bad") { "− \(goal.id): \(goal.want)" } }
                for goal in added { tag("li", "good") { "+ \(goal.id): \(goal.want)" } }
                for goal in changed { tag("li", "caution") { "~ \(goal.id): \(goal.want)" } }
                if gone.isEmpty, added.isEmpty, changed.isEmpty { tag("li") { "The same goals in another order." } }
            },
            tag("p") { "The run is at: \(state.whereabouts). " + consequence(for: state) },
        ])
    }

    private static func consequence(for state: RunState) -> String {
        let chosen =
            state.choice == nil
            ? "" : " What was chosen lapses: nothing more of it is enacted, and what was done stays."
        let judged =
            state.options.isEmpty
            ? "No option stands yet: what is proposed is for these goals."
            : "The options that stand are judged once more by these goals, explained, and put before a person."
        return judged + chosen
    }

    private static func page(_ state: RunState, _ text: String, reason: String = "", access: Access) -> EditPage {
        EditPage(
            title: "The goals of \(state.started?.brief.title ?? state.run.rawValue)",
            about: "What is wanted, and how it is told whether it is reached, as a brief has it.",
            action: "/runs/\(state.run)/goals",
            hidden: [("seen", state.goalsSeen)],
            label: "The goals",
            text: text,
            reason: reason,
            back: "/runs/\(state.run)",
            access: access
        )
    }
}

extension RunState {
    /// What the goals are told apart by.
    fileprivate var goalsSeen: String { (try? Digest(encoding: goals))?.hex ?? "" }
}
#endif
