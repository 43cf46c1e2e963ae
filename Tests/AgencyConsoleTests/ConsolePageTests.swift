// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@Suite struct ConsolePageTests {
    /// Texts that would do something if any page took them for more than text.
    private static let payloads = [
        "<script>fetch('/x')</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "'-alert(1)-'",
        "<a href=\"javascript:alert(1)\">x</a>", "</textarea><script>1</script>", "</title><script>1</script>",
        "<!--", "]]>", "{{constructor}}", "{{{raw}}}", "${7*7}", "<style>*{display:none}</style>", "&lt;script&gt;",
        "<iframe srcdoc='<script>1</script>'>", "<form action=//evil.example><button>Choose</button></form>",
        "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "<input name=verdict value=option>",
        "[x](javascript:alert(1))", "![x](https://evil.example/p.png)", "a\u{202E}b", "a\u{200B}b", "a\u{E0041}b",
        "\u{1B}[2J\u{1B}]8;;https://evil.example\u{7}x", "a\u{0}b", "\u{FEFF}x", "<math><mtext></mtext>", "<plaintext>",
    ]

    @Test func `nothing that a model wrote is more than text on any page`() async throws {
        let simulated = SimulatedRun(critique: 0)
        for (index, payload) in Self.payloads.enumerated() {
            let hostile: @Sendable (EpisodeID) -> JSONValue = { episode in
                let parts = episode.rawValue.split(separator: ".")
                guard parts.count > 1, parts[1] == "propose" else { return simulated.output(of: episode) }
                return SimulatedRun.proposal(
                    "T \(payload)",
                    SimulatedRun.steps(first: payload, second: payload, third: payload, forecast: 2),
                    assumptions: [payload],
                    dissent: payload
                )
            }
            try await ConsoleBench.with(simulated, output: hostile) { bench in
                let session = try await bench.signIn()
                let page = try await bench.ask("GET", "/runs/\(bench.run)", session: session)
                #expect(page.status == 200)
                // Tags of ours have names and values that are escaped: what is hostile can stand in none of them.
                let tags = page.text.matches(of: /<\/?([a-zA-Z!][a-zA-Z0-9-]*)/).map {
                    String($0.output.1).lowercased()
                }
                for tag in ["script", "img", "iframe", "base", "math", "plaintext"] {
                    #expect(tags.count { $0 == tag } == (tag == "script" ? 2 : 0), "\(index): \(payload)")
                }
                #expect(tags.count { $0 == "form" } == 8 && tags.count { $0 == "input" } == 8, "\(index): \(payload)")
                #expect(
                    !page.text.contains("onerror=alert(1)>") && !page.text.contains("\u{202E}"),
                    "\(index): \(payload)"
                )
                #expect(
                    page.text.unicodeScalars.allSatisfy { $0.value != 0x1B && $0.value != 0x200B && $0.value < 0xE0000 }
                )
                #expect(
                    page.text.matches(of: /<a [^>]*href="([^"]*)"/).allSatisfy {
                        $0.output.1.first.map { "/#".contains($0) } ?? false
                    }
                )
            }
        }
    }

    @Test func `the inbox says what waits, and leads there`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let inbox = try await bench.ask("GET", "/", session: session)
            let waiting = try #require(inbox.text.firstRange(of: "Waits for a person"))
            let link = try #require(inbox.text.firstRange(of: "href=\"/runs/\(bench.run)\""))
            let going = try #require(inbox.text.firstRange(of: "Under way"))
            #expect(waiting.lowerBound < link.lowerBound && link.lowerBound < going.lowerBound)
            #expect(inbox.text.contains("Write the three notes"))
            #expect(try await bench.ask("GET", "/?page=99999999999999999999", session: session).status == 200)
            #expect(try await bench.ask("GET", "/?page=-3", session: session).status == 200)
        }
    }

    @Test func `what is not there is said, to people and to programs`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            for path in [
                "/nothing", "/runs/none", "/runs/%00", "/runs/..%2f..%2fetc", "/runs/<script>",
                "/runs/none/live?after=0", "/runs/r-test/live?after=9223372036854775807", "/runs/r-test/live?after=-2",
            ] {
                let answer = try await bench.ask("GET", path, session: session)
                #expect((400...404).contains(answer.status), "\(path): \(answer.status)")
                #expect(answer.text.contains("<h1>"), "\(path)")
                #expect(!answer.text.contains("/<script>"), "\(path)")
            }
            for path in ["/api/runs/none/events", "/api/runs?limit=-1", "/api/runs?limit=1001", "/api/runs?from=x"] {
                let answer = try await bench.ask("GET", path, session: session)
                #expect((400...404).contains(answer.status), "\(path): \(answer.status)")
                #expect(try JSONValue(parsing: Array(answer.text.utf8))["error"]?.string?.isEmpty == false)
            }
        }
    }

    @Test func `programs read the runs and the events as they are recorded`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let runs = try JSONValue(
                parsing: Array(try await bench.ask("GET", "/api/runs", session: session).text.utf8)
            )
            #expect(runs["total"]?.integer == 1)
            #expect(runs["runs"]?.array?.first?["run"]?.string == bench.run.rawValue)
            let known = try await bench.agency.events(of: bench.run)
            let path = "/api/runs/\(bench.run)/events?from=3&limit=2"
            let events = try JSONValue(parsing: Array(try await bench.ask("GET", path, session: session).text.utf8))
            #expect(try events["events"]?.array == known[3..<5].map { try JSONValue(parsing: $0.storedBytes()) })
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what happens arrives while the page is open, from where the browser left off`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let last = try await bench.agency.state(of: bench.run).sequence
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(bench.port)/runs/\(bench.run)/live?after=0")
            request.headers.add(name: "host", value: bench.host)
            request.headers.add(name: "cookie", value: session)
            request.headers.add(name: "last-event-id", value: "\(last - 1)")
            let response = try await ConsoleBench.client.execute(request, timeout: .seconds(30))
            #expect(response.headers.first(name: "content-type") == "text/event-stream")
            var text = ""
            var isPaused = false
            for try await chunk in response.body {
                text += String(buffer: chunk)
                if text.contains("id: \(last)\n"), !isPaused {
                    isPaused = true
                    _ = try await bench.agency.pause(
                        bench.run,
                        by: ConsoleBench.person,
                        reason: "a\nid: 99\n\nevent: x"
                    )
                }
                if text.contains("id: \(last + 1)\n") { break }
            }
            request.headers.replaceOrAdd(name: "last-event-id", value: "\(last + 1)")
            let open = try await ConsoleBench.client.execute(request, timeout: .seconds(30))
            let ids = text.split(separator: "\n").filter { $0.hasPrefix("id: ") }
            // Nobody hears more who has signed out.
            let page = try await bench.ask("GET", "/", session: session)
            let form = ["form": try page.field("form")]
            #expect(try await bench.ask("POST", "/sign-out", session: session, form: form).status == 303)
            var rest = ""
            for try await chunk in open.body { rest += String(buffer: chunk) }
            #expect(!rest.contains("id: "))
            #expect(ids == ["id: \(last)", "id: \(last + 1)"])
            #expect(text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.allSatisfy { $0 == "event: record" })
        }
    }

    @Test func `an episode is shown in full, and every event page by page`() async throws {
        try await ConsoleBench.with { bench in
            let session = try await bench.signIn()
            let state = try await bench.agency.state(of: bench.run)
            let page = try await bench.ask("GET", "/runs/\(bench.run)", session: session)
            for record in state.episodeOrder.compactMap({ state.episodes[$0] }) {
                let path = EpisodePage.path(of: record.order.id, in: bench.run)
                #expect(page.text.contains("href=\"\(path)\""), "\(path)")
                let episode = try await bench.ask("GET", path, session: session)
                #expect(episode.status == 200 && episode.text.contains(record.prompt.digest.hex), "\(path)")
                #expect(!episode.text.contains("does not hold"), "\(path)")
            }
            #expect(try await bench.ask("GET", "/runs/\(bench.run)/episodes/none", session: session).status == 404)
            let events = try await bench.ask("GET", "/runs/\(bench.run)/events?from=2", session: session)
            #expect(events.text.contains("Events 2 to \(state.sequence) of \(state.sequence + 1)"))
            for odd in ["-1", "999999999999", "x"] {
                let answer = try await bench.ask("GET", "/runs/\(bench.run)/events?from=\(odd)", session: session)
                #expect(answer.status == 200, "\(odd)")
            }
        }
    }
}
#endif
