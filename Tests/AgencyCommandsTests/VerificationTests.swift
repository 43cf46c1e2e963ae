// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct VerificationTests {
    @Test func `one flipped bit anywhere is found, and the first bad event is named`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.finish()
            let events = try await bench.events().count
            let spoilt = [
                ("bytes", 0, 3), ("bytes", 7, 1001), ("bytes", events / 2, 777), ("bytes", events - 1, 12),
                ("hash", 0, 0), ("hash", 9, 255), ("hash", events - 1, 100), ("artefact", 0, 5), ("artefact", 11, 9999),
            ]
            for (column, number, bit) in spoilt {
                let what = "\(column) \(number) \(bit)"
                if bench.exists("spoilt") { try bench.remove("spoilt") }
                try FileManager.default.createDirectory(
                    atPath: bench.root + "/spoilt",
                    withIntermediateDirectories: true
                )
                try await bench.script(
                    "ledger.py",
                    bench.ledger,
                    "flip",
                    "spoilt/ledger.sqlite",
                    column,
                    "\(number)",
                    "\(bit)"
                )
                let verified = try await bench.agency("verify", "--home", "spoilt")
                #expect(verified.status == 65, "\(what): \(verified.testDescription)")
                #expect(verified.out.contains("✗ event "), "\(what)")
                if column == "bytes" {
                    #expect(verified.out.contains("✗ event \(number):"), "\(what): \(verified.out)")
                }
                if column == "hash" {
                    // What is wrong with a hash shows at its event, at the latest at the one that follows.
                    let named = (number...number + 1).contains { verified.out.contains("✗ event \($0):") }
                    #expect(named, "\(what): \(verified.out)")
                }
                let told = try await bench.agency("verify", "--json", "--home", "spoilt").json()
                #expect(told["faults"]?.array?.isEmpty == false)
            }
            try await bench.requireSound()
        }
    }

    @Test func `the report of a spoilt ledger says that it is spoilt`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try FileManager.default.createDirectory(atPath: bench.root + "/spoilt", withIntermediateDirectories: true)
            try await bench.script("ledger.py", bench.ledger, "flip", "spoilt/ledger.sqlite", "hash", "4", "6")
            let report = try await bench.agency("report", "--home", "spoilt")
            if report.status == 0 {
                #expect(report.out.contains("✗ event"), "\(report.testDescription)")
            } else {
                #expect(report.status == 65, "\(report.testDescription)")
            }
        }
    }

    @Test func `the ledger of a later version is left to a later program`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let version = try await bench.shell("sqlite3 \(bench.ledger) 'PRAGMA user_version'").out
            let later = try await bench.shell("sqlite3 \(bench.ledger) 'PRAGMA user_version = 999'")
            try #require(later.status == 0, "\(later.testDescription)")
            for command in [["status"], ["verify"], ["resume"], ["worker", "--until-idle"], ["migrate", "home", "x"]] {
                let refused = try await bench.agency(command)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
                #expect(refused.err.contains("later"), "\(refused.testDescription)")
            }
            #expect(!bench.exists("x"))
            let earlier = try await bench.shell("sqlite3 \(bench.ledger) 'PRAGMA user_version = \(version)'")
            try #require(earlier.status == 0, "\(earlier.testDescription)")
            try await bench.requireSound()
        }
    }

    @Test func `a file that is no ledger, and none at all, are said to be so`() async throws {
        try await Bench.with { bench in
            for command in [
                ["status"], ["verify"], ["show"], ["resume"], ["events"], ["report"], ["pause"], ["goal", "list"],
            ] {
                let none = try await bench.agency(command)
                #expect(none.status == 65, "\(none.testDescription)")
                #expect(none.complaints.count == 1)
                #expect(none.err.contains("there is no ledger in \(bench.home); start a run with: agency run BRIEF"))
            }
            #expect(!bench.exists("home"))
            try FileManager.default.createDirectory(atPath: bench.home, withIntermediateDirectories: true)
            let strangers = ["A letter, and not a database, though long enough for one.", ""]
            for text in strangers {
                try bench.write("home/ledger.sqlite", text)
                let refused = try await bench.agency(text.isEmpty ? ["status", "nobody"] : ["status"])
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
                if !text.isEmpty { #expect(bench.text("home/ledger.sqlite") == text) }
            }
            try bench.remove("home/ledger.sqlite")
            try await bench.script("shop.py", bench.ledger)
            for command in [["status"], ["run", "brief.md", "-a", "board.yaml", "-w", "ws"]] {
                let refused = try await bench.agency(command)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.err.contains("is a database of another program"))
            }
        }
    }
}
