// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct CheckTests {
    private static let choice = "  - choose:   {by: person, expires: 24h, returns: 1}\n"

    @Test func `a dangerous architecture is refused by check and by run, before anything is performed`() async throws {
        try await Bench.with { bench in
            try bench.edit("board.yaml", Self.choice, "")
            let checked = try await bench.agency("check", "board.yaml")
            #expect(checked.status == 65, "\(checked.testDescription)")
            #expect(checked.out.contains("board.yaml:55:5: error OA011: no effect without a choice"))
            #expect(checked.out.contains("\n  fix: "))
            #expect(checked.err == "")
            let refused = try await bench.begin()
            #expect(refused.status == 65, "\(refused.testDescription)")
            #expect(refused.err.contains("board.yaml:55:5: no effect without a choice"))
            #expect(refused.err.contains("[OA011]"))
            #expect(bench.performances.isEmpty)
            #expect(!bench.exists("home/ledger.sqlite"))
        }
    }

    @Test func `warnings are told, put on the record and shown at the choice`() async throws {
        try await Bench.with { bench in
            let checked = try await bench.agency("check", "board.yaml", "--profiles", "agency.yaml")
            #expect(checked.status == 0, "\(checked.testDescription)")
            #expect(checked.out.contains("warning OA023: everybody who judges “proposer” and “reviser”"))
            let strict = try await bench.agency("check", "board.yaml", "--profiles", "agency.yaml", "--strict")
            #expect(strict.status == 65)
            let begun = try await bench.begin()
            #expect(begun.status == 75, "\(begun.testDescription)")
            #expect(begun.err.contains("on the record (OA023"))
            #expect(begun.out.contains("! OA023 "), "\(begun.testDescription)")
            let shown = try await bench.agency("show")
            #expect(shown.out.contains("! OA023 "), "\(shown.testDescription)")
            #expect(try await bench.state()["check"]?["findings"]?.array?.isEmpty == false)
            let started = try #require(try await bench.events().first)
            let found = started["body"]?["check"]?["findings"]?.array ?? []
            #expect(
                found.contains { $0["rule"]?.string == "OA023" && $0["severity"]?.string == "warning" },
                "\(started)"
            )
        }
    }

    @Test func `what was decided about rules refuses a run, or is on its ledger`() async throws {
        try await Bench.with { bench in
            try bench.write("strict.yaml", "severities:\n  OA023: {severity: error, reason: Much is at stake.}\n")
            let refused = try await bench.begin("--baseline", "strict.yaml")
            #expect(refused.status == 65, "\(refused.testDescription)")
            #expect(refused.err.contains("[OA023]"))
            #expect(bench.performances.isEmpty)
            let lax = try await bench.agency(
                "check",
                "board.yaml",
                "--brief",
                "brief.md",
                "--write-baseline",
                "known.yaml",
                "--why",
                "One model is all we have."
            )
            #expect(lax.status == 0, "\(lax.testDescription)")
            let again = try await bench.agency(
                "check",
                "board.yaml",
                "-b",
                "brief.md",
                "--baseline",
                "known.yaml",
                "--strict"
            )
            #expect(again.status == 0, "\(again.testDescription)")
            #expect(again.out.contains("accepted: OA023"))
            let begun = try await bench.begin("--baseline", "known.yaml")
            #expect(begun.status == 75, "\(begun.testDescription)")
            #expect(!begun.out.contains("! OA023"))
            let report = try await bench.agency("report", "--markdown", "report.md")
            #expect(report.status == 0, "\(report.testDescription)")
            #expect(bench.text("report.md").contains("accepted: One model is all we have"))
            let record = try await bench.events().first?["body"]?["check"]
            let reasons = record?["settings"]?["accepted"]?.array?.map { $0["reason"]?.string } ?? []
            #expect(Set(reasons) == ["One model is all we have."], "\(record ?? .null)")
            try bench.write("firm.yaml", "severities:\n  OA011: {severity: off, reason: We are in a hurry.}\n")
            let firm = try await bench.begin("--baseline", "firm.yaml")
            #expect(firm.status == 65)
            #expect(firm.err.contains("firm.yaml:2:3"), "\(firm.testDescription)")
            #expect(firm.err.contains("[OA090]"))
        }
    }

    @Test func `findings are printed as JSON with all that is known of them`() async throws {
        try await Bench.with { bench in
            try bench.edit("board.yaml", "surprise: 0.8", "surprise: 1")
            let checked = try await bench.agency("check", "board.yaml", "--brief", "brief.md", "--json")
            #expect(checked.status == 0, "\(checked.testDescription)")
            let json = try checked.json()
            #expect(json["passes"] == .bool(true))
            let found = try #require(json["findings"]?.array?.first { $0["rule"]?.string == "OA054" })
            #expect(found["severity"]?.string == "warning")
            #expect(found["file"]?.string == "board.yaml")
            #expect(found["line"]?.integer == 56)
            #expect(found["page"]?.string == "docs/rules/OA054.md")
            #expect(found["fingerprint"]?.string?.count == 16)
            #expect(json["architecture"]?["name"]?.string == "small-board")
            #expect(json["loops"]?.array?.contains { $0["place"]?.string == "flow[6].update.at-most" } == true)
            #expect(json["bounds"]?["derivation"]?.array?.isEmpty == false)
            let rules = try await bench.agency("check", "--list-rules", "--json").json().array ?? []
            #expect(rules.count > 40 && rules.allSatisfy { $0["reason"]?.string?.isEmpty == false })
            let lines = try await bench.agency("check", "--list-rules").out.split(separator: "\n")
            #expect(lines.count == rules.count)
        }
    }

    @Test func `findings are printed as SARIF that names rules, places and fingerprints`() async throws {
        try await Bench.with { bench in
            try bench.edit("board.yaml", Self.choice, "")
            try bench.write("a board.yaml", bench.text("board.yaml"))
            let checked = try await bench.agency("check", "a board.yaml", "--sarif")
            #expect(checked.status == 65)
            let log = try checked.json()
            #expect(log["version"]?.string == "2.1.0")
            let run = try #require(log["runs"]?.array?.first)
            let rules = run["tool"]?["driver"]?["rules"]?.array ?? []
            let results = run["results"]?.array ?? []
            let effect = try #require(results.first { $0["ruleId"]?.string == "OA011" })
            #expect(effect["level"]?.string == "error")
            let index = try #require(effect["ruleIndex"]?.integer)
            #expect(rules[Int(index)]["id"]?.string == "OA011")
            let place = effect["locations"]?.array?.first?["physicalLocation"]
            #expect(place?["artifactLocation"]?["uri"]?.string == "a%20board.yaml")
            #expect(place?["region"]?["startLine"]?.integer == 55)
            #expect(effect["partialFingerprints"]?["agency/v1"]?.string?.count == 16)
            #expect(results.allSatisfy { result in rules.contains { $0["id"] == result["ruleId"] } })
            for wrong in [["--json", "--sarif"], ["--write-baseline", "x"], ["--why", "x"]] {
                #expect(try await bench.agency(["check", "board.yaml"] + wrong).status == 64)
            }
        }
    }

    @Test func `tools that are declared beside the usual ones are looked at too`() async throws {
        try await Bench.with { bench in
            let parameters = "\"parameters\": {\"type\": \"object\"}"
            let fetch =
                "{\"name\": \"web.fetch\", \"about\": \"Asks.\", \(parameters), \"effect\": \"read\", "
                + "\"repeatability\": {\"class\": \"blind\"}}"
            let mail = "{\"name\": \"mail.send\", \"about\": \"Sends.\", \(parameters), \"effect\": \"write\"}"
            try bench.write("tools.json", "[\(fetch), \(mail)]")
            let known = try await bench.agency("check", "board.yaml", "--tools", "tools.json")
            #expect(known.status == 0, "\(known.testDescription)")
            #expect(
                known.out.contains(
                    "warning OA014: tools that act declare no class of effects and are taken for blind: mail.send"
                )
            )
            try bench.edit("board.yaml", "tools: [files.read]", "tools: [files.read, web.fetch]")
            #expect(try await bench.agency("check", "board.yaml").out.contains("error OA004"))
            let refused = try await bench.agency("check", "board.yaml", "--tools", "tools.json")
            #expect(refused.status == 65)
            #expect(refused.out.contains("error OA040: “proposer” can send what it reads through “web.fetch”"))
            for spoilt in [
                "{", "{}", "[{\"about\": \"x\"}]", "[\(mail), \(mail)]",
                "[\(mail.replacing("mail.send", with: "files.read"))]",
            ] {
                try bench.write("spoilt.json", spoilt)
                let outcome = try await bench.agency("check", "board.yaml", "--tools", "spoilt.json")
                #expect(outcome.status == 65, "\(outcome.testDescription)")
                #expect(outcome.complaints.count == 1 && outcome.err.contains("spoilt.json"))
            }
        }
    }
}
