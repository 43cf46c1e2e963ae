// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

@Suite struct EndpointTests {
    /// How the endpoint misbehaves, the status that follows, and what is said.
    static let troubles: [(kind: String, status: Int32, said: String)] = [
        ("401", 77, "unauthorized: status 401"), ("500", 75, "overloaded: status 500"),
        ("529", 75, "overloaded: status 529"),
        ("404", 75, "status 404"), ("html", 75, "a page of HTML"),
        ("truncated", 69, "the connection ended before the answer did"),
        ("empty", 75, "empty: the answer holds nothing"), ("refusal", 75, "refusal: the performer declined"),
        ("huge", 75, "too-large"), ("invalid-utf8", 75, "is not UTF-8"), ("cut", 75, "cut-off"),
    ]

    @Test(arguments: troubles)
    func `an endpoint that misbehaves leaves a run that goes on when it behaves`(
        _ trouble: (kind: String, status: Int32, said: String)
    ) async throws {
        try await Self.withEndpoint { bench in
            try bench.write("mode", trouble.kind)
            // Ten megabytes take a busy machine longer than it may take to give up on an endpoint.
            if trouble.kind == "huge" { try bench.edit("council.yaml", "seconds: 2.5", "seconds: 60") }
            let begun = try await Self.begin(bench)
            // When the last try comes shortly before the end of the episode's time, it is that which has run out.
            let isLate = begun.status == 69 && begun.err.contains("timeout: ")
            if !isLate || !trouble.said.contains("overloaded") {
                #expect(begun.status == trouble.status, "\(begun.testDescription)")
                #expect(begun.err.contains(trouble.said), "\(begun.testDescription)")
            }
            #expect(begun.complaints.last?.contains("agency resume r-") == true || begun.err.contains("--again"))
            #expect(!begun.err.contains("secret-of-the-loopback"))
            try bench.write("mode", "fine")
            // An episode that has failed is tried again only on a person's word.
            let resumed = try await bench.resume(75, "--again")
            #expect(resumed.out.contains("p1  Split the names"), "\(resumed.testDescription)")
            try await bench.choose("p1")
            try await bench.resume(0)
            try await bench.requireSound()
        }
    }

    @Test func `an endpoint that asks to wait is waited for`() async throws {
        try await Self.withEndpoint { bench in
            try bench.write("mode", "429")
            let begun = try await Self.begin(bench)
            #expect(begun.status == 75, "\(begun.testDescription)")
            #expect(begun.out.contains("The run waits for a person's choice."))
            let usage = try await bench.state()["usage"]
            #expect(usage?["inputTokens"]?.integer == 300, "\(usage ?? .null)")
        }
    }

    @Test func `an endpoint that cannot be reached, and a key that is not there, are said to be so`() async throws {
        try await Self.withEndpoint { bench in
            try bench.write("mode", "fine")
            let good = bench.text("agency.yaml")
            try bench.write("agency.yaml", good.replacingOccurrences(of: "LOOPBACK_KEY", with: "NO_SUCH_KEY"))
            let keyless = try await Self.begin(bench)
            #expect(keyless.status == 77, "\(keyless.testDescription)")
            #expect(keyless.err.contains("the environment variable NO_SUCH_KEY is not set"))
            // Port 9 is that of the discard protocol, on which nobody listens.
            try bench.write(
                "agency.yaml",
                good.replacingOccurrences(of: #":[0-9]+/v1"#, with: ":9/v1", options: .regularExpression)
            )
            let alone = try await Self.begin(bench)
            #expect(alone.status == 69, "\(alone.testDescription)")
            #expect(alone.err.contains("unreachable"))
            try bench.write("agency.yaml", good)
            let resumed = try await bench.resume(75)
            #expect(resumed.out.contains("p1  Split the names"))
        }
    }

    private static func begin(_ bench: Bench) async throws -> Outcome {
        try await bench.agency("run", "brief.md", "-a", "council.yaml")
    }

    /// Has an endpoint on this machine for the length of a test; it does what the file “mode” says.
    private static func withEndpoint(_ test: @Sendable (Bench) async throws -> Void) async throws {
        try await Bench.with { place in
            var bench = place
            bench.variables["LOOPBACK_KEY"] = "secret-of-the-loopback"
            try bench.write("mode", "fine")
            let ready = bench
            try await ready.while("server.py", ["mode", "port"], until: { ready.text("port").hasSuffix("\n") }) {
                let port = ready.text("port").trimmingCharacters(in: .newlines)
                try ready.write(
                    "agency.yaml",
                    """
                    profiles:
                      model:
                        provider: openai
                        model: loopback-1
                        url: "http://127.0.0.1:\(port)/v1"
                        key-variable: LOOPBACK_KEY
                        output-tokens: 4000

                    """
                )
                try await test(ready)
            }
        }
    }
}
