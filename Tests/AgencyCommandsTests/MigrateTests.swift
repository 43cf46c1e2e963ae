// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
#if Postgres
import AgencyTestKit
#endif
import Foundation
import Testing

@Suite struct MigrateTests {
    /// Begins a run, copies the ledger, brings the run to its end in the copy, and looks at both.
    private static func travel(_ bench: Bench, to place: String) async throws {
        let key = try await bench.agency("key", "new").out.trimmingCharacters(in: .whitespacesAndNewlines)
        try await bench.beginAndWait()
        let run = try #require(try await bench.state()["run"]?.string)
        #expect(try await bench.agency("checkpoint", run, "--out", "kept").status == 0)
        let before = try await bench.agency("events", run, "--json").out

        for _ in 0..<2 {
            let migrated = try await bench.agency("migrate", bench.home, place)
            #expect(migrated.status == 0, "\(migrated.testDescription)")
            #expect(migrated.out.contains("holds for the first"), "\(migrated.testDescription)")
            #expect(migrated.out.contains("1 run is in"), "\(migrated.testDescription)")
        }
        let told = try await bench.agency("migrate", bench.home, place, "--json").json()
        #expect(told["faults"]?.array?.isEmpty == true)
        #expect(told["checkpoint"]?.integer ?? 0 > 0)

        var there = bench
        there.variables["AGENCY_LEDGER"] = place
        #expect(try await there.agency("events", run, "--json").out == before)
        let verified = try await there.agency("verify", run, "--checkpoint", "kept", "--key", key)
        #expect(verified.status == 0, "\(verified.testDescription)")
        try await there.finish()
        try await there.requireSound()
        #expect(try await there.agency("verify", run, "--checkpoint", "kept", "--key", key).status == 0)
        // The first ledger was only read, and its older record does not take the place of the newer one.
        #expect(try await bench.agency("events", run, "--json").out == before)
        let late = try await bench.agency("migrate", bench.home, place)
        #expect(late.status != 0)
        #expect(late.err.contains("there is another record under the name \(run)"), "\(late.testDescription)")
        try await there.requireSound()
    }

    @Test func `a run goes on in another file as if it had begun there`() async throws {
        try await Bench.with { bench in try await Self.travel(bench, to: bench.root + "/there.sqlite") }
    }

    @Test func `a ledger that does not verify is not copied as if it did`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try FileManager.default.createDirectory(atPath: bench.root + "/spoilt", withIntermediateDirectories: true)
            try await bench.script("ledger.py", bench.ledger, "flip", "spoilt/ledger.sqlite", "bytes", "7", "1001")
            let migrated = try await bench.agency("migrate", "spoilt", "there.sqlite")
            #expect(migrated.status == 65, "\(migrated.testDescription)")
            #expect(migrated.err.contains("event 7"), "\(migrated.testDescription)")
            #expect(try await bench.agency("status", "--ledger", "there.sqlite", "--json").out == "[]\n")
        }
    }

    @Test func `nothing is copied while somebody works on a run, at a terminal or as a worker`() async throws {
        try await Bench.with(trouble: "slow3", in: "0.explain") { bench in
            try await bench.beginAndWait()
            try bench.raiseFlag()
            try FileManager.default.copyItem(atPath: bench.workspace, toPath: bench.root + "/other")
            for begin in [
                ["run", "brief.md", "-a", "board.yaml", "-w", "other"],
                ["worker", "--name", "w", "--lease", "2", "--until-idle"],
            ] {
                if begin[0] == "worker" {
                    let queued = try await bench.agency(
                        "run",
                        "brief.md",
                        "-a",
                        "board.yaml",
                        "-w",
                        "other",
                        "--enqueue"
                    )
                    #expect(queued.status == 0, "\(queued.testDescription)")
                }
                let before = bench.performances.count
                let worked = try await bench.agency(begin) { _ in
                    try await bench.wait { bench.performances.dropFirst(before).contains { $0.hasPrefix("0.explain") } }
                    let refused = try await bench.agency("migrate", bench.home, "there.sqlite")
                    #expect(refused.status == 75, "\(refused.testDescription)")
                    #expect(refused.complaints.count == 1)
                    #expect(
                        refused.err.contains(begin[0] == "run" ? "holds \(bench.home)/runs/r-" : "worker w has run r-")
                    )
                    #expect(!bench.exists("there.sqlite"))
                }
                #expect(worked.status == (begin[0] == "run" ? 75 : 0), "\(worked.testDescription)")
            }
            let migrated = try await bench.agency("migrate", bench.home, "there.sqlite")
            #expect(migrated.status == 0, "\(migrated.testDescription)")
            #expect(migrated.out.contains("3 runs are in there.sqlite"))
        }
    }

    @Test func `runs are locked until the last is copied, and what goes on all the same is noticed`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            let there = bench.root + "/there.sqlite"
            #expect(try await bench.agency("migrate", bench.home, there).status == 0)
            let noticed = try await withThrowingTaskGroup(of: Outcome.self) { group in
                try await bench.while("ledger.py", [there, "hold", "held"], until: { bench.exists("held") }) {
                    group.addTask { try await bench.agency("migrate", bench.home, there) }
                    // It has locked the run, and waits for the second ledger.
                    try await bench.wait { bench.text("home/runs/\(run)/lock").contains("agency migrate") }
                    try await bench.choose("p1")
                }
                return try #require(try await group.next())
            }
            #expect(noticed.status == 75, "\(noticed.testDescription)")
            #expect(noticed.err.contains("run \(run) went on in the first ledger"), "\(noticed.testDescription)")
            let again = try await bench.agency("migrate", bench.home, there)
            #expect(again.status == 0, "\(again.testDescription)")
            #expect(try await bench.agency("events", "--ledger", there).out == bench.agency("events").out)
        }
    }

    @Test func `a ledger is neither copied onto itself nor from nowhere`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            #expect(try await bench.agency("migrate", bench.home, bench.ledger).status == 65)
            let nowhere = try await bench.agency("migrate", "nowhere.sqlite", "there.sqlite")
            #expect(nowhere.err.contains("there is no ledger at nowhere.sqlite"), "\(nowhere.testDescription)")
            #expect(!bench.exists("nowhere.sqlite"))
            try await bench.requireSound()
        }
    }

    #if Postgres
    @Test(.enabled(if: PostgresServer.isInstalled, Comment(rawValue: PostgresServer.installation)))
    func `a run goes on in PostgreSQL as if it had begun there, and back`() async throws {
        let url = try await PostgresServer.shared().makeDatabase()
        try await Bench.with { bench in
            try await Self.travel(bench, to: url)
            let back = try await bench.agency("migrate", url, "back.sqlite", "--home", bench.home)
            #expect(back.status == 0, "\(back.testDescription)")
            var here = bench
            here.variables["AGENCY_LEDGER"] = "back.sqlite"
            try await here.requireSound()
        }
    }

    @Test(.enabled(if: PostgresServer.isInstalled, Comment(rawValue: PostgresServer.installation)))
    func `a whole run is worked on in PostgreSQL, and a server that is gone is said to be`() async throws {
        let server = try await PostgresServer.start()
        try await Bench.with { bench in
            var there = bench
            there.variables["AGENCY_LEDGER"] = server.url()
            try await there.beginAndWait()
            try await server.kill()
            try await server.restart()
            try await there.finish()
            try await there.requireSound()
            #expect(!bench.exists("home/ledger.sqlite"))
            try await server.kill()
            there.variables["AGENCY_LEDGER"] = server.url().replacingOccurrences(of: "agency@", with: "agency:s3cret@")
            there.variables["PGCONNECT_TIMEOUT"] = "1"
            let lost = try await there.agency("status")
            #expect(lost.status == 69, "\(lost.testDescription)")
            #expect(lost.complaints.count == 1)
            #expect(lost.err.contains("cannot be reached"))
            #expect(!lost.err.contains("s3cret"))
            let unread = try await bench.agency("status", "--ledger", "postgresql://me:s3cret@[nowhere/x")
            #expect(unread.status == 65, "\(unread.testDescription)")
            #expect(!unread.err.contains("s3cret"))
        }
        try await server.stop()
    }

    @Test(.enabled(if: PostgresServer.isInstalled, Comment(rawValue: PostgresServer.installation)))
    func `a run whose server goes away for longer than it waits says so, and goes on when it is back`() async throws {
        let server = try await PostgresServer.start()
        try await Bench.with(trouble: "slow5", in: "0.explain") { bench in
            var there = bench
            there.variables["AGENCY_LEDGER"] = server.url()
            try bench.raiseFlag()
            let lost = try await there.agency(["run", "brief.md", "-a", "board.yaml", "-w", "ws"]) { _ in
                try await bench.wait { bench.performances.contains { $0.hasPrefix("0.evaluate") } }
                try await server.pause()
            }
            #expect(lost.status == 69, "\(lost.testDescription)")
            #expect(lost.err.contains("cannot be reached"), "\(lost.testDescription)")
            #expect(lost.err.contains("nothing recorded is lost, go on with: agency resume r-"))
            try await server.resume()
            try bench.lowerFlag()
            // What the lost command had locked may not be free yet; then it says to try again, with the same status.
            for _ in 0..<5 where try await there.state()["sheet"]?.string == nil { try await there.resume(75) }
            try await there.finish()
            let completed = try await there.events().filter { $0["type"]?.string == "episode_completed" }
                .compactMap { $0["body"]?["episode"]?.string }
            #expect(Set(completed).count == completed.count)
            try await there.requireSound()
        }
        try await server.stop()
    }
    #else
    @Test func `a program without the trait says how to build one with it`() async throws {
        try await Bench.with { bench in
            let refused = try await bench.agency("status", "--ledger", "postgresql://nobody@127.0.0.1:1/none")
            #expect(refused.status == 69, "\(refused.testDescription)")
            #expect(refused.err.contains("--traits Live,Postgres"))
        }
    }
    #endif
}
