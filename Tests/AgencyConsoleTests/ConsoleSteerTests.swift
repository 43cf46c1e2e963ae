// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import AgencyTestKit
import Testing

@Suite struct ConsoleSteerTests {
    private func steer(
        _ bench: ConsoleBench,
        _ session: String,
        _ act: String,
        _ fields: [String: String] = [:]
    ) async throws -> UInt {
        let form = try await bench.ask("GET", "/", session: session).field("form")
        return try await bench.ask(
            "POST",
            "/runs/\(bench.run)/\(act)",
            session: session,
            form: fields.merging(["form": form]) { given, _ in given }
        ).status
    }

    @Test func `a run is paused, let go on and stopped, by whom and why`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            #expect(try await steer(bench, session, "pause", ["reason": "lunch"]) == 303)
            #expect(try await bench.agency.state(of: bench.run).status == .paused)
            #expect(try await steer(bench, session, "go-on") == 303)
            #expect(try await bench.agency.state(of: bench.run).status == .running)
            #expect(try await steer(bench, session, "stop", ["reason": " "]) == 400)
            #expect(try await steer(bench, session, "stop", ["reason": "x", "form": "0"]) == 403)
            #expect(try await bench.agency.state(of: bench.run).status == .running)
            #expect(try await steer(bench, session, "stop", ["reason": "it is enough"]) == 303)
            #expect(try await steer(bench, session, "go-on") == 409)
            let last = try #require(try await bench.agency.events(of: bench.run).last)
            guard case .runStopped(let event) = last.event else { Issue.record("\(last)"); return }
            #expect(event.person == "ada" && event.identifiedBy == "a link in a test" && event.reason == "it is enough")
            let page = try await bench.ask("GET", "/runs/\(bench.run)", session: session)
            #expect(!page.text.contains("id=\"steer\""))
        }
    }

    @Test func `a question is put to the explainer, and its answer is shown`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let form = try await bench.ask("GET", "/runs/\(bench.run)", session: session).field("form")
            let path = "/runs/\(bench.run)/question"
            #expect(
                try await bench.ask("POST", path, session: session, form: ["form": form, "question": " "]).status == 400
            )
            let asked = ["form": form, "question": "What if <b>it</b> rains?"]
            #expect(try await bench.ask("POST", path, session: session, form: asked).status == 303)
            _ = try await bench.agency.work(on: bench.run, cast: bench.cast, world: bench.simulated.makeWorld())
            let page = try await bench.ask("GET", "/runs/\(bench.run)", session: session)
            #expect(page.text.contains("What if &lt;b&gt;it&lt;/b&gt; rains?"))
            #expect(page.text.contains("The options differ little."))
        }
    }
}
#endif
