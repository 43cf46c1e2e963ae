// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

/// `agency crashtest`, as it is called.
@Suite struct CrashTestTests {
    private static let board = ["crashtest", "board.yaml", "brief.md", "-w", "ws", "--choose", "p1,p1.r1"]

    /// The place with its copies in memory, where it has any: a disk would be waited for at every record.
    private static func quick(_ bench: Bench) -> Bench {
        var bench = bench
        if FileManager.default.isWritableFile(atPath: "/dev/shm") { bench.variables["TMPDIR"] = "/dev/shm" }
        return bench
    }

    @Test(arguments: [[], ["--kill"]])
    func `an undertaking comes to the same end wherever it is killed`(_ more: [String]) async throws {
        try await Bench.with(gate: .long) { bench in
            let bench = Self.quick(bench)
            try KillTests.leaveOneEvaluation(of: bench)
            let before = try await bench.contents()
            let tested = try await bench.agency(Self.board + more + ["--sample", "12", "--json"])
            #expect(tested.status == 0, "\(tested.testDescription)")
            let json = try tested.json()
            #expect(json["end"]?.string?.hasPrefix("done") == true)
            #expect(json["killed"]?.integer == 12)
            #expect((json["places"]?.integer ?? 0) > 30)
            #expect(json["by"]?.string == (more.isEmpty ? "copy" : "SIGKILL"))
            #expect(json["effects"]?.integer == 3)
            for name in ["lost", "duplicated", "repeated", "failed"] { #expect(json[name]?.integer == 0) }
            let outcomes = json["outcomes"]?.array ?? []
            #expect(outcomes.count == 12)
            #expect(outcomes.allSatisfy { $0["same_end"] == true && $0["effects"]?.integer == 3 })
            // It is a rehearsal: the workspace is as it was, and there is no run.
            #expect(try await bench.contents() == before)
            #expect(!bench.exists("home"))
            // Answers are recorded at the first time: nobody is asked the same thing again.
            #expect(Set(bench.performances).count == bench.performances.count)
        }
    }

    @Test func `the example comes to the same end wherever it is killed`() async throws {
        try await Bench.with(gate: .long) { bench in
            let bench = Self.quick(bench)
            let example = Binary.package + "/Examples/schema-migration"
            let prepared = try await Outcome.of(
                "/bin/bash",
                [example + "/prepare", bench.root + "/app"],
                in: bench.root,
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": bench.root]
            )
            try #require(prepared.status == 0, "\(prepared.testDescription)")
            let tested = try await bench.agency(
                ["crashtest", "change-board", example + "/migrate.md", "-w", "app", "--choose", "p2,p2.r1"]
                    + ["--replay", example + "/recordings", "--sample", "5", "--seed", "3"]
            )
            #expect(tested.status == 0, "\(tested.testDescription)")
            #expect(tested.out.contains("117 records, 10 effects"))
            #expect(tested.out.contains("5 came to the same end, 0 did not"))
            #expect(tested.out.contains("effects lost: 0, duplicated: 0; recorded calls made again: 0"))
        }
    }

    @Test func `a place that comes to another end is told with the command that tries it again`() async throws {
        try await Bench.with { bench in
            let bench = Self.quick(bench)
            // A step that does something else each time that it is done.
            let role = try String(contentsOfFile: Binary.fixtures + "/role.py", encoding: .utf8)
            try bench.write(
                "role.py",
                role.replacingOccurrences(of: "given = name where", with: "given = hex(randomblob(4)) where")
            )
            try bench.edit("agency.yaml", Binary.fixtures + "/role.py", bench.root + "/role.py")
            let place = "before step_observed s2#2"
            let tested = try await bench.agency(Self.board + ["--at", place])
            #expect(tested.status == 1, "\(tested.testDescription)")
            #expect(tested.out.contains("DIFFERENT"))
            #expect(tested.out.contains("shop.db holds something else"))
            let again = "again: agency crashtest board.yaml brief.md --workspace ws --choose p1,p1.r1 --at '\(place)'"
            #expect(tested.out.contains(again))
            let kept = tested.out.split(separator: "\n").first { $0.contains("kept in ") }
            let folder = try #require(kept?.split(separator: " ").last.map(String.init))
            #expect(FileManager.default.fileExists(atPath: folder + "/home/ledger.sqlite"))
            try FileManager.default.removeItem(atPath: URL(fileURLWithPath: folder).deletingLastPathComponent().path)
            // Killed elsewhere, it does nothing twice.
            let elsewhere = try await bench.agency(Self.board + ["--at", "after step_observed s3"])
            #expect(elsewhere.status == 0, "\(elsewhere.testDescription)")
        }
    }

    @Test func `what cannot be rehearsed is said, with what to do`() async throws {
        try await Bench.with { bench in
            let bench = Self.quick(bench)
            let bare = try await bench.agency("crashtest", "board.yaml", "brief.md")
            #expect(bare.status == 65 && bare.err.contains("-w"), "\(bare.testDescription)")
            let silent = try await bench.agency("crashtest", "board.yaml", "brief.md", "-w", "ws")
            #expect(silent.status == 65 && silent.err.contains("--choose p1"), "\(silent.testDescription)")
            let nowhere = try await bench.agency(Self.board + ["--at", "after lunch"])
            #expect(
                nowhere.status == 65 && nowhere.err.contains("no place “after lunch”"),
                "\(nowhere.testDescription)"
            )
            for wrong in [["--sample", "0"], ["--jobs", "0"], ["--at", "s1"], ["--at", "after x", "--sample", "2"]] {
                #expect(try await bench.agency(Self.board + wrong).status == 64)
            }
        }
    }
}
