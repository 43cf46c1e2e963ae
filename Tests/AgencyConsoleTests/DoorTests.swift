// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyConsole
import AgencyCore
import AgencyRuntime
import AgencyTestKit
import Testing

/// Who gets in, and whose requests are looked at.
@Suite struct DoorTests {
    private static let routes = [
        ("GET", "/"), ("GET", "/runs/r-test"), ("POST", "/runs/r-test/choice"), ("GET", "/runs/r-test/live?after=0"),
        ("POST", "/sign-out"), ("POST", "/runs/r-test/question"), ("POST", "/runs/r-test/pause"), ("GET", "/api/runs"),
        ("GET", "/api/runs/r-test/events"),
    ]

    @Test func `nobody gets anything without being signed in`() async throws {
        try await ConsoleBench.with { bench in
            for (method, path) in Self.routes {
                for session in [nil, "__Host-agency=", "__Host-agency=" + String(repeating: "0", count: 64)] {
                    let answer = try await bench.ask(method, path, session: session, form: method == "POST" ? [:] : nil)
                    #expect(answer.status == 401, "\(method) \(path)")
                    #expect(!answer.text.contains("three notes"), "\(method) \(path)")
                }
            }
            let session = try await bench.signIn()
            for (method, path) in Self.routes where method == "GET" && !path.contains("live") {
                let answer = try await bench.ask(method, path, session: session)
                #expect(answer.status == 200, "\(method) \(path)")
                #expect(answer.text.contains("notes"), "\(method) \(path)")
            }
        }
    }

    @Test func `a link signs one person in once, within ten minutes, and looking at it does not use it up`()
        async throws
    {
        try await ConsoleBench.with { bench in
            let link = bench.console.makeLink(for: ConsoleBench.person)
            let word = String(try #require(link.split(separator: "=").last))
            for _ in 0..<3 { #expect(try await bench.ask("GET", link).text.contains("good for one sign-in")) }
            #expect(try await bench.ask("POST", "/sign-in", form: ["link": word]).status == 303)
            #expect(try await bench.ask("POST", "/sign-in", form: ["link": word]).status == 401)
            #expect(!(try await bench.ask("GET", link).text.contains("good for one sign-in")))
            let late = bench.console.makeLink(for: ConsoleBench.person)
            bench.clock.advance(by: .milliseconds(10 * 60 * 1000 + 1))
            let old = String(try #require(late.split(separator: "=").last))
            #expect(try await bench.ask("POST", "/sign-in", form: ["link": old]).status == 401)
            #expect(try await bench.ask("POST", "/sign-in", form: ["link": ""]).status == 401)
        }
    }

    @Test func `a session ends by signing out, by an idle hour, and after half a day`() async throws {
        try await ConsoleBench.with { bench in
            let first = try await bench.signIn()
            let page = try await bench.ask("GET", "/", session: first)
            #expect(try await bench.ask("POST", "/sign-out", session: first, form: ["form": "x"]).status == 403)
            let form = ["form": try page.field("form")]
            #expect(try await bench.ask("POST", "/sign-out", session: first, form: form).status == 303)
            #expect(try await bench.ask("GET", "/", session: first).status == 401)
            let idle = try await bench.signIn()
            bench.clock.advance(by: .milliseconds(60 * 60 * 1000 + 1))
            #expect(try await bench.ask("GET", "/", session: idle).status == 401)
            // What a page asks for by itself keeps nobody signed in.
            let away = try await bench.signIn()
            bench.clock.advance(by: .milliseconds(40 * 60 * 1000))
            #expect(try await bench.ask("GET", "/runs/r-test?unasked=1", session: away).status == 200)
            bench.clock.advance(by: .milliseconds(20 * 60 * 1000 + 1))
            #expect(try await bench.ask("GET", "/", session: away).status == 401)
            let busy = try await bench.signIn()
            for _ in 0..<24 {
                #expect(try await bench.ask("GET", "/", session: busy).status == 200)
                bench.clock.advance(by: .milliseconds(30 * 60 * 1000))
            }
            bench.clock.advance(by: .milliseconds(1))
            #expect(try await bench.ask("GET", "/", session: busy).status == 401)
        }
    }

    @Test func `another name for this machine, and forms that other pages send, are not looked at`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            for host in [
                "evil.example", "evil.example:\(bench.port)", "127.0.0.1:\(bench.port)", "localhost:\(bench.port)",
                "127.0.0.1:1",
                "agency-0000000000000000.localhost:\(bench.port)",
                "127.0.0.1.nip.io:\(bench.port)",
            ] {
                let answer = try await bench.ask("GET", "/", session: session, headers: ["host": host])
                #expect(answer.status == 421, "\(host)")
            }
            for site in ["cross-site", "same-site", "x"] {
                for path in ["/", "/runs/r-test", "/console.js", "/runs/r-test/live?after=0"] {
                    let answer = try await bench.ask("GET", path, session: session, headers: ["sec-fetch-site": site])
                    #expect(answer.status == 403, "\(site) \(path)")
                }
                #expect(try await bench.ask("GET", "/sign-in", headers: ["sec-fetch-site": site]).status == 200)
            }
            let form = try await bench.openForm(session).merging(["verdict": "none", "reason": "x"]) { $1 }
            let strangers: [[String: String]] = [
                ["origin": "https://evil.example"], ["origin": "null"],
                ["origin": "null", "sec-fetch-site": "cross-site"],
                ["origin": "http://127.0.0.1:1"], ["origin": bench.origin, "sec-fetch-site": "same-site"],
                ["origin": bench.origin + ".evil.example"],
            ]
            for headers in strangers {
                let answer = try await bench.ask(
                    "POST",
                    "/runs/\(bench.run)/choice",
                    session: session,
                    form: form,
                    headers: headers
                )
                #expect(answer.status == 403, "\(headers)")
            }
            #expect(try await bench.agency.state(of: bench.run).agenda() == .wait(.choice))
        }
    }

    @Test func `who asks for the head gets the head, and nothing is changed by it`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            for path in ["/", "/runs/r-test", "/nothing"] {
                let answer = try await bench.ask("HEAD", path, session: session)
                #expect(answer.text.isEmpty, "\(path)")
            }
        }
    }

    @Test func `every answer forbids what pages could be misused for`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            for path in [
                "/", "/sign-in", "/nothing", "/console.js", "/runs/r-test", "/runs/none", "/api/runs", "/api/none",
            ] {
                let answer = try await bench.ask("GET", path, session: session)
                let policy = try #require(answer["content-security-policy"], "\(path)")
                for part in [
                    "default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'",
                    "form-action 'self'",
                ] {
                    #expect(policy.contains(part), "\(path)")
                }
                #expect(answer["x-content-type-options"] == "nosniff" && answer["x-frame-options"] == "DENY")
                #expect(answer["referrer-policy"] == "no-referrer" && answer["cache-control"] == "no-store")
                #expect(answer.text.isEmpty == false, "\(path)")
            }
        }
    }
}
#endif
