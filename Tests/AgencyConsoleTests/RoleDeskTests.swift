// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// People who play roles at the desk.
@Suite struct RoleDeskTests {
    /// Has the auditor of a run asked anew, by somebody at the desk.
    private func playing(
        _ body: @escaping @Sendable (ConsoleBench, RoleDesk) async throws -> Void
    ) async throws {
        try await ConsoleBench.with { bench in
            let roles = bench.roles
            let simulated = bench.simulated
            let cast = Cast(
                everyone: Troupe(desk: roles, others: simulated.makePerformer()),
                in: simulated.architecture
            )
            _ = try await bench.agency.editGoals(
                [simulated.brief.goals[0].goals[0]],
                in: bench.run,
                by: ConsoleBench.person,
                reason: "less"
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try await bench.agency.work(on: bench.run, cast: cast, world: simulated.makeWorld())
                }
                try await body(bench, roles)
                try await group.waitForAll()
            }
        }
    }

    /// A person plays the auditor, and a script everybody else.
    private struct Troupe: Performer {
        let desk: RoleDesk
        let others: ScriptedPerformer
        var about: String { "some" }
        func respond(to request: TurnRequest) async throws -> Turn {
            request.role == "auditor" ? try await desk.respond(to: request) : try await others.respond(to: request)
        }
    }

    private func waiting(_ roles: RoleDesk, _ count: Int) async throws -> [RoleDesk.Part] {
        for _ in 0..<2000 {
            let parts = roles.waiting
            if parts.count >= count { return parts }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw RuntimeError(.unavailable, "nobody was asked")
    }

    @Test func `an episode is a form of its shape, what is wrong is said, and the answer is the person's`() async throws
    {
        try await playing { bench, roles in
            let session = try await bench.signIn()
            let form = try await bench.ask("GET", "/", session: session).field("form")
            var isFirst = true
            for _ in 0..<3 {
                let part = try await waiting(roles, 1)[0]
                let path = RolePage.path(part.request)
                #expect(try await bench.ask("GET", "/", session: session).text.contains(path))
                let page = try await bench.ask("GET", path, session: session)
                #expect(page.status == 200 && page.text.contains("You play auditor"))
                #expect(page.text.contains("the first note is there"))
                let right = bench.simulated.output(of: part.request.episode)
                if isFirst {
                    let broken = ["form": form, "part": part.number, "json": "{"]
                    #expect(try await bench.ask("POST", path, session: session, form: broken).status == 400)
                    let odd = try await bench.ask(
                        "POST",
                        path,
                        session: session,
                        form: ["form": form, "part": part.number, "json": #"{"a": "<b>"}"#]
                    )
                    #expect(odd.status == 400 && odd.text.contains("&lt;b&gt;"), "\(odd.text)")
                    #expect(roles.part(part.request.episode, of: bench.run) != nil)
                    isFirst = false
                }
                let good = ["form": form, "part": try page.field("part"), "json": right.canonicalText]
                #expect(try await bench.ask("POST", path, session: session, form: good).status == 303)
                #expect(try await bench.ask("POST", path, session: session, form: good).status == 409)
            }
        }
    }

    @Test func `fields make the answer, and a field that is none says so`() throws {
        let request = TurnRequest(
            run: "r",
            episode: "e",
            role: "auditor",
            messages: [],
            output: JSONSchema([
                "type": "object", "required": ["score", "why", "kind"], "additionalProperties": false,
                "properties": [
                    "score": ["type": "number", "minimum": 0, "maximum": 1], "why": ["type": "string"],
                    "kind": ["type": "string", "enum": ["a", "b"]], "sure": ["type": "boolean"],
                    "points": ["type": "array", "items": ["type": "string"]],
                ],
            ]),
            outputTokens: 100,
            seconds: 60
        )
        let good = [
            "say.score": "0.5", "say.why": "one\ntwo", "say.kind": "b", "say.points": " x \n\ny\n", "say.sure": "",
        ]
        let (value, complaints) = RolePage.answer(good, to: request)
        #expect(complaints.isEmpty)
        #expect(value == ["score": 0.5, "why": "one\ntwo", "kind": "b", "points": ["x", "y"]])
        let bad = RolePage.answer(["say.score": "much", "say.why": "x", "say.kind": ""], to: request)
        #expect(bad.value == nil && bad.complaints.count == 2, "\(bad.complaints)")
    }

    @Test func `whoever is asked no more cannot answer`() async throws {
        let roles = RoleDesk(now: { 0 })
        let request = TurnRequest(
            run: "r",
            episode: "e",
            role: "x",
            messages: [],
            output: .any,
            outputTokens: 1,
            seconds: 60
        )
        let asked = Task { try await roles.respond(to: request) }
        let part = try await waiting(roles, 1)[0]
        #expect(part.askedAt == 0)
        asked.cancel()
        await #expect(throws: CancellationError.self) { try await asked.value }
        #expect(roles.waiting.isEmpty && roles.answer("x", for: part, by: "ada") == nil)
        // Neither does an answer to the one question go to the next.
        let again = Task { try await roles.respond(to: request) }
        let next = try await waiting(roles, 1)[0]
        #expect(roles.answer("x", for: part, by: "ada") == nil && roles.waiting.count == 1)
        #expect(roles.answer("y", for: next, by: "ada") == [])
        #expect(try await again.value.performer == "ada, at the decision desk")
    }
}
#endif
