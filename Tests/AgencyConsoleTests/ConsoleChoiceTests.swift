// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import AgencyTestKit
import Testing

/// A choice in the browser: by whom it was shown to, of what was shown, once.
@Suite struct ConsoleChoiceTests {
    private func choices(_ bench: ConsoleBench) async throws -> [ChoiceRecorded] {
        try await bench.agency.events(of: bench.run).compactMap {
            if case .choiceRecorded(let event) = $0.event { event } else { nil }
        }
    }

    @Test func `what a person chooses is signed, enacted as it was shown, and says how they were known`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let shown = try #require(try await bench.agency.state(of: bench.run).sheet)
            let form = try await bench.openForm(session, milliseconds: 42_000)
            #expect(form["shown"] == shown.digest.hex)
            let option = shown.options[0].proposal
            let answer = try await bench.choose(
                session,
                form.merging([
                    "verdict": "option", "option": option.rawValue, "reason": "It is careful; “ça va” & <b>.",
                ]) { $1 }
            )
            #expect(answer.status == 303 && answer["location"] == "/runs/\(bench.run)")
            let made = try await choices(bench)
            let one = try #require(made.first)
            #expect(made.count == 1 && one.signature != nil)
            #expect(one.choice.verdict == .option(option) && one.choice.shown == shown.digest)
            #expect(one.choice.person == "ada" && one.choice.reason == "It is careful; “ça va” & <b>.")
            #expect(one.choice.identifiedBy == "a link in a test; the page was open for 42 s")
            let state = try await bench.agency.work(on: bench.run, cast: bench.cast, world: bench.simulated.makeWorld())
            #expect(!state.enactment.trials.isEmpty && state.anomalies.isEmpty)
        }
    }

    @Test func `whatever is not what was shown, to whom and now, chooses nothing`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let other = try await bench.signIn()
            let good = ["verdict": "option", "option": "p1", "reason": "because"]
            func expect(
                _ status: UInt,
                _ change: [String: String],
                as session: String,
                _ why: String,
                wait: Int64 = 5000
            ) async throws {
                let form = try await bench.openForm(session, milliseconds: wait).merging(good) { $1 }.merging(change) {
                    $1
                }
                #expect(try await bench.choose(session, form).status == status, "\(why)")
                #expect(try await choices(bench).isEmpty, "\(why)")
            }
            try await expect(403, ["form": "0"], as: session, "a form of no session")
            let theirs = try await bench.openForm(other)
            try await expect(403, ["form": try #require(theirs["form"])], as: session, "a form of another session")
            try await expect(409, ["view": try #require(theirs["view"])], as: session, "what was shown to another")
            try await expect(409, ["view": ""], as: session, "what was not shown")
            try await expect(409, ["shown": String(repeating: "0", count: 64)], as: session, "another sheet")
            try await expect(400, [:], as: session, "quicker than anybody reads", wait: 999)
            try await expect(400, ["reason": "  "], as: session, "no reason")
            try await expect(400, ["option": ""], as: session, "no option named")
            try await expect(400, ["option": "p9"], as: session, "an option that is not there")
            try await expect(400, ["verdict": "none"], as: session, "none, and one named")
            try await expect(400, ["verdict": "yes"], as: session, "no such verdict")
            for method in ["GET", "PUT", "DELETE", "HEAD"] {
                let form = try await bench.openForm(session).merging(good) { $1 }
                let query = form.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
                let answer = try await bench.ask(method, "/runs/\(bench.run)/choice?\(query)", session: session)
                #expect(answer.status >= 400, "\(method)")
            }
            let json = try await bench.ask(
                "POST",
                "/runs/\(bench.run)/choice",
                session: session,
                headers: ["content-type": "application/json"]
            )
            #expect(json.status == 415)
            #expect(try await choices(bench).isEmpty)
        }
    }

    @Test func `a form is answered once, and the first of two persons has chosen`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let other = try await bench.signIn()
            let mine = try await bench.openForm(session).merging(["verdict": "option", "option": "p1", "reason": "a"]) {
                $1
            }
            let theirs = try await bench.openForm(other).merging(["verdict": "option", "option": "p2", "reason": "b"]) {
                $1
            }
            #expect(try await bench.choose(session, mine).status == 303)
            let again = try await bench.choose(session, mine)
            #expect(again.status == 409 && again.text.contains("answered before"))
            let second = try await bench.choose(other, theirs)
            #expect(second.status == 409 && second.text.contains("does not wait for a choice"))
            #expect(try await choices(bench).map(\.choice.verdict) == [.option("p1")])
            let page = try await bench.ask("GET", "/runs/\(bench.run)", session: session)
            #expect(!page.text.contains("id=\"choose\""))
        }
    }

    @Test func `whoever mistypes a name answers the same page again, and lines end as they were typed`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let form = try await bench.openForm(session)
            let typed = ["verdict": "option", "reason": "one\r\ntwo\r\n\r\nfour"]
            let wrong = form.merging(typed) { $1 }.merging(["option": "p9"]) { $1 }
            let told = try await bench.choose(session, wrong)
            #expect(
                told.status == 400 && told.text.contains("value=\"p9\"") && told.text.contains("there is no option")
            )
            let right = form.merging(typed) { $1 }.merging(["option": "p1"]) { $1 }
            #expect(try await bench.choose(session, right).status == 303)
            #expect(try await choices(bench).map(\.choice.reason) == ["one\ntwo\n\nfour"])
        }
    }

    @Test func `of an option that nobody has judged, no page says that nobody objects`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let state = try await bench.agency.state(of: bench.run)
            let plan = try #require(state.proposals["p1"]).plan
            _ = try await bench.agency.addOption(
                plan,
                title: "Mine",
                from: "p1",
                to: bench.run,
                by: ConsoleBench.person,
                reason: "shorter"
            )
            _ = try await bench.agency.work(on: bench.run, cast: bench.cast, world: bench.simulated.makeWorld())
            let page = try await bench.ask("GET", "/runs/\(bench.run)", session: session)
            let card = try #require(
                page.text.split(separator: "<div class=\"card\">").last { $0.contains("#plan-p1.e1\"") }
            )
            #expect(card.contains("Not everybody who was to judge this option has"))
        }
    }

    @Test func `options that changed while the page was open are not chosen`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let form = try await bench.openForm(session).merging(["verdict": "option", "option": "p1", "reason": "a"]) {
                $1
            }
            let goals = bench.simulated.brief.goals
            _ = try await bench.agency.editGoals(
                [goals[0].goals[0]],
                in: bench.run,
                by: ConsoleBench.person,
                reason: "less"
            )
            _ = try await bench.agency.work(on: bench.run, cast: bench.cast, world: bench.simulated.makeWorld())
            let answer = try await bench.choose(session, form)
            #expect(answer.status == 409, "\(answer.text)")
            #expect(try await choices(bench).isEmpty)
        }
    }
}
#endif
