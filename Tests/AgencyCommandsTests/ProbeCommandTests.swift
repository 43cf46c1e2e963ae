// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

/// Probes and calibration from the command line, with programs that answer.
@Suite struct ProbeCommandTests {
    /// Profiles of programs that answer with what is in a file, at different prices.
    private static func prepare(_ bench: Bench, questions count: Int = 8) throws {
        func profile(_ name: String, _ dollars: String) -> String {
            let command = [
                Binary.python, Binary.fixtures + "/answers.py", bench.diary, bench.root + "/" + name, dollars,
            ]
            return "  \(name): {provider: program, command: [\(command.joined(separator: ", "))]}\n"
        }
        let profiles = profile("player", "0.002") + profile("fast", "0.001") + profile("strong", "0.01")
        try bench.write("agency.yaml", "profiles:\n" + profiles)
        let questions = (1...count).map { number in
            let right = number % 2 == 0 ? "yes" : "no"
            return "  - {id: q\(number), text: \"Is case \(number) safe?\", choices: [yes, no], right: \(right)}\n"
        }
        try bench.write("questions.yaml", "questions:\n" + questions.joined())
        for name in ["player", "fast", "strong"] { try bench.write(name, "every other") }
    }

    private static func probe(_ bench: Bench, _ more: String...) async throws -> Outcome {
        try await bench.agency(["probe", "auditor", "-a", "board.yaml", "--questions", "questions.yaml"] + more)
    }

    @Test func `answers are kept and compared with the next ones, and a change is told wherever the role is`()
        async throws
    {
        try await Bench.with { bench in
            try Self.prepare(bench)
            let first = try await Self.probe(bench)
            #expect(first.status == 0, "\(first.testDescription)")
            #expect(first.out.contains("no ×3 (3 of 3 right, said 80%)") && first.out.contains("no earlier answers"))
            #expect(bench.performances.count == 24)
            let second = try await Self.probe(bench, "--json").json()
            #expect(second["comparison"]?["drift"] == false && second["missing"] == 0)
            #expect(second["answers"]?.array?.count == 24)
            #expect(second["answers"]?.array?.allSatisfy { $0["right"] == true } == true)
            try bench.write("player", "refuse")
            let third = try await Self.probe(bench)
            let told = third.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(third.status == 0 && told.contains("answers otherwise than it did before"), "\(told)")
            #expect(told.contains("(refuse) ×3") && told.contains("evidence 1 : "))
            let record = try await bench.agency("record", "--role", "auditor")
            #expect(record.status == 0 && record.out.contains("answers otherwise"), "\(record.testDescription)")
            let json = try await bench.agency("record", "--json").json()
            #expect(json["probes"]?.array?.first?["drift"] == true)
            #expect(try await bench.agency("record", "--html", "r.html").status == 0)
            #expect(bench.text("r.html").contains("Probes"))
            #expect(try await bench.agency("verify").status == 0)
            #expect(try await bench.agency("replay").status == 0)
            let report = try await bench.agency("report", "--html", "report.html")
            #expect(report.status == 0 && bench.text("report.html").contains("(refuse) ×3"))
        }
    }

    @Test func `bad input costs nothing and says what is wrong`() async throws {
        try await Bench.with { bench in
            try Self.prepare(bench)
            func refused(_ arguments: String..., status: Int32 = 65, says words: String) async throws {
                let outcome = try await bench.agency(arguments)
                let told = outcome.out + outcome.err
                #expect(outcome.status == status && told.contains(words), "\(outcome.testDescription)")
            }
            try await refused(
                "probe",
                "nobody",
                "-a",
                "board.yaml",
                "--questions",
                "questions.yaml",
                says: "no role “nobody”"
            )
            try await refused(
                "probe",
                "auditor",
                "-a",
                "board.yaml",
                "--questions",
                "none.yaml",
                says: "no file none.yaml"
            )
            try await refused(
                "probe",
                "auditor",
                "-a",
                "board.yaml",
                "--questions",
                "questions.yaml",
                "--times",
                "0",
                status: 64,
                says: "--times"
            )
            try await refused(
                "probe",
                "auditor",
                "-a",
                "board.yaml",
                "--questions",
                "questions.yaml",
                "--performer",
                "critic=fast",
                status: 64,
                says: "auditor=PROFILE"
            )
            try await refused(
                "probe",
                "auditor",
                "-a",
                "board.yaml",
                "--questions",
                "questions.yaml",
                "--performer",
                "auditor=nobody",
                says: "nobody"
            )
            try bench.write("bad.yaml", "questions:\n  - {id: a, text: t, choices: [b, c], right: d}\n")
            try await refused("probe", "auditor", "-a", "board.yaml", "--questions", "bad.yaml", says: "bad.yaml:2:46")
            try FileManager.default.createDirectory(atPath: bench.root + "/tasks", withIntermediateDirectories: true)
            let calibrate = ["calibrate", "auditor", "-a", "board.yaml", "--tasks", "tasks", "--reliability"]
            func calibrates(_ more: [String], status: Int32, says words: String) async throws {
                let outcome = try await bench.agency(calibrate + more)
                let told = outcome.out + outcome.err
                #expect(outcome.status == status && told.contains(words), "\(outcome.testDescription)")
            }
            try await calibrates(["0.8"], status: 65, says: "no files of questions")
            try bench.write("tasks/a.yaml", "questions:\n  - {id: a, text: t}\n")
            try await calibrates(["0.8"], status: 65, says: "has no right answer")
            try bench.write("tasks/a.yaml", "questions:\n  - {id: a, text: t, right: x}\n")
            try bench.write("tasks/b.yaml", "questions:\n  - {id: a, text: u, right: y}\n")
            try await calibrates(["0.8"], status: 65, says: "is a task in")
            try await calibrates(["1"], status: 64, says: "--reliability")
            try await calibrates(["0.8", "--samples", "1,many"], status: 64, says: "--samples")
            try await calibrates(["0.8", "--output", "board.yaml"], status: 65, says: "there already")
            #expect(bench.performances.isEmpty)
        }
    }

    @Test func `the cheapest setting that is shown to suffice is picked, written down and not paid for twice`()
        async throws
    {
        try await Bench.with { bench in
            try Self.prepare(bench, questions: 30)
            try bench.write("fast", "yes")
            try FileManager.default.createDirectory(atPath: bench.root + "/tasks", withIntermediateDirectories: true)
            try bench.write("tasks/a.yaml", bench.text("questions.yaml"))
            func calibrate(
                _ reliability: String,
                _ performers: String = "fast,strong",
                _ samples: String = "1,3",
                and more: String...
            ) async throws -> Outcome {
                try await bench.agency(
                    [
                        "calibrate", "auditor", "-a", "board.yaml", "--tasks", "tasks", "--reliability", reliability,
                        "--performers", performers, "--samples", samples,
                    ] + more
                )
            }
            let picked = try await calibrate("0.7", and: "--output", "settled.yaml", "--html", "curve.html")
            #expect(picked.status == 0, "\(picked.testDescription)")
            #expect(picked.out.contains("15 of 30") && picked.out.contains("30 of 30"))
            #expect(picked.out.contains("strong is the cheapest that is shown to be right"))
            // Two of three equal answers are a majority.
            #expect(bench.performances.count >= 2 * 30 + 2 * 60)
            let paid = bench.performances.count
            let settled = bench.text("settled.yaml")
            #expect(settled.hasPrefix("# auditor as measured on 30 tasks:\n#   fast: 15 of 30 right"))
            #expect(try await bench.agency("check", "settled.yaml", "--profiles", "agency.yaml").status == 0)
            let auditor = settled.split(separator: "  auditor:\n").last?.split(separator: "\n").prefix(3).joined()
            #expect(auditor?.contains("performer: strong") == true)
            #expect(bench.text("curve.html").contains("<svg"))
            let again = try await calibrate("0.99", and: "--json")
            #expect(again.status == 1 && bench.performances.count == paid, "\(again.testDescription)")
            let json = try again.json()
            #expect(json["verdict"] == "undetermined" && json["picked"] == .null)
            #expect((json["more_tasks"]?.integer ?? 0) > 0 && json["unit"] == "dollars")
            let settings = json["points"]?.array?.compactMap { $0["setting"]?.string }
            #expect(settings == ["fast", "fast, majority of 3", "strong", "strong, majority of 3"])
            let none = try await calibrate("0.8", "fast", "1")
            #expect(none.status == 1 && none.out.contains("Out of reach") && bench.performances.count == paid)
            let anew = try await calibrate("0.8", "fast", "1", and: "--again")
            #expect(anew.status == 1 && bench.performances.count == paid + 30)
        }
    }
}
