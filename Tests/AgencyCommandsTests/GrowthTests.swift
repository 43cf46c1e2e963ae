// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct GrowthTests {
    @Test func `gc says what would go, and drops it only when told to`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let nothing = try await bench.agency("gc")
            #expect(nothing.status == 0, "\(nothing.testDescription)")
            #expect(nothing.out.contains("nothing in the ledger is there for nothing"))
            let whole = try await bench.agency("export", "--out", "file")
            #expect(whole.status == 0, "\(whole.testDescription)")
            let looked = try await bench.agency(
                "gc",
                "--json",
                "--snapshots",
                "--unfinished-imports",
                "--older-than",
                "0"
            )
            let found = try looked.json()
            #expect(found["dropped"]?.bool == false)
            #expect(found["artefacts"]?.array?.isEmpty == true)
            #expect(found["imports"]?.array?.isEmpty == true)
            try await bench.finish()
            let dropped = try await bench.agency(
                "gc",
                "--drop",
                "--snapshots",
                "--unfinished-imports",
                "--older-than",
                "0"
            )
            #expect(dropped.status == 0, "\(dropped.testDescription)")
            try await bench.requireSound()
            #expect(try await bench.agency("gc", "--older-than", "-1").status == 64)
        }
    }

    @Test func `the durability of long works is a word of the run that is on its record`() async throws {
        try await Bench.with { bench in
            let begun = try await bench.begin("--durability", "relaxed")
            #expect(begun.status == 75, "\(begun.testDescription)")
            let started = try #require(try await bench.events().first)
            #expect(started["body"]?["durability"]?.string == "relaxed")
            try await bench.choose("p1")
            try await bench.resume(75, "--durability", "full")
            #expect(try await bench.agency("resume", "--durability", "some").status == 64)
            let forked = try await bench.agency("fork", "--at", "4", "--hold")
            #expect(forked.status == 0, "\(forked.testDescription)")
            #expect(try await bench.events().first?["body"]?["durability"]?.string == "relaxed")
            try await bench.requireSound()
        }
    }

    @Test func `when no file can grow, the command says so and nothing is lost`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let before = try await bench.events().count
            let sheet = try await bench.sheet()
            // In blocks of 1,024 bytes; the log of the ledger begins with a header and its first page of 4 KiB.
            for blocks in [0, 1, 4] {
                let words = "choose --option p1 --shown \(sheet) --why best"
                let refused = try await bench.shell("trap '' XFSZ; ulimit -f \(blocks); exec \(Binary.agency) \(words)")
                #expect(
                    refused.status == 69 || refused.status == 70 || refused.status == 75,
                    "\(refused.testDescription)"
                )
                #expect(refused.status != 0)
                #expect(
                    refused.err.contains("ledger.sqlite") || refused.err.contains("cannot"),
                    "\(refused.testDescription)"
                )
            }
            #expect(try await bench.events().count == before)
            try await bench.requireSound()
            try await bench.finish()
            try await bench.requireSound()
        }
    }
}
