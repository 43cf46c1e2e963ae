// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

/// What each may do, by the table of routes.
@Suite struct AccessTests {
    /// What is in the way of an answer, if anything: nobody is known, or they may not.
    private enum Bar { case unknown, forbidden }

    private func bar(
        _ bench: ConsoleBench,
        _ rule: RouteRule,
        as who: [String: String],
        form: String
    ) async throws -> Bar? {
        let path = rule.path.replacing(":run", with: bench.run.rawValue).replacing(":episode", with: "none")
        let isProgram = rule.path.hasPrefix("/api/")
        let answer = try await bench.ask(
            rule.method,
            rule.path.hasSuffix("/live") ? path + "?after=x" : path,
            form: rule.method == "POST" && !isProgram ? ["form": form] : nil,
            json: rule.method == "POST" && isProgram ? [:] : nil,
            headers: who
        )
        #expect(answer.status < 500, "\(rule) \(answer.text)")
        if answer.status == 401 || answer.status == 403 && answer.text.contains("was not looked at") { return .unknown }
        let isBarred = ["You may not do this", "below /api", "takes a program"].contains { answer.text.contains($0) }
        return answer.status == 403 && isBarred ? .forbidden : nil
    }

    @Test func `every route answers whom it says, and nobody else`() async throws {
        try await ConsoleBench.with { bench in
            let rules = bench.console.rules.filter { $0.path != "/sign-out" }
            #expect(rules.count > 20)
            #expect(
                Set(rules.filter { $0.permission == nil }.map(\.path)) == [
                    "/sign-in", "/console.css", "/console.js", "/icon.svg", "/api/openapi.json",
                ]
            )
            for role in Account.Role.allCases {
                try bench.add(role.rawValue, role)
                for rule in rules {
                    guard let permission = rule.permission else { continue }
                    let session = try await bench.signIn(role.rawValue, ConsoleBench.password)
                    let form = try await bench.ask("GET", "/", session: session).field("form")
                    let found = try await bar(bench, rule, as: ["cookie": session], form: form)
                    let isForProgram = rule.method == "POST" && rule.path.hasPrefix("/api/")
                    #expect(
                        found == (role.grants.contains(permission) && !isForProgram ? nil : .forbidden),
                        "\(role) \(rule)"
                    )
                }
            }
            for mayHold in [false, true] {
                let shown = try bench.addProgram("p\(mayHold)", mayHold: mayHold)
                for rule in rules where rule.permission != nil {
                    let found = try await bar(bench, rule, as: shown, form: "")
                    let isForPrograms = rule.path.hasPrefix("/api/")
                    let may = rule.permission == .see || mayHold && rule.permission == .hold
                    // On pages, a token says nothing.
                    #expect(found == (isForPrograms ? may ? nil : .forbidden : .unknown), "\(mayHold) \(rule)")
                }
            }
            for who in [
                [:], ["authorization": "Bearer x"], ["authorization": "Basic YTpi"], ["cookie": "__Host-agency=x"],
            ] {
                for rule in rules where rule.permission != nil {
                    #expect(try await bar(bench, rule, as: who, form: "") == .unknown, "\(who) \(rule)")
                }
            }
        }
    }

    @Test func `a token opens nothing but what is for programs, and nobody reads the register as if it were a run`()
        async throws
    {
        try await ConsoleBench.with { bench in
            let odd = ["authorization": "Bearer x", "host": "127.0.0.1:\(bench.port)"]
            #expect(try await bench.ask("GET", "/sign-in", headers: odd).status == 421)
            #expect(try await bench.ask("POST", "/sign-in", form: ["name": "ben"], headers: odd).status == 421)
            let session = try await bench.signIn()
            let reads = try bench.addProgram("watcher", mayHold: false)
            #expect(try await bench.ask("GET", "/api/runs/\(Register.run)/events", headers: reads).status == 404)
            #expect(try await bench.ask("GET", "/api/runs/\(Register.run)/live?after=-1", headers: reads).status == 404)
            #expect(try await bench.ask("GET", "/runs/\(Register.run)/events", session: session).status == 404)
        }
    }

    @Test func `what is sent is taken by the role that its sender has when all of it has arrived`() async throws {
        try await ConsoleBench.with { bench in
            try bench.add("ben", .chooser)
            let session = try await bench.signIn("ben", ConsoleBench.password)
            let form = try await bench.ask("GET", "/", session: session).field("form")
            let body = "form=\(form)&reason=late"
            let (parts, more) = AsyncStream<ByteBuffer>.makeStream()
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(bench.port)/runs/\(bench.run)/pause")
            request.method = .POST
            request.headers.add(name: "host", value: bench.host)
            request.headers.add(name: "origin", value: bench.origin)
            request.headers.add(name: "cookie", value: session)
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .stream(parts, length: .known(Int64(body.utf8.count)))
            more.yield(ByteBuffer(string: String(body.prefix(10))))
            let sent = request
            async let answer = ConsoleBench.client.execute(sent, timeout: .seconds(30))
            try await Task.sleep(for: .milliseconds(300))
            try bench.accounts.change { try $0.update("ben") { $0.role = .reader } }
            more.yield(ByteBuffer(string: String(body.dropFirst(10))))
            more.finish()
            #expect(try await answer.status.code == 403)
            #expect(try await bench.agency.state(of: bench.run).status == .running)
        }
    }

    @Test func `what programs can ask for is described, and nothing else is`() async throws {
        try await ConsoleBench.with { bench in
            let answer = try await bench.ask("GET", "/api/openapi.json")
            let paths = try #require(JSONValue(parsing: Array(answer.text.utf8))["paths"]?.object)
            let described = paths.flatMap { path, methods in
                (methods.object ?? [:]).filter { $0.key != "parameters" }.map { "\($0.key.uppercased()) \(path)" }
            }
            let there = bench.console.rules.filter { $0.path.hasPrefix("/api/") }
                .map {
                    "\($0.method) \($0.path.replacing(":run", with: "{run}").replacing(":digest", with: "{digest}"))"
                }
            #expect(Set(described) == Set(there) && described.count == there.count)
        }
    }

    /// A program files an option, which stands beside the others and is chosen by nobody.
    private static func fileOption(
        _ bench: ConsoleBench,
        reads: [String: String],
        holds: [String: String]
    ) async throws {
        _ = try await bench.agency.letGoOn(bench.run, by: ConsoleBench.person)
        let path = "/api/runs/\(bench.run)/options"
        var changed = try #require(try await bench.agency.state(of: bench.run).options.first).plan
        let same = try JSONValue(encoding: changed)
        changed.assumptions.append("nobody hurries")
        let good: JSONObject = ["from": "p1", "plan": try JSONValue(encoding: changed), "reason": "to see"]
        #expect(try await bench.ask("POST", path, json: .object(good), headers: reads).status == 403)
        for (name, value) in [("plan", "none"), ("plan", same), ("from", "p9"), ("reason", .null)]
            as [(String, JSONValue)]
        {
            var bad = good
            bad[name] = value
            let answer = try await bench.ask("POST", path, json: .object(bad), headers: holds)
            #expect([400, 404].contains(answer.status), "\(name): \(answer.text)")
        }
        let answer = try await bench.ask("POST", path, json: .object(good), headers: holds)
        #expect(answer.status == 200 && answer.text.contains("p1.e1"), "\(answer.text)")
        let state = try await bench.agency.state(of: bench.run)
        #expect(state.options.first { $0.id == "p1.e1" }?.title.hasSuffix("(edited by program guard)") == true)
        #expect(state.choice == nil)
        let report = try await bench.ask("GET", "/api/runs/\(bench.run)/report", headers: reads)
        #expect(report.status == 200 && report.text.contains("p1.e1"))
        let episode = try #require(state.episodes.values.first)
        let stored = try await bench.ask("GET", "/api/artefacts/\(episode.prompt.digest.hex)", headers: reads)
        #expect(stored.status == 200 && stored["content-disposition"] == "attachment" && !stored.text.isEmpty)
        for digest in ["0", String(repeating: "0", count: 64), "..%2f"] {
            #expect(try await bench.ask("GET", "/api/artefacts/\(digest)", headers: reads).status == 404)
        }
    }

    @Test func `nothing that a program may do lets work go on`() {
        let program = ProgramToken(name: "x", word: Digest(of: "x"), mayHold: true, madeBy: "ada")
        #expect(program.grants == [.see, .hold])
    }

    private static func settle(_ bench: ConsoleBench, reads: [String: String]) async throws {
        let settles = try bench.addProgram("watch", mayHold: false, maySettle: true)
        let path = "/api/runs/\(bench.run)/outcomes"
        let option = try #require(try await bench.agency.state(of: bench.run).options.first?.id)
        let good: JSONValue = ["option": .string(option.rawValue), "outcome": false, "reason": "taken back on Tuesday"]
        #expect(try await bench.ask("POST", path, json: good, headers: reads).status == 403)
        let bad: [JSONValue] = [
            ["outcome": false, "reason": "r"], ["option": "p1", "step": "s1", "outcome": false, "reason": "r"],
            ["option": "p1", "outcome": "no", "reason": "r"], ["option": "p1", "outcome": false, "reason": " "],
            ["step": "s1", "forecast": 0, "outcome": false, "reason": "r"],
        ]
        for body in bad { #expect(try await bench.ask("POST", path, json: body, headers: settles).status == 400) }
        let unknown: JSONValue = ["option": "p99", "outcome": true, "reason": "r"]
        #expect(try await bench.ask("POST", path, json: unknown, headers: settles).status == 404)
        #expect(try await bench.ask("POST", path, json: good, headers: settles).status == 200)
        let filed = try await bench.agency.state(of: bench.run).outcomes
        #expect(filed.map(\.person) == ["program watch"] && filed.map(\.outcome) == [false])
        // What it may say is all that it may do.
        let pause = "/api/runs/\(bench.run)/pause"
        #expect(try await bench.ask("POST", pause, json: ["reason": "r"], headers: settles).status == 403)
    }

    @Test func `a program reads by any name of this machine, holds work back, and is named on the record`() async throws
    {
        try await ConsoleBench.with { bench in
            let reads = try bench.addProgram("watcher", mayHold: false)
            let holds = try bench.addProgram("guard", mayHold: true)
            for host in ["127.0.0.1:\(bench.port)", "localhost:\(bench.port)", bench.host] {
                let answer = try await bench.ask("GET", "/api/runs", headers: reads.merging(["host": host]) { $1 })
                #expect(answer.status == 200 && answer.text.contains("r-test"), "\(host)")
            }
            #expect(
                try await bench.ask("GET", "/api/runs", headers: reads.merging(["host": "evil.example"]) { $1 }).status
                    == 421
            )
            let foreign = holds.merging(["origin": "https://evil.example"]) { $1 }
            let pause = "/api/runs/\(bench.run)/pause"
            #expect(try await bench.ask("POST", pause, json: ["reason": "odd"], headers: foreign).status == 403)
            #expect(try await bench.ask("POST", pause, json: ["reason": ""], headers: holds).status == 400)
            #expect(try await bench.ask("POST", pause, json: ["reason": "odd"], headers: reads).status == 403)
            #expect(try await bench.agency.state(of: bench.run).status == .running)
            #expect(try await bench.ask("POST", pause, json: ["reason": "odd"], headers: holds).status == 200)
            #expect(try await bench.agency.state(of: bench.run).status == .paused)
            let last = try #require(try await bench.agency.events(of: bench.run).last)
            guard case .runPaused(let event) = last.event else { Issue.record("\(last)"); return }
            #expect(
                event.person == "program guard" && event.identifiedBy == "a token that ada made"
                    && event.reason == "odd"
            )
            try await Self.fileOption(bench, reads: reads, holds: holds)
            try await Self.settle(bench, reads: holds)
            try bench.accounts.change { try $0.remove(program: "guard") }
            #expect(try await bench.ask("GET", "/api/runs", headers: holds).status == 401)
        }
    }
}
#endif
