// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct VotingTests {
    @Test func `a voted role shows its samples wherever a run is looked at`() async throws {
        try await Bench.with(trouble: "prose", in: "auditor.p1.v1") { bench in
            try bench.raiseFlag()
            let criteria = "criteria: [goal-fit, safety]"
            try bench.edit("board.yaml", criteria, criteria + "\n    vote: {ahead-by: 2, at-most: 6}")
            try await bench.beginAndWait()
            let shown = try await bench.agency("show", "latest")
            #expect(shown.out.contains("auditor: 2 ballots, 5 samples, 1 discarded"), "\(shown.testDescription)")
            let episode = try await bench.agency("show", "latest", "--episode", "0.evaluate.auditor.p1")
            #expect(episode.out.contains("ahead by 2, at most 6 samples: 2 votes 2, 1 discarded (ill-formed); decided"))
            #expect(episode.out.contains("✗ sample 1  ill-formed"))
            #expect(episode.out.contains("✓ sample 2  answer 1"))
            let report = try await bench.agency("report", "latest")
            #expect(
                report.out.contains("Votes: auditor: 2 ballots, 5 samples, 1 discarded"),
                "\(report.testDescription)"
            )
            #expect(report.out.contains("at most 6 samples: 2 votes 2"))
            try await bench.requireSound()
        }
    }

    @Test func `the worst case before a run counts every sample`() async throws {
        try await Bench.with { bench in
            let criteria = "criteria: [goal-fit, safety]"
            func tokens() async throws -> Int64 {
                let checked = try await bench.agency("check", "board.yaml", "--brief", "brief.md", "--json")
                return try #require(try checked.json()["bounds"]?["tokens"]?.integer)
            }
            let once = try await tokens()
            try bench.edit("board.yaml", criteria, criteria + "\n    vote: {majority: 5}")
            #expect(try await tokens() > once)
            try bench.edit("board.yaml", "{majority: 5}", "{majority: 5, at-most: 3}")
            let refused = try await bench.agency("check", "board.yaml")
            #expect(refused.status == 65)
            #expect(refused.out.contains("3 samples can never decide: at least 5 are needed"))
        }
    }
}
