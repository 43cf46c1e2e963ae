// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyLedger
import AgencyPerformers
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// What is told to places outside.
@Suite struct WebhookTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test func `a message is signed as others expect it`() throws {
        let hook = try Webhook(url: "https://example.org/x", secret: Array(Self.secret.utf8))
        let made = try hook.signature(
            of: #"{"test": 2432232314}"#,
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            seconds: 1_614_265_330
        )
        // The example of the Standard Webhooks specification.
        #expect(made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `an address that others could read on the way, and a secret that can be guessed, are refused`() throws {
        let good = Array(Self.secret.utf8)
        for url in [
            "http://example.org", "ftp://example.org", "https://", "https://a:b@example.org", "x",
            "http://127.0.0.1.evil.example",
        ] {
            #expect(throws: RuntimeError.self, "\(url)") { try Webhook(url: url, secret: good) }
        }
        for secret in ["", "short", "whsec_", "whsec_AAAA", "whsec_no base64 at all, however long it may be"] {
            #expect(throws: RuntimeError.self, "\(secret)") {
                try Webhook(url: "https://example.org", secret: Array(secret.utf8))
            }
        }
        _ = try Webhook(url: "http://127.0.0.1:9/x", secret: good)
    }

    @Test func `what waits, gives alarm and ends is told once, and nothing of what was over before`() {
        func row(_ run: RunID, _ status: String, _ events: Int, isDue: Bool = false) -> RunRow {
            RunRow(
                run: run,
                title: "<b>",
                architecture: "a",
                status: status,
                updatedAtMilliseconds: 0,
                startedAtMilliseconds: 0,
                events: events,
                isDue: isDue
            )
        }
        var board = AnnouncementBoard()
        let first = board.take([row("w", "choose", 9), row("o", "done", 9), row("g", "propose", 2, isDue: true)])
        #expect(first.map(\.kind) == [.waiting] && first[0].run == "w")
        #expect(board.take([row("w", "choose", 9), row("o", "done", 9), row("g", "propose", 3, isDue: true)]).isEmpty)
        let next = board.take([row("w", "enact", 11, isDue: true), row("g", "choose", 20)])
        #expect(next.map(\.run) == ["g"])
        let last = board.take([row("w", "done", 15), row("g", "choose", 20), row("n", "stopped", 3)])
        #expect(last.map(\.kind) == [.finished, .finished] && last.map(\.run) == ["w", "n"])
        #expect(board.take([row("w", "done", 16)]).isEmpty)
        #expect(board.take(alarms: 2, of: row("g", "choose", 20))?.alarms == 2)
        #expect(
            board.take(alarms: 2, of: row("g", "choose", 21)) == nil
                && board.take(alarms: 1, of: row("g", "x", 22)) == nil
        )
        #expect(board.take(alarms: 3, of: row("g", "choose", 23)) != nil)
        #expect(board.suspects([row("w", "done", 16), row("b", "enact", 1)]).map(\.run) == ["b"])
        #expect(AnnouncementBoard().suspects([row("a", "choose", 1), row("b", "done", 1)]).map(\.run) == ["a"])
    }

    /// Takes nothing at first, and then everything.
    private final class Outside: HTTPTransport {
        let seen = Mutex<[HTTPRequest]>([])
        let failures: Int

        init(failures: Int) { self.failures = failures }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            let count = seen.withLock { seen in
                seen.append(request)
                return seen.count
            }
            if count == 1 { throw RuntimeError(.unavailable, "refused") }
            return HTTPResponse(
                status: count <= failures ? 503 : 204,
                headers: [],
                body: AsyncThrowingStream { $0.finish() }
            )
        }
    }

    /// Waits no time at all.
    private struct HastyClock: Clock {
        let inner = ContinuousClock()
        var now: ContinuousClock.Instant { inner.now }
        var minimumResolution: Duration { inner.minimumResolution }
        func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
            // What is to be cut off after some seconds still is.
            try await inner.sleep(
                until: min(deadline, inner.now + .milliseconds(deadline - inner.now > .seconds(9) ? 2000 : 5))
            )
        }
    }

    @Test func `a place that does not answer is told again, the same, until it takes it`() async throws {
        try await ConsoleBench.with { bench in
            let outside = Outside(failures: 4)
            let hook = try Webhook(url: "https://example.org/x", secret: Array(Self.secret.utf8))
            let sender = WebhookSender(
                hooks: [hook],
                agency: bench.agency,
                briefs: RunBriefs(agency: bench.agency),
                transport: outside,
                now: { bench.clock.nowMilliseconds },
                clock: HastyClock(),
                onLoss: { Issue.record("\($0)") }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await sender.run() }
                func wait(_ count: Int) async throws -> [HTTPRequest] {
                    for _ in 0..<2000 {
                        let seen = outside.seen.withLock(\.self)
                        if seen.count >= count { return seen }
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    throw RuntimeError(.unavailable, "nothing more was told")
                }
                // The dissent that is on the sheet is told before that somebody is waited for.
                let first = try await wait(6)
                #expect(Set(first.prefix(5).map { $0.headers.value(of: "webhook-id") }).count == 1)
                let bodies = try first.prefix(6).map { try JSONValue(parsing: $0.body) }
                #expect(bodies[4]["type"] == "run.alarm" && bodies[5]["type"] == "run.waiting")
                #expect(bodies[5]["data"]?["run"] == "r-test")
                #expect(first[5].headers.value(of: "webhook-signature")?.hasPrefix("v1,") == true)
                #expect(!String(decoding: first[5].body, as: UTF8.self).contains("notes"))
                try await bench.agency.stop(bench.run, by: ConsoleBench.person, reason: "enough")
                #expect(try JSONValue(parsing: try await wait(7)[6].body)["type"] == "run.finished")
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
            }
        }
    }
}
#endif
