// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

@Suite struct KillTests {
    @Test func `a run killed at any moment is brought to the same end`() async throws {
        try await Bench.with(gate: .long) { bench in
            let before = try await bench.contents()
            try Self.leaveOneEvaluation(of: bench)
            try await bench.beginAndWait("--record", "recordings")
            try await bench.finish()
            let expected = try await bench.contents()
            let performed = bench.performances
            #expect(Set(performed).count == performed.count)

            let recordings = bench.root + "/recordings"
            var history = History(bench: bench, more: ["--replay", recordings])
            try await history.begin(anew: before)
            try await history.finish()
            #expect(try await bench.contents() == expected)
            // Replayed answers are not performed at all.
            #expect(bench.performances == performed)

            let length = history.elapsed
            var random = Seeded(seed: 20_240_229)
            // One in each twelfth, so that no part of the run is left out.
            let parts = (0..<12).map { (Double($0) + Double.random(in: 0..<1, using: &random)) / 12 }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<2 {
                    group.addTask {
                        for number in stride(from: lane, to: parts.count, by: 2) {
                            try await Self.replay(recordings, killedAt: length * parts[number], expecting: expected)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Replays a run in a place of its own, kills it, and asserts that it comes to the same end.
    private static func replay(
        _ recordings: String,
        killedAt moment: Duration,
        expecting expected: [String: String]
    ) async throws {
        try await Bench.with(gate: Gate(width: 1)) { bench in
            try leaveOneEvaluation(of: bench)
            var history = History(bench: bench, more: ["--replay", recordings], kill: moment)
            try await history.begin(anew: try await bench.contents())
            try await history.finish()
            #expect(try await bench.contents() == expected, "killed at \(moment)")
            try await requireOnce(bench, episodes: 8, "killed at \(moment)")
            #expect(bench.performances.isEmpty)
        }
    }

    @Test func `a recording is replayed in whatever order its answers come`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait("--record", "recordings")
            for _ in 0..<3 {
                try bench.remove("home")
                let replayed = try await bench.begin("--replay", "recordings")
                #expect(replayed.status == 75, "\(replayed.testDescription)")
            }
        }
    }

    @Test func `an episode on record is not performed again after the process was killed`() async throws {
        try await Bench.with { bench in
            let before = try await bench.contents()
            for milliseconds in [130, 190, 250, 310] {
                try? bench.remove("diary")
                var history = History(bench: bench, kill: .milliseconds(milliseconds))
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
    func `a step that was under way when the process ended is undone before it is done again`(
        _ signal: Signal
    ) async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let mark = "mark-\(UInt64.random(in: 0...(.max)))"
            let act =
                "import time; open('half.txt', 'a').write('half'); time.sleep(1.5); open('half.txt', 'a').write('whole') # \(mark)"
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
                try await bench.wait { Self.runs(mark) }
            }
            #expect(ended.status == (signal == .kill ? 128 + 9 : 130), "\(ended.testDescription)")
            if signal != .kill {
                #expect(ended.complaints.last?.contains("interrupted; nothing recorded is lost") == true)
            }
            // Nothing of it lives on to write the rest.
            try await Task.sleep(for: .seconds(1.6))
            #expect(!bench.exists("ws/half.txt") && !Self.runs(mark))
            let resumed = try await bench.resume(75)
            #expect(resumed.err.contains("undone: s1 (interrupted)"), "\(resumed.testDescription)")
            #expect(bench.text("ws/half.txt") == "halfwhole")
            let steps = try await bench.agency("show", "--step", "s1", "--json").json().array ?? []
            #expect(steps.map { $0["reverted"]?["reason"]?.string } == ["interrupted", nil])
            try await bench.requireSound()
        }
    }

    /// Whether a process of this machine has a word among its arguments.
    static func runs(_ word: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.contains { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                return false
            }
            return line.range(of: Data(word.utf8)) != nil
        }
    }

    /// With one evaluation there is one order in which evaluations can come, and so one prompt for the explainer.
    static func leaveOneEvaluation(of bench: Bench) throws {
        try bench.edit("board.yaml", "count: 2", "count: 1")
        try bench.edit("board.yaml", "roles: [auditor, saboteur]", "roles: [auditor]")
        let text = bench.text("board.yaml")
        let start = try #require(text.range(of: "  saboteur:\n")).lowerBound
        let end = try #require(text.range(of: "  explainer:\n")).lowerBound
        try bench.write("board.yaml", text.replacingCharacters(in: start..<end, with: ""))
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
        let settled = try await bench.events().filter {
            $0["type"]?.string == "step_settled" && ($0["body"]?["halt"] ?? .null).isNull
        }
        #expect(settled.map { $0["body"]?["step"]?.string } == ["s1", "s2", "s3"], when)
    }

    private static func episodes(of bench: Bench, _ type: String) async throws -> [String] {
        try await bench.events().filter { $0["type"]?.string == type }.compactMap { $0["body"]?["episode"]?.string }
    }
}
