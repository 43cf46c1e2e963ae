// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

@Suite struct KillTests {
    @Test func `a run killed at any moment is brought to the same end`() async throws {
        try await Bench.with { bench in
            let before = try await bench.contents()
            // With one evaluation there is one order in which evaluations can come.
            try bench.edit("board.yaml", "count: 2", "count: 1")
            try bench.edit("board.yaml", "roles: [auditor, saboteur]", "roles: [auditor]")
            try await bench.beginAndWait("--record", "recordings")
            try await bench.finish()
            let expected = try await bench.contents()
            let performed = bench.performances
            #expect(Set(performed).count == performed.count)

            var history = History(bench: bench)
            try await history.begin(anew: before)
            try await history.finish()
            #expect(try await bench.contents() == expected)
            let length = history.elapsed

            var random = Seeded(seed: 20_240_229)
            for number in 0..<12 {
                // One in each twelfth, so that no part of the run is left out.
                let part = (Double(number) + Double.random(in: 0..<1, using: &random)) / 12
                var history = History(bench: bench, kill: length * part)
                try await history.begin(anew: before)
                try await history.finish()
                #expect(history.wasKilled || number == 11, "killed at \(part) of \(length)")
                #expect(try await bench.contents() == expected, "killed at \(part)")
                try await Self.requireOnce(bench, episodes: 8, "killed at \(part)")
            }
            // Replayed answers are not performed at all.
            #expect(bench.performances == performed)
        }
    }

    @Test func `a recording is replayed in whatever order its answers come`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait("--record", "recordings")
            for _ in 0..<3 {
                try bench.remove("home")
                let replayed = try await bench.begin("--replay", "recordings")
                // The explainer is given the evaluations in the order in which they were recorded.
                withKnownIssue(isIntermittent: true) {
                    #expect(replayed.status == 75, "\(replayed.testDescription)")
                }
            }
        }
    }

    @Test func `an episode on record is not performed again after the process was killed`() async throws {
        try await Bench.with { bench in
            let before = try await bench.contents()
            for milliseconds in [130, 190, 250, 310] {
                try? bench.remove("diary")
                var history = History(bench: bench, more: [], kill: .milliseconds(milliseconds))
                try await history.begin(anew: before)
                let begun = try await bench.agency("status", "latest").status == 0
                let completed = begun ? try await Self.episodes(of: bench, "episode_completed") : []
                let performed = bench.performances
                try await history.finish()
                let again = bench.performances.dropFirst(performed.count)
                let repeated = again.filter { line in completed.contains { line.hasPrefix($0 + " ") } }
                #expect(repeated.isEmpty, "killed after \(milliseconds) ms")
                try await Self.requireOnce(bench, episodes: 14, "killed after \(milliseconds) ms")
            }
        }
    }

    @Test(arguments: [Signal.kill, .interrupt, .terminate])
    func `a step that was under way when the process ended is undone before it is done again`(_ signal: Signal) async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let act = "import time; open('half.txt', 'a').write('half'); time.sleep(1.5); open('half.txt', 'a').write('whole')"
            let action = "\"tool\": \"shell.run\", \"arguments\": {\"command\": [\"python3\", \"-c\", \"\(act)\"]}"
            let forecast = "\"forecasts\": []"
            try bench.write(
                "plan.json",
                """
                {"assumptions": [], "steps": [{"id": "s1", "intent": "Do it.", "action": {\(action)}, \(forecast),
                 "reversibility": "reversible", "stakes": "low", "after": []}]}
                """
            )
            let edited = try await bench.agency("choose", "--edit", "p2", "--plan", "plan.json", "--why", "otherwise")
            #expect(edited.status == 0, "\(edited.testDescription)")
            try await bench.resume(75)
            try await bench.choose("p2.e1")
            let ended = try await bench.agency(["resume"], signal: signal) {
                try await bench.wait { bench.text("ws/half.txt") == "half" }
            }
            #expect(ended.status == (signal == .kill ? 128 + 9 : 130), "\(ended.testDescription)")
            if signal != .kill { #expect(ended.complaints.last?.contains("interrupted; nothing recorded is lost") == true) }
            // Nothing of it lives on to write the rest.
            try await Task.sleep(for: .seconds(1.6))
            #expect(bench.text("ws/half.txt") == "half")
            let resumed = try await bench.resume(75)
            #expect(resumed.err.contains("undone: s1 (interrupted)"), "\(resumed.testDescription)")
            #expect(bench.text("ws/half.txt") == "halfwhole")
            let steps = try await bench.agency("show", "--step", "s1", "--json").json().array ?? []
            #expect(steps.map { $0["reverted"]?["reason"]?.string } == ["interrupted", nil])
            try await bench.requireSound()
        }
    }

    /// Asserts that every episode was completed once and every step of the plan settled once.
    private static func requireOnce(_ bench: Bench, episodes count: Int, _ when: Comment) async throws {
        try await bench.requireSound()
        let completed = try await episodes(of: bench, "episode_completed")
        #expect(completed.count == count, when)
        #expect(Set(completed).count == completed.count, when)
        let state = try await bench.state()
        #expect(state["status"]?.string == "done", when)
        let standing = (state["steps"]?.array ?? []).filter { $0["reverted"]?.isNull == true }
        #expect(standing.map { $0["step"]?["id"]?.string } == ["s1", "s2", "s3"], when)
        #expect(standing.allSatisfy { $0["halt"]?.isNull == true && $0["checkpoint"]?.string != nil }, when)
        let settled = try await bench.events().filter { $0["type"]?.string == "step_settled" && ($0["body"]?["halt"] ?? .null).isNull }
        #expect(settled.map { $0["body"]?["step"]?.string } == ["s1", "s2", "s3"], when)
    }

    private static func episodes(of bench: Bench, _ type: String) async throws -> [String] {
        try await bench.events().filter { $0["type"]?.string == type }.compactMap { $0["body"]?["episode"]?.string }
    }
}

/// One run from the brief to its end, killed once on the way.
private struct History {
    let bench: Bench
    var more = ["--replay", "recordings"]
    /// After how much work the process that is then running is killed.
    var kill: Duration?
    private(set) var elapsed = Duration.zero
    private(set) var wasKilled = false

    init(bench: Bench, more: [String] = ["--replay", "recordings"], kill: Duration? = nil) {
        self.bench = bench
        self.more = more
        self.kill = kill
    }

    /// Begins in a workspace as it was, with an empty ledger.
    mutating func begin(anew before: [String: String]) async throws {
        if bench.exists("home") { try bench.remove("home") }
        try await bench.git("reset", "-q", "--hard")
        try await bench.git("clean", "-qfd")
        try #require(try await bench.contents() == before)
        try await start()
    }

    private mutating func start() async throws {
        try await go(["run", "brief.md", "-a", "board.yaml", "-w", "ws"] + more)
    }

    /// Does what is due until the run is over.
    mutating func finish() async throws {
        for _ in 0..<20 {
            guard try await bench.agency("status", "latest").status == 0 else {
                // It was killed before anything was on record.
                try await start()
                continue
            }
            let state = try await bench.state()
            guard state["finished"]?.isNull == true else { return }
            guard state["waits_for_choice"] == true, let sheet = state["sheet"]?.string else {
                try await go(["resume"])
                continue
            }
            let option = state["options"]?.array?.contains { $0["id"]?.string == "p1.r1" } == true ? "p1.r1" : "p1"
            try await go(["choose", "--option", option, "--shown", sheet, "--why", "it is best"])
        }
        Issue.record("the run does not end: \(try await bench.state())")
    }

    private mutating func go(_ command: [String]) async throws {
        let left = wasKilled ? nil : kill.map { $0 - elapsed }
        let outcome =
            if let left {
                try await bench.agency(command, at: { try await Task.sleep(for: left) })
            } else {
                try await bench.agency(command)
            }
        elapsed += outcome.time
        if outcome.status == 128 + 9 { wasKilled = true }
        try #require([0, 75, 128 + 9].contains(outcome.status), "\(outcome.testDescription)")
    }
}

/// The same numbers every time.
///
/// > Source: S. Vigna, SplitMix64 <https://prng.di.unimi.it/splitmix64.c>.
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
