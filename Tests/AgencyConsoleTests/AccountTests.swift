// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// Who comes in, and as what.
@Suite struct AccountTests {
    private func link(_ text: String) throws -> String {
        let start = try #require(text.firstRange(of: "/sign-in?link="))
        return String(text[start.upperBound...].prefix { $0.isHexDigit })
    }

    @Test func `somebody who is invited sets a password, comes in with it, and is out when the account is`()
        async throws
    {
        try await ConsoleBench.with { bench in
            let admin = try await bench.signIn()
            func post(_ path: String, _ fields: [String: String]) async throws -> ConsoleBench.Answer {
                let form = try await bench.ask("GET", "/", session: admin).field("form")
                return try await bench.ask("POST", path, session: admin, form: fields.merging(["form": form]) { $1 })
            }
            for bad in ["", "a b", "a/b", "añ", String(repeating: "a", count: 65)] {
                #expect(try await post("/people", ["name": bad, "role": "reader"]).status == 400, "\(bad)")
            }
            #expect(try await post("/people", ["name": "ben", "role": "owner"]).status == 400)
            let made = try await post("/people", ["name": "ben", "role": "reader"])
            let word = try link(made.text)
            #expect(try await post("/people", ["name": "Ben", "role": "reader"]).status == 400)
            let page = try await bench.ask("GET", "/sign-in?link=\(word)")
            #expect(page.text.contains("invited as ben"))
            let short = ["link": word, "password": "short", "again": "short"]
            let refused = try await bench.ask("POST", "/sign-in", form: short)
            #expect(refused.status == 400 && refused.text.contains("12 characters"))
            let unlike = ["link": word, "password": ConsoleBench.password, "again": ConsoleBench.password + "x"]
            #expect(try await bench.ask("POST", "/sign-in", form: unlike).status == 400)
            let good = ["link": word, "password": ConsoleBench.password, "again": ConsoleBench.password]
            #expect(try await bench.ask("POST", "/sign-in", form: good).status == 303)
            #expect(try await bench.ask("POST", "/sign-in", form: good).status == 401)
            let kept = try #require(bench.accounts.read().person("ben")?.password)
            #expect(kept.cost == 1 << 17 && !"\(kept)".contains(ConsoleBench.password))
            let session = try await bench.signIn("ben", ConsoleBench.password)
            #expect(
                try await bench.ask("GET", "/runs/\(bench.run)", session: session).text.contains("id=\"choose\"")
                    == false
            )
            #expect(try await post("/people/role", ["name": "ben", "role": "chooser"]).status == 303)
            #expect(try await bench.ask("GET", "/runs/\(bench.run)", session: session).text.contains("id=\"choose\""))
            #expect(try await post("/people/remove", ["name": "ben"]).status == 303)
            #expect(try await bench.ask("GET", "/", session: session).status == 401)
            #expect(try await post("/people/remove", ["name": "ben"]).status == 404)
            let acts = try await bench.console.register.newest(100).reversed().map(\.act)
            #expect(acts == [.signedIn, .accountMade, .passwordSet, .signedIn, .signedIn, .roleSet, .accountRemoved])
            let checked = try await bench.agency.store.verify(run: Register.run)
            #expect(checked.isSound && checked.entriesChecked == acts.count)
            #expect(try await bench.agency.store.runs().map(\.run) == [bench.run])
        }
    }

    @Test func `who guesses passwords waits, and a name that there is not is no different`() async throws {
        try await ConsoleBench.with { bench in
            try bench.add("ben", .chooser)
            for name in ["ben", "nobody"] {
                for _ in 0..<5 {
                    let answer = try await bench.ask("POST", "/sign-in", form: ["name": name, "password": "wrong"])
                    #expect(
                        answer.status == 401 && answer.text.contains("The name or the password is wrong."),
                        "\(name)"
                    )
                }
                let right = ["name": name, "password": ConsoleBench.password]
                let answer = try await bench.ask("POST", "/sign-in", form: right)
                #expect(answer.status == 429, "\(name)")
            }
            // A link from the terminal gets in all the same.
            _ = try await bench.signIn()
            bench.clock.advance(by: .milliseconds(1001))
            _ = try await bench.signIn("ben", ConsoleBench.password)
            let refused = try await bench.console.register.newest(100).filter { $0.act == .refused }
            #expect(refused.count == 10 && Set(refused.map(\.person)) == ["ben", "a name that there is not"])
        }
    }

    @Test func `of very many refusals the first of each minute are recorded, and the rest counted`() {
        var refusals = Refusals()
        let first = (0..<50).map { refusals.take(at: Int64($0)) }
        #expect(first == Array(repeating: 0, count: 20) + Array(repeating: nil, count: 30))
        #expect(refusals.take(at: 60_000) == 30)
        #expect(refusals.take(at: 60_001) == 0)
    }

    @Test func `many guesses at once are no way round the wait`() async throws {
        try await ConsoleBench.with { bench in
            try bench.add("ben", .chooser)
            let answers = try await withThrowingTaskGroup(of: UInt.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        try await bench.ask("POST", "/sign-in", form: ["name": "ben", "password": "wrong"]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0 == 401 } == 5 && answers.count { $0 == 429 } == 7, "\(answers)")
        }
    }

    @Test func `the own password is changed by who knows it, and then signs in alone`() async throws {
        try await ConsoleBench.with { bench in
            try bench.add("ben", .reader)
            let session = try await bench.signIn("ben", ConsoleBench.password)
            let form = try await bench.ask("GET", "/account", session: session).field("form")
            let new = ["form": form, "password": "another horse battery", "again": "another horse battery"]
            let wrong = new.merging(["now": "wrong"]) { $1 }
            #expect(try await bench.ask("POST", "/account/password", session: session, form: wrong).status == 403)
            let right = new.merging(["now": ConsoleBench.password]) { $1 }
            #expect(try await bench.ask("POST", "/account/password", session: session, form: right).status == 303)
            #expect(try await bench.ask("GET", "/", session: session).status == 401)
            let old = ["name": "ben", "password": ConsoleBench.password]
            #expect(try await bench.ask("POST", "/sign-in", form: old).status == 401)
            _ = try await bench.signIn("ben", "another horse battery")
        }
    }

    @Test func `what others guess keeps nobody out for good, and names that there are not push none that there is out`()
    {
        var throttle = Throttle()
        let ben = Tokens.digest("ben")
        for _ in 0..<8 { throttle.fail(ben, at: 0, isKnown: true) }
        for number in 0..<20_000 { throttle.fail(Tokens.digest("\(number)"), at: 1_000_000, isKnown: false) }
        throttle.fail(ben, at: 10_000, isKnown: true)
        #expect(throttle.wait(for: ben, at: 10_000) == 16_000)
        throttle.takeBack(ben)
        throttle.succeed(ben)
        throttle.fail(ben, at: 0, isKnown: true)
        throttle.takeBack(ben)
        #expect(throttle.wait(for: ben, at: 0) == 0)
    }

    @Test func `a session ends with its password, whoever sets another and wherever`() async throws {
        try await ConsoleBench.with { bench in
            try bench.add("ben", .reader)
            let session = try await bench.signIn("ben", ConsoleBench.password)
            #expect(try await bench.ask("GET", "/", session: session).status == 200)
            // As another process would, which knows nothing of the sessions of this one.
            let salt = String(repeating: "a5", count: 16)
            let other = try PasswordHash.set(ConsoleBench.password, salt: salt, cost: 1 << 4).kept
            try bench.accounts.change { try $0.update("ben") { $0.password = other } }
            #expect(try await bench.ask("GET", "/", session: session).status == 401)
        }
    }

    @Test func `where much is at stake, letting go on and going back are done by who has just shown who they are`()
        async throws
    {
        var simulated = SimulatedRun(critique: 0)
        simulated.brief.stakes = .high
        try await ConsoleBench.with(simulated) { bench in
            try bench.add("ben", .chooser)
            let session = try await bench.signIn("ben", ConsoleBench.password)
            let form = try await bench.ask("GET", "/", session: session).field("form")
            func post(_ path: String, _ fields: [String: String] = [:]) async throws -> UInt {
                try await bench.ask("POST", path, session: session, form: fields.merging(["form": form]) { $1 }).status
            }
            bench.clock.advance(by: .milliseconds(Session.proof + 1))
            // Holding it back takes nothing.
            #expect(try await post("/runs/\(bench.run)/pause", ["reason": "wait"]) == 303)
            #expect(try await post("/runs/\(bench.run)/go-on") == 403)
            #expect(try await bench.agency.state(of: bench.run).status == .paused)
            #expect(try await post("/account/proof", ["proof": "wrong"]) == 403)
            #expect(try await post("/runs/\(bench.run)/go-on") == 403)
            #expect(try await post("/account/proof", ["proof": ConsoleBench.password]) == 303)
            #expect(try await post("/runs/\(bench.run)/go-on") == 303)
            #expect(try await bench.agency.state(of: bench.run).status == .running)
        }
    }

    @Test func `who says who may come in has just shown who they are`() async throws {
        try await ConsoleBench.with { bench in
            let admin = try await bench.signIn()
            bench.clock.advance(by: .milliseconds(Session.proof + 1))
            let form = try await bench.ask("GET", "/people", session: admin).field("form")
            let fields = ["form": form, "name": "eve", "role": "admin"]
            let answer = try await bench.ask("POST", "/people", session: admin, form: fields)
            #expect(answer.status == 403 && bench.accounts.read().people.isEmpty)
        }
    }

    @Test func `where much is at stake, an option takes the password or a new link once more`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.brief.stakes = .high
        try await ConsoleBench.with(simulated) { bench in
            try bench.add("ben", .chooser)
            let late = Session.proof + 1000
            func choose(
                _ session: String,
                _ change: [String: String],
                wait: Int64 = late
            ) async throws -> ConsoleBench.Answer {
                let form = try await bench.openForm(session, milliseconds: wait)
                    .merging(["verdict": "option", "option": "p1", "reason": "“because” & <b>"]) { $1 }.merging(change)
                { $1 }
                return try await bench.choose(session, form)
            }
            let ben = try await bench.signIn("ben", ConsoleBench.password)
            let asked = try await choose(ben, [:])
            #expect(asked.status == 403 && asked.text.contains("Much is at stake"))
            // What was typed is still there.
            #expect(asked.text.contains("“because” &amp; &lt;b&gt;</textarea>") && asked.text.contains("value=\"p1\""))
            #expect(try await choose(ben, ["proof": "wrong"]).status == 403)
            #expect(try await bench.agency.state(of: bench.run).choice == nil)
            let ada = try await bench.signIn()
            #expect(try await choose(ada, ["proof": ConsoleBench.password]).status == 403)
            let link = bench.console.makeLink(for: Person(name: "eve", identifiedBy: "x"))
            #expect(try await choose(ada, ["proof": bench.origin + link], wait: 5000).status == 403)
            #expect(try await bench.agency.state(of: bench.run).choice == nil)
            let form = try await bench.openForm(ada, milliseconds: late)
            let mine = bench.console.makeLink(for: ConsoleBench.person)
            let proven = form.merging([
                "verdict": "option", "option": "p1", "reason": "x", "proof": bench.origin + mine,
            ]) { $1 }
            #expect(try await bench.choose(ada, proven).status == 303)
            #expect(try await bench.agency.state(of: bench.run).choice?.choice.person == "ada")
        }
    }

    @Test func `a password is 12 characters or more, and what is kept of it fits no other`() throws {
        let salt = String(repeating: "0f", count: 16)
        #expect(throws: RuntimeError.self) { try PasswordHash.set("elevenchars", salt: salt, cost: 16) }
        #expect(throws: RuntimeError.self) { try PasswordHash.set("long enough it is", salt: "0f", cost: 16) }
        let made = try PasswordHash.set("long enough it is", salt: salt, cost: 16)
        let kept = made.kept
        #expect(try kept.shown("long enough it is")?.pad == made.pad)
        for other in ["long enough it is ", "Long enough it is", "", String(repeating: "x", count: 2000)] {
            #expect(try kept.shown(other) == nil)
        }
        let json = try JSONValue(encoding: kept)
        #expect(try json.decode(PasswordHash.self).shown("long enough it is") != nil)
    }

    @Test func `the longer somebody guesses, the longer they wait, up to a quarter of an hour`() {
        var throttle = Throttle()
        let ben = Tokens.digest("ben")
        var waits: [Int64] = []
        for _ in 0..<20 {
            throttle.fail(ben, at: 0, isKnown: true)
            waits.append(throttle.wait(for: ben, at: 0))
        }
        #expect(waits.prefix(8) == [0, 0, 0, 0, 1000, 2000, 4000, 8000])
        #expect(waits.last == Throttle.longest && throttle.wait(for: Tokens.digest("eve"), at: 0) == 0)
        throttle.succeed(ben)
        #expect(throttle.wait(for: ben, at: 0) == 0)
    }
}
#endif
