// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

/// `agency worker`, alone and beside others, on one folder of a ledger.
@Suite(.timeLimit(.minutes(3)))
struct WorkerTests {
    /// Takes the usual brief up for workers.
    private static func enqueue(
        _ bench: Bench,
        in workspace: String = "ws",
        at place: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let queued = try await bench.agency("run", "brief.md", "-a", "board.yaml", "-w", workspace, "--enqueue")
        try #require(queued.status == 0, "\(queued.testDescription)", sourceLocation: place)
        return queued.out.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A worker with a lease of two seconds.
    private static func worker(_ name: String, _ more: String...) -> [String] {
        ["worker", "--name", name, "--lease", "2", "--json"] + more
    }

    /// The notices of a worker that printed JSON.
    private static func notices(_ outcome: Outcome) throws -> [JSONValue] {
        try outcome.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// The words of a worker's notices about one kind of thing.
    private static func words(_ outcome: Outcome, of kind: String) throws -> [String] {
        try notices(outcome).compactMap { $0["notice"]?.string }.filter { $0 == kind }
    }

    private static func status(_ bench: Bench, _ run: String) async throws -> JSONValue {
        try await bench.agency("status", run, "--json").json()
    }

    private static func waitsForChoice(_ bench: Bench, _ run: String) async throws -> Bool {
        try await status(bench, run)["waits_for_choice"]?.bool == true
    }

    /// Waits until something is so that another command tells, for half a minute at most.
    private static func wait(until isSo: () async throws -> Bool) async throws {
        for _ in 0..<300 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw CancellationError()
    }

    /// The events of a run of one type.
    private static func events(_ bench: Bench, _ run: String, _ type: String) async throws -> [JSONValue] {
        let listed = try await bench.agency("events", run, "--json")
        return try listed.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            .filter { $0["type"]?.string == type }
    }

    /// Asserts that every episode was completed once, and that nothing is out of place.
    private static func requireOnce(_ bench: Bench, _ run: String) async throws {
        let completed = try await events(bench, run, "episode_completed").compactMap { $0["body"]?["episode"]?.string }
        #expect(!completed.isEmpty)
        #expect(Set(completed).count == completed.count)
        #expect(try await status(bench, run)["anomalies"]?.array?.isEmpty == true)
        let verified = try await bench.agency("verify", run)
        #expect(verified.status == 0, "\(verified.testDescription)")
    }

    @Test func `a worker takes a brief up, and again after each choice, to its end`() async throws {
        try await Bench.with { bench in
            let run = try await Self.enqueue(bench)
            let worked = try await bench.agency(Self.worker("w")) { send in
                try await Self.wait { try await Self.waitsForChoice(bench, run) }
                try await bench.choose("p1")
                try await Self.wait { try await Self.waitsForChoice(bench, run) }
                try await bench.choose("p1.r1")
                try await Self.wait { try await Self.status(bench, run)["status"]?.string == "done" }
                send(.terminate)
            }
            #expect(worked.status == 0, "\(worked.testDescription)")
            let left = try Self.notices(worked).filter { $0["notice"]?.string == "left" }
            #expect(left.map { $0["until"]?.string } == ["choice", "choice", "end"])
            #expect(try await Self.events(bench, run, "run_claimed").count == 3)
            try await Self.requireOnce(bench, run)
        }
    }

    @Test func `a worker that is to end when idle does, and tells by its status whether something is left`()
        async throws
    {
        try await Bench.with { bench in
            let run = try await Self.enqueue(bench)
            let worked = try await bench.agency("worker", "--until-idle")
            #expect(worked.status == 0, "\(worked.testDescription)")
            #expect(worked.err.contains("\(run)  ? waits for a person's choice"))
            #expect(try await Self.waitsForChoice(bench, run))
            let again = try await bench.agency("worker", "--until-idle")
            #expect(again.status == 0 && !again.err.contains(run))
            // One that it cannot perform is left alone, and nothing of it is on the record.
            let other = try await Self.enqueue(bench)
            try bench.edit("agency.yaml", "  player:", "  somebody:")
            let unable = try await bench.agency("worker", "--until-idle")
            #expect(unable.status == 75, "\(unable.testDescription)")
            #expect(unable.err.contains("\(other)  skipped: no profile “player” is known to this worker"))
            #expect(try await Self.events(bench, other, "run_claimed").isEmpty)
        }
    }

    @Test func `a worker without a ledger says so`() async throws {
        try await Bench.with { bench in
            let refused = try await bench.agency("worker")
            #expect(refused.status == 65, "\(refused.testDescription)")
            #expect(refused.complaints.count == 1)
            #expect(!bench.exists("home"))
        }
    }

    @Test func `two workers on one folder share its runs, and no episode is performed twice`() async throws {
        try await Bench.with { bench in
            var runs: [String] = []
            for _ in 0..<6 { runs.append(try await Self.enqueue(bench)) }
            async let first = bench.agency(Self.worker("first", "--until-idle", "--runs", "2"))
            async let second = bench.agency(Self.worker("second", "--until-idle", "--runs", "2"))
            var taken = 0
            for outcome in try await [first, second] {
                #expect(outcome.status == 0, "\(outcome.testDescription)")
                taken += try Self.words(outcome, of: "taken").count
            }
            #expect(taken == 6)
            for run in runs {
                #expect(try await Self.waitsForChoice(bench, run))
                try await Self.requireOnce(bench, run)
            }
            let performed = bench.performances.count { $0.hasPrefix("0.explain") }
            #expect(performed == 6)
        }
    }

    @Test(arguments: [Signal.terminate, .interrupt])
    func `a worker that is told to end lets what is under way end, and gives everything back`(
        _ signal: Signal
    ) async throws {
        try await Bench.with(trouble: "slow2", in: "0.propose") { bench in
            try bench.raiseFlag()
            let run = try await Self.enqueue(bench)
            let worked = try await bench.agency(Self.worker("w", "--grace", "20")) { send in
                try await bench.wait { bench.performances.count == 2 }
                send(signal)
            }
            #expect(worked.status == 0, "\(worked.testDescription)")
            #expect(worked.time < .seconds(15))
            #expect(try Self.words(worked, of: "ended").count == 1)
            // What was paid for is on record, both calls of each proposer, and nothing was begun after it.
            #expect(bench.performances.count == 4)
            #expect(try await Self.events(bench, run, "episode_completed").count == 2)
            #expect(try await Self.events(bench, run, "episode_started").count == 2)
            let next = try await bench.agency(Self.worker("next", "--until-idle"))
            #expect(next.status == 0, "\(next.testDescription)")
            #expect(try await Self.waitsForChoice(bench, run))
            try await Self.requireOnce(bench, run)
        }
    }

    @Test func `what does not end within the grace is cancelled, nothing lives on, and another goes on at once`()
        async throws
    {
        try await Bench.with(trouble: "hang", in: "0.explain") { bench in
            try bench.raiseFlag()
            let run = try await Self.enqueue(bench)
            let since = ContinuousClock.now
            let worked = try await bench.agency(Self.worker("w", "--grace", "1")) { send in
                try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
                send(.terminate)
            }
            #expect(worked.status == 0, "\(worked.testDescription)")
            #expect(since.duration(to: .now) < .seconds(20))
            let processes = try await Outcome.of("/usr/bin/pgrep", ["-f", bench.diary], in: "/", environment: [:])
            #expect(processes.status == 1, "still there: \(processes.out)")
            try bench.lowerFlag()
            let before = bench.performances.count
            // Nobody waits for the lease of two seconds to end: it was given back.
            let next = try await bench.agency(Self.worker("next", "--until-idle"))
            #expect(next.status == 0, "\(next.testDescription)")
            #expect(Array(bench.performances.dropFirst(before)) == ["0.explain.explainer 0"])
            try await Self.requireOnce(bench, run)
        }
    }

    @Test func `runs of a worker that was killed go to another when its leases end`() async throws {
        try await Bench.with(trouble: "hang", in: "0.explain") { bench in
            try bench.raiseFlag()
            let run = try await Self.enqueue(bench)
            let killed = try await bench.agency(Self.worker("killed")) { send in
                try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
                send(.kill)
            }
            #expect(killed.status == 128 + 9)
            try bench.lowerFlag()
            let next = try await bench.agency(Self.worker("next")) { send in
                try await Self.wait { try await Self.waitsForChoice(bench, run) }
                send(.terminate)
            }
            #expect(next.status == 0, "\(next.testDescription)")
            let claims = try await Self.events(bench, run, "run_claimed").map { $0["body"]?["worker"]?.string }
            #expect(claims == ["killed", "next"])
            try await Self.requireOnce(bench, run)
        }
    }

    @Test func `a worker that is paused for longer than its lease and wakes changes nothing any more`() async throws {
        try await Bench.with(trouble: "slow1", in: "0.explain") { bench in
            try bench.raiseFlag()
            try FileManager.default.copyItem(atPath: bench.workspace, toPath: bench.root + "/other")
            let run = try await Self.enqueue(bench)
            let paused = try await bench.agency(Self.worker("paused")) { send in
                try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
                send(.suspend)
                try bench.lowerFlag()
                let other = try await bench.agency(Self.worker("other")) { send in
                    try await Self.wait { try await Self.waitsForChoice(bench, run) }
                    // The rest, with effects, while the other one still stands.
                    try await bench.choose("p1")
                    try await Self.wait { try await Self.waitsForChoice(bench, run) }
                    send(.terminate)
                }
                #expect(other.status == 0, "\(other.testDescription)")
                let before = try await bench.contents()
                send(.resume)
                // It notices, and goes on with other work.
                let next = try await Self.enqueue(bench, in: "other")
                try await Self.wait { try await Self.waitsForChoice(bench, next) }
                #expect(try await bench.contents() == before)
                send(.terminate)
            }
            #expect(paused.status == 0, "\(paused.testDescription)")
            #expect(try Self.words(paused, of: "lost").count == 1)
            let claims = try await Self.events(bench, run, "run_claimed").map { $0["body"]?["worker"]?.string }
            #expect(claims == ["paused", "other", "other"])
            try await Self.requireOnce(bench, run)
            // Whatever it brought is on record as late, and is not what stands.
            for late in try await Self.events(bench, run, "late_result") {
                #expect(late["body"]?["worker"]?.string == "paused")
            }
        }
    }

    @Test func `a run that a worker has is not resumed beside it, and who has it is told`() async throws {
        try await Bench.with(trouble: "slow3", in: "0.explain") { bench in
            try bench.raiseFlag()
            let run = try await Self.enqueue(bench)
            let worked = try await bench.agency(Self.worker("w")) { send in
                try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
                let rival = try await bench.agency("resume", run)
                #expect(rival.status == 75, "\(rival.testDescription)")
                #expect(rival.complaints.count == 1)
                #expect(rival.err.contains("worker w has run \(run) until"))
                let reverted = try await bench.agency("revert", run, "--to", "start")
                #expect(reverted.status == 75, "\(reverted.testDescription)")
                try await Self.wait { try await Self.waitsForChoice(bench, run) }
                send(.terminate)
            }
            #expect(worked.status == 0)
            // Afterwards it is, under a claim of its own: the worker may still believe that it has the run.
            try await bench.choose("p1")
            try await bench.resume(75)
            let claims = try await Self.events(bench, run, "run_claimed")
            #expect(claims.count == 2 && claims.first?["body"]?["worker"]?.string == "w")
            try await Self.requireOnce(bench, run)
        }
    }

    @Test func `a worker leaves a run alone that somebody carries through at a terminal`() async throws {
        try await Bench.with(trouble: "slow4", in: "0.explain") { bench in
            try bench.raiseFlag()
            async let begun = bench.begin()
            try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
            let worked = try await bench.agency(Self.worker("w", "--until-idle"))
            #expect(worked.status == 75, "\(worked.testDescription)")
            let skipped = try Self.notices(worked).filter { $0["notice"]?.string == "skipped" }
            #expect(skipped.count == 1)
            #expect(skipped.first?["why"]?.string?.contains("holds \(bench.home)/runs/r-") == true)
            let outcome = try await begun
            #expect(outcome.status == 75, "\(outcome.testDescription)")
            #expect(try await bench.events().allSatisfy { $0["type"]?.string != "run_claimed" })
            try await bench.requireSound()
        }
    }

    @Test func `a run whose performer hangs keeps no other waiting`() async throws {
        try await Bench.with(trouble: "hang", in: "0.explain") { bench in
            try bench.raiseFlag()
            let stuck = try await Self.enqueue(bench)
            let worked = try await bench.agency(Self.worker("w", "--runs", "2", "--grace", "1")) { send in
                try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
                try bench.lowerFlag()
                for _ in 0..<5 {
                    let run = try await Self.enqueue(bench)
                    try await Self.wait { try await Self.waitsForChoice(bench, run) }
                }
                #expect(try await !Self.waitsForChoice(bench, stuck))
                send(.terminate)
            }
            #expect(worked.status == 0, "\(worked.testDescription)")
        }
    }
}
