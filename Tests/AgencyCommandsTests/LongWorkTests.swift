// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

/// The example of a long work, with a small tower.
struct LongWorkTests {
    private static func prepare(_ bench: Bench, disks: Int) async throws {
        for name in ["tower.yaml", "profiles.yaml", "mover.py", "brief.py", "check.py"] {
            try FileManager.default.copyItem(
                atPath: Binary.examples + "/hanoi/" + name,
                toPath: bench.root + "/" + name
            )
        }
        let brief = try await bench.python("brief.py", "\(disks)")
        try #require(brief.status == 0, "\(brief.testDescription)")
        try bench.write("brief.md", brief.out)
    }

    private static func check(_ bench: Bench, disks: Int) async throws -> Outcome {
        let events = try await bench.agency("events", "--json")
        try #require(events.status == 0, "\(events.testDescription)")
        try bench.write("events", events.out)
        return try await bench.python("check.py", "\(disks)", "events")
    }

    private static let begin = ["run", "brief.md", "-a", "tower.yaml", "--profiles", "profiles.yaml"]

    @Test func `a tower is moved without one wrong step by a performer that errs`() async throws {
        try await Bench.with { bench in
            try await Self.prepare(bench, disks: 7)
            let done = try await bench.agency(Self.begin)
            #expect(done.status == 0, "\(done.testDescription)")
            let checked = try await Self.check(bench, disks: 7)
            #expect(checked.status == 0, "\(checked.testDescription)")
            #expect(checked.out.hasPrefix("127 steps, each legal, the least possible; "))
            // A performer that never erred would show nothing.
            #expect(!checked.out.contains(" 0 outvoted, 0 discarded"), "\(checked.testDescription)")
            #expect(try await bench.agency("verify").status == 0)
            let replayed = try await bench.agency("replay", "--strict")
            #expect(replayed.status == 0, "\(replayed.testDescription)")
        }
    }

    @Test func `a tower whose mover is killed again and again arrives all the same`() async throws {
        try await Bench.with { bench in
            try await Self.prepare(bench, disks: 9)
            _ = try await bench.agency(Self.begin) { try await bench.steps(50) }
            for steps in [120, 200, 201, 350] {
                let killed = try await bench.agency(["resume", "--profiles", "profiles.yaml"]) {
                    try await bench.steps(steps)
                }
                #expect(killed.status == 137, "\(killed.testDescription)")
            }
            let done = try await bench.agency("resume", "--profiles", "profiles.yaml")
            #expect(done.status == 0, "\(done.testDescription)")
            let checked = try await Self.check(bench, disks: 9)
            #expect(checked.status == 0, "\(checked.testDescription)")
            #expect(try await bench.agency("verify").status == 0)
        }
    }

    @Test func `without votes the same mover goes wrong, and the goals say so`() async throws {
        try await Bench.with { bench in
            try await Self.prepare(bench, disks: 7)
            let tower = try String(contentsOfFile: bench.root + "/tower.yaml", encoding: .utf8)
            let kept = tower.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("vote:") }
            try bench.write("tower.yaml", kept.joined(separator: "\n").replacing("1048575", with: "127"))
            let profiles = try String(contentsOfFile: bench.root + "/profiles.yaml", encoding: .utf8)
            try bench.write("profiles.yaml", profiles.replacing("0.02", with: "0.5"))
            let done = try await bench.agency(Self.begin)
            #expect(done.status != 0, "\(done.testDescription)")
            let checked = try await Self.check(bench, disks: 7)
            #expect(checked.status != 0, "\(checked.testDescription)")
        }
    }
}

extension Bench {
    /// Waits until so many events of the only run are on record.
    fileprivate func steps(_ count: Int) async throws {
        for _ in 0..<3000 {
            let events = try await Outcome.of(
                "/usr/bin/sqlite3",
                [ledger, "select count(*) from events"],
                in: root,
                environment: [:]
            )
            if let there = Int(events.out.trimmingCharacters(in: .whitespacesAndNewlines)), there >= count { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("\(count) events are not there after a long time")
    }
}
