// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

@Suite struct RivalTests {
    /// Begins a run that dwells in the explainer's episode, does something meanwhile that ends it, and looks what it did.
    private static func meanwhile(
        _ work: @escaping @Sendable (Bench) async throws -> Void,
        then check: @escaping @Sendable (Bench, Outcome) async throws -> Void
    ) async throws {
        try await Bench.with(trouble: "slow20", in: "0.explain") { bench in
            try bench.raiseFlag()
            async let working = bench.begin()
            try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
            try await work(bench)
            let since = ContinuousClock.now
            let worked = try await working
            #expect(since.duration(to: .now) < .seconds(2))
            try bench.lowerFlag()
            let processes = try await Outcome.of("/usr/bin/pgrep", ["-f", bench.diary], in: "/", environment: [:])
            #expect(processes.status == 1, "still there: \(processes.out)")
            try await check(bench, worked)
        }
    }

    @Test func `a pause reaches the worker within two seconds, and nothing is performed twice`() async throws {
        try await Self.meanwhile { bench in
            let rival = try await bench.agency("resume")
            #expect(rival.status == 75, "\(rival.testDescription)")
            #expect(rival.complaints.count == 1)
            #expect(rival.err.contains("holds \(bench.home)/runs/r-"))
            let paused = try await bench.agency("pause", "--why", "lunch")
            #expect(paused.status == 0)
        } then: { bench, worked in
            #expect(worked.status == 75, "\(worked.testDescription)")
            #expect(worked.err.contains("paused; go on with: agency resume r-"))
            let whileNot = try await bench.agency("choose", "--none", "--why", "x", "--shown", "0123456789ab")
            #expect(whileNot.status == 75)
            #expect(whileNot.err.contains("paused"))
            let before = bench.performances
            try await bench.resume(75)
            #expect(Array(bench.performances.dropFirst(before.count)) == ["0.explain.explainer 0"])
            try await bench.finish()
            try await bench.requireSound()
        }
    }

    @Test func `a stop reaches the worker, and the run stays stopped`() async throws {
        try await Self.meanwhile { bench in
            let stopped = try await bench.agency("stop", "--why", "it is no use")
            #expect(stopped.status == 0)
        } then: { bench, worked in
            #expect(worked.status == 1, "\(worked.testDescription)")
            #expect(worked.err.contains("stopped"))
            try await bench.resume(1)
            let again = try await bench.agency("stop")
            #expect(again.status == 75)
            #expect(again.err.contains("is over: stopped"))
            #expect(try await bench.agency("pause").status == 75)
            try await bench.requireSound()
        }
    }

    @Test(arguments: [Signal.interrupt, .terminate])
    func `an interrupted run leaves no program behind and goes on where it was`(_ signal: Signal) async throws {
        try await Bench.with(trouble: "slow20", in: "0.explain") { bench in
            try bench.raiseFlag()
            let ended = try await bench.agency(["run", "brief.md", "-a", "board.yaml", "-w", "ws"], signal: signal) {
                try await bench.wait { bench.performances.contains("0.explain.explainer 0") }
            }
            #expect(ended.status == 130, "\(ended.testDescription)")
            #expect(ended.complaints.last?.contains("go on with: agency resume r-") == true)
            #expect(ended.time < .seconds(15))
            let processes = try await Outcome.of("/usr/bin/pgrep", ["-f", bench.diary], in: "/", environment: [:])
            #expect(processes.status == 1, "still there: \(processes.out)")
            try bench.lowerFlag()
            let before = bench.performances
            try await bench.resume(75)
            #expect(Array(bench.performances.dropFirst(before.count)) == ["0.explain.explainer 0"])
            try await bench.requireSound()
        }
    }

    @Test func `a ledger that is locked for long is waited for, and then said to be busy`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let sheet = try await bench.sheet()
            try await bench.while("ledger.py", [bench.ledger, "hold", "held"], until: { bench.exists("held") }) {
                let busy = try await bench.agency("choose", "--option", "p1", "--shown", sheet, "--why", "it is best")
                #expect(busy.status == 75, "\(busy.testDescription)")
                #expect(busy.complaints.count == 1)
                #expect(busy.err.contains("held by another process"))
                #expect(busy.time > .seconds(4))
            }
            try await bench.finish()
            try await bench.requireSound()
        }
    }

    @Test func `of two choices at once one is recorded`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let sheet = try await bench.sheet()
            let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
                for option in ["p1", "p2", "p1", "p2"] {
                    group.addTask {
                        try await bench.agency("choose", "--option", option, "--shown", sheet, "--why", "it is best")
                            .status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [0, 75, 75, 75])
            #expect(try await bench.events().count { $0["type"]?.string == "choice_recorded" } == 1)
            try await bench.requireSound()
        }
    }
}
