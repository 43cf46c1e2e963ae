// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct WorkspaceTests {
    @Test func `a workspace that cannot serve is refused before anything is paid for`() async throws {
        try await Bench.with { bench in
            try bench.write("ws/new.txt", "not committed\n")
            let refusals = [("ws", "not committed"), ("nowhere", "does not exist"), ("brief.md", "is not a folder")]
            for (name, said) in refusals {
                let refused = try await bench.agency("run", "brief.md", "-a", "board.yaml", "-w", name)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
                #expect(refused.err.contains(said), "\(refused.testDescription)")
            }
            let status = try await bench.agency("status")
            #expect(status.out.contains("no runs yet"), "\(status.testDescription)")
            #expect(bench.performances.isEmpty)
            #expect(bench.text("ws/new.txt") == "not committed\n")
            try bench.remove("ws/new.txt")
            try await bench.beginAndWait()
        }
    }

    @Test func `what is changed under a run stops it until it is put back`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.choose("p1")
            // Before the first checkpoint it is a person's unsaved work.
            try bench.write("ws/list.txt", Bench.list + "Mallory\n")
            let unsaved = try await bench.resume(65)
            #expect(unsaved.err.contains("not committed"))
            #expect(unsaved.err.contains("list.txt"))
            try bench.write("ws/list.txt", Bench.list)
            try await bench.resume(75)
            // After a step it is somebody else's doing.
            try bench.write("ws/list.txt", Bench.list + "Mallory\n")
            try await bench.choose("p1.r1")
            let changed = try await bench.resume(69)
            #expect(changed.complaints.count == 1)
            #expect(
                changed.err.contains(
                    "the workspace changed under the run (list.txt); put it back with: agency revert r-"
                )
            )
            #expect(try await bench.contents()["shop.db"]?.contains("family") == false)
            let reverted = try await bench.agency("revert", "--to", "s1")
            #expect(reverted.status == 0, "\(reverted.testDescription)")
            #expect(bench.text("ws/list.txt") == Bench.list)
            if try await bench.state()["waits_for_choice"] == true { try await bench.choose("p1.r1") }
            try await bench.resume(0)
            #expect(bench.text("ws/list.txt").hasPrefix("Ada|Lovelace\n"))
            try await bench.requireSound()
        }
    }

    @Test func `steps that are taken back on the way are done again only after another choice`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.choose("p1")
            try await bench.resume(75)
            let reverted = try await bench.agency("revert", "--to", "start")
            #expect(reverted.out.contains("undone: s1"), "\(reverted.testDescription)")
            #expect(!bench.exists("ws/notes.txt"))
            try await bench.resume(75)
            try await bench.choose("p1.r1")
            try await bench.resume(0)
            #expect(bench.text("ws/notes.txt") == "splitting names\n")
            try await bench.requireSound()
        }
    }

    @Test func `a step that fails is undone and leads to a revision`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let plan = try await bench.agency("show", "--option", "p1", "--json").out
            try bench.write("plan.json", plan.replacingOccurrences(of: "substr(name, 1,", with: "nonsense(name, 1,"))
            #expect(
                try await bench.agency("choose", "--edit", "p1", "--plan", "plan.json", "--why", "faster").status == 0
            )
            try await bench.resume(75)
            try await bench.choose("p1.e1")
            let failed = try await bench.resume(75)
            #expect(failed.err.contains("step s2 ended with status"), "\(failed.testDescription)")
            #expect(failed.err.contains("undone: s2 (failure)"))
            #expect(try await bench.contents()["shop.db"]?.contains("given") == false)
            try await bench.choose("p1.r1")
            try await bench.resume(0)
            try await bench.requireSound()
        }
    }

    @Test func `goals that are not reached lead to a revision, and at its bound to status 1`() async throws {
        try await Bench.with { bench in
            try bench.edit("brief.md", "[grep, -q, \"^Grace|Hopper$\", list.txt]", "[grep, -q, \"^Nobody$\", list.txt]")
            try await bench.beginAndWait()
            try await bench.choose("p1")
            try await bench.resume(75)
            try await bench.choose("p1.r1")
            let unmet = try await bench.resume(75)
            #expect(unmet.err.contains("goal listed: not reached"), "\(unmet.testDescription)")
            try await bench.choose("p1.r2")
            let ended = try await bench.resume(1)
            #expect(ended.err.contains("unmet"), "\(ended.testDescription)")
            #expect(try await bench.state()["status"]?.string == "unmet")
            #expect(try await bench.agency("resume").status == 1)
            #expect(try await bench.agency("revert", "--to", "start").status == 0)
            #expect(bench.text("ws/list.txt") == Bench.list)
            try await bench.requireSound()
        }
    }

    @Test(.enabled(if: getuid() == 0, "only the superuser may mount a small disk"))
    func `a full disk stops a run, which goes on when there is room`() async throws {
        try await Bench.with { bench in
            try FileManager.default.createDirectory(atPath: bench.home, withIntermediateDirectories: true)
            let command = ["-t", "tmpfs", "-o", "size=4m", "tmpfs", bench.home]
            let mounted = try await Outcome.of(
                "/usr/bin/mount",
                command,
                in: "/",
                environment: ["PATH": "/usr/bin:/bin"]
            )
            guard mounted.status == 0 else { return }
            defer { umount2(bench.home, Int32(MNT_DETACH)) }
            for left in [300, 500] {
                for name in try FileManager.default.contentsOfDirectory(atPath: bench.home) {
                    try bench.remove("home/" + name)
                }
                try bench.write("home/filler", String(repeating: "x", count: (4096 - left) << 10))
                let begun = try await bench.begin()
                #expect(begun.status == 69, "\(begun.testDescription)")
                #expect(begun.complaints.last?.contains("make room on its disk") == true, "\(begun.testDescription)")
                #expect(begun.complaints.last?.contains("go on with: agency resume") == true)
                let completed = try await bench.events().count { $0["type"]?.string == "episode_completed" }
                try bench.remove("home/filler")
                try await bench.resume(75)
                #expect(try await bench.events().count { $0["type"]?.string == "episode_completed" } > completed)
                try await bench.requireSound()
            }
            try await bench.choose("p1")
            try? bench.write("home/filler", String(repeating: "x", count: 8 << 20))
            let full = try await bench.agency("resume")
            #expect(full.status == 69, "\(full.testDescription)")
            #expect(full.complaints.count == 1, "\(full.testDescription)")
            try bench.remove("home/filler")
            try await bench.resume(75)
            try await bench.choose("p1.r1")
            try await bench.resume(0)
            try await bench.requireSound()
        }
    }
}
