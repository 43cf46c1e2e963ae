// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyDeclaration
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// What people rewrite: plans and goals, after they have seen what it comes to.
@Suite struct ConsoleEditTests {
    @Test func `an edited plan is shown against the one it was made from, filed, judged by nobody, and can be chosen`()
        async throws
    {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let path = "/runs/\(bench.run)/plan"
            let page = try await bench.ask("GET", path + "?from=p1", session: session)
            #expect(page.status == 200 && !page.text.contains("File it"))
            let form = try page.field("form")
            var plan = try #require(try await bench.agency.state(of: bench.run).proposals["p1"]).plan
            plan.steps[0].intent = "write <b>less</b>"
            func send(_ plan: Plan, _ act: String, _ reason: String = "shorter") async throws -> ConsoleBench.Answer {
                let text = try JSONValue(encoding: plan).prettyText
                let looked = EditPage.digest(text)
                let fields = [
                    "form": form, "from": "p1", "text": text, "reason": reason, "act": act, "looked": looked,
                ]
                return try await bench.ask("POST", path, session: session, form: fields)
            }
            let looked = try await send(plan, "look")
            #expect(looked.status == 200 && looked.text.contains("+ </span>intent: write &lt;b&gt;less&lt;/b&gt;"))
            #expect(looked.text.contains("File it"))
            #expect(try await bench.agency.state(of: bench.run).options.count == 3)
            #expect(try await send(plan, "file", " ").status == 400)
            #expect(try await send(plan, "file").status == 303)
            let state = try await bench.agency.state(of: bench.run)
            #expect(state.options.map(\.id) == ["p1", "p2", "p3", "p1.e1"] && state.options.last?.plan == plan)
            var bad = plan
            bad.steps[0].action.tool = "rm.everything"
            let refused = try await send(bad, "file")
            #expect(refused.status == 400 && refused.text.contains("rm.everything"))
            let broken = ["form": form, "from": "p1", "text": "{", "reason": "x", "act": "file"]
            #expect(try await bench.ask("POST", path, session: session, form: broken).status == 400)
            #expect(try await bench.ask("GET", path + "?from=p9", session: session).status == 404)
            let both = try await bench.ask("GET", path + "?from=p1&with=p2", session: session)
            #expect(both.status == 200 && both.text.contains("+ added"))
            #expect(try await bench.agency.state(of: bench.run).options.count == 4)
        }
    }

    @Test func `of two plans one is made, in which nothing is done twice and no name stands for two steps`() throws {
        func step(_ id: StepID, _ file: String, after: [StepID] = []) -> Step {
            Step(
                id: id,
                intent: file,
                action: Action(tool: "files.write", arguments: ["path": .string(file)]),
                after: after
            )
        }
        let one = Plan(steps: [step("s1", "a"), step("s2", "b", after: ["s1"])])
        let two = Plan(steps: [step("s1", "b"), step("s2", "c", after: ["s1"]), step("s3", "d", after: ["s2"])])
        let both = one.combined(with: two)
        #expect(both.steps.map(\.id) == ["s1", "s2", "s2-2", "s3"])
        #expect(both.steps.map(\.intent) == ["a", "b", "c", "d"])
        #expect(both.steps[2].after == ["s1", "s2"] && both.steps[3].after == ["s2-2"])
        #expect(both.ordered != nil && one.combined(with: one) == one)
    }

    @Test func `goals are rewritten once it was shown what becomes of the work, and not over somebody else's`()
        async throws
    {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let path = "/runs/\(bench.run)/goals"
            let page = try await bench.ask("GET", path, session: session)
            #expect(page.text.contains("the first note is there"))
            let (form, seen) = (try page.field("form"), try page.field("seen"))
            let first = try #require(try await bench.agency.state(of: bench.run).goals[0].goals.first)
            let rewritten = Goal(id: first.id, want: first.want + ", <i>soon</i>", check: first.check)
            let text = Declaration.printGoals([rewritten])
            func send(_ text: String, _ act: String, seen: String) async throws -> ConsoleBench.Answer {
                let looked = EditPage.digest(text)
                let fields = [
                    "form": form, "seen": seen, "text": text, "reason": "less", "act": act, "looked": looked,
                ]
                return try await bench.ask("POST", path, session: session, form: fields)
            }
            let broken = try await send("- want: nothing", "file", seen: seen)
            #expect(broken.status == 400 && broken.text.contains("goals:1"), "\(broken.text)")
            let looked = try await send(text, "look", seen: seen)
            #expect(looked.status == 200, "\(looked.text)")
            #expect(looked.text.contains("− last: the last note is there") && looked.text.contains("~ first: "))
            #expect(looked.text.contains("judged once more") && !looked.text.contains("<i>"))
            #expect(try await send(text, "file", seen: "0").status == 400)
            // What is filed is what was shown, and not what was typed after it.
            let unseen = [
                "form": form, "seen": seen, "text": text, "reason": "x", "act": "file",
                "looked": try looked.field("looked"),
            ]
            .merging(["text": text.replacing("soon", with: "late")]) { $1 }
            let refused = try await bench.ask("POST", path, session: session, form: unseen)
            #expect(refused.status == 400 && refused.text.contains("changed since"))
            #expect(try await bench.agency.state(of: bench.run).goals.count == 1)
            #expect(try await send(text, "file", seen: seen).status == 303)
            #expect(try await bench.agency.state(of: bench.run).goals.map(\.id) == ["first"])
            let last = try #require(try await bench.agency.events(of: bench.run).last)
            guard case .goalsEdited(let event) = last.event else { Issue.record("\(last)"); return }
            #expect(event.person == "ada" && event.reason == "less")
        }
    }
}
#endif
