// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct StockTests {
    @Test func `the change board carries a change through all of its roles`() async throws {
        try await Bench.with { bench in
            let begun = try await bench.begin(architecture: "change-board")
            #expect(begun.status == 75, "\(begun.testDescription)")
            let state = try await bench.state()
            #expect(state["options"]?.array?.count == 3)
            #expect(state["options"]?.array?.first?["evaluations"]?.array?.count == 3)
            try await bench.finish()
            #expect(bench.text("ws/list.txt").hasPrefix("Ada|Lovelace\n"))
            try await bench.requireSound()
        }
    }

    @Test func `advice needs no workspace and ends with the choice`() async throws {
        try await Bench.with { bench in
            let begun = try await bench.agency("run", "brief.md", "-a", "advice")
            #expect(begun.status == 75, "\(begun.testDescription)")
            try await bench.choose("p2")
            let ended = try await bench.resume(0)
            #expect(ended.err.contains("p2 was chosen; nothing was to be enacted"))
            #expect(try await bench.git("status", "--short") == "")
            #expect(try await bench.agency("revert", "--to", "start").status == 75)
            try await bench.requireSound()
        }
    }

    @Test func `the change board asks for the directory that it is to work on`() async throws {
        try await Bench.with { bench in
            let refused = try await bench.agency("run", "brief.md")
            #expect(refused.status == 65)
            #expect(refused.complaints.count == 1)
            #expect(refused.err.contains("-w"))
        }
    }
}
