// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

/// Track records from the command line.
@Suite struct RecordCommandTests {
    @Test func `what was forecast is counted when it is settled, and outcomes can be filed after the end`() async throws
    {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let before = try await bench.agency("record", "--json").json()
            let waiting = try #require(before["records"]?.array)
            #expect(!waiting.isEmpty && waiting.allSatisfy { $0["advisory"] == true })
            try await bench.choose("p1")
            _ = try await bench.agency("resume")
            try await bench.choose("p1.r1")
            #expect(try await bench.agency("resume").status == 0)
            func auditor() async throws -> JSONValue {
                let records = try await bench.agency("record", "--json").json()["records"]?.array ?? []
                return try #require(records.first { $0["role"]?.string == "auditor" })
            }
            let settled = try #require(try await auditor()["settled"]?.integer)
            #expect(settled >= 1)
            let told = try await bench.agency("record", "--role", "auditor")
            #expect(told.status == 0 && told.out.contains("Brier score"), "\(told.testDescription)")
            #expect(!told.out.contains("proposer"))
            // Nobody chose the other option; a person finds out what it would have come to.
            let filed = try await bench.agency(
                "settle",
                "latest",
                "--option",
                "p2",
                "--did-not",
                "--why",
                "tried by hand",
                "--as",
                "ada"
            )
            #expect(filed.status == 0, "\(filed.testDescription)")
            #expect(try await auditor()["settled"]?.integer == settled + 1)
            let again = try await bench.agency("settle", "latest", "--option", "p2", "--came-true", "--why", "it did")
            #expect(again.status == 0)
            #expect(try await auditor()["disputed"]?.integer == 1)
            #expect(try await bench.agency("verify").status == 0)
            #expect(try await bench.agency("replay").status == 0)

            #expect(try await bench.agency("record", "--html", "records.html").status == 0)
            let page = bench.text("records.html")
            #expect(page.contains("<svg") && page.contains("auditor") && !page.contains("<script"))
        }
    }

    @Test func `what nobody forecast cannot be settled, and bad words change nothing`() async throws {
        try await Bench.with { bench in
            #expect(try await bench.agency("record").status == 65)
            try await bench.beginAndWait()
            let events = try await bench.agency("events", "--json").out
            for bad in [
                ["--option", "p9", "--came-true"], ["--step", "s1", "--came-true"], ["--option", "p1"],
                ["--option", "p1", "--step", "s1", "--came-true"], ["--came-true"],
            ] {
                let answer = try await bench.agency(["settle", "latest", "--why", "w"] + bad)
                #expect([64, 65].contains(answer.status), "\(answer.testDescription)")
            }
            #expect(
                try await bench.agency("settle", "latest", "--option", "p1", "--came-true", "--why", " ").status == 65
            )
            #expect(try await bench.agency("events", "--json").out == events)
            #expect(try await bench.agency("record", "--role", "nobody").status == 65)
            #expect(try await bench.agency("record", "--last", "0").status == 64)
        }
    }
}
