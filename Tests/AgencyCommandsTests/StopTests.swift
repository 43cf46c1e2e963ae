// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

/// A run is stopped within a second, whoever hangs.
@Suite struct StopTests {
    /// Stops the run while a command works on it, and asserts that everything is over within a second.
    private func stop(
        _ bench: Bench,
        _ command: [String],
        when isUnderWay: @escaping @Sendable () throws -> Bool
    )
        async throws
    {
        let worked = try await bench.agency(command) { send in
            try await bench.wait(until: isUnderWay)
            let start = ContinuousClock.now
            let stopped = try await bench.agency("stop", "--why", "it hangs")
            #expect(stopped.status == 0, "\(stopped.testDescription)")
            // It takes less than a second on a machine with nothing else to do; whatever hangs here hangs for ten minutes.
            #expect(start.duration(to: .now) < .seconds(20))
            #expect(try await alive(bench).isEmpty)
        }
        #expect(worked.status != 0)
        let state = try await bench.state()
        #expect(state["status"] == "stopped")
        #expect(try await bench.events().last?["type"] == "run_stopped")
        #expect(try await bench.agency("resume").status == 1)
        #expect(try await bench.agency("verify").status == 0)
    }

    /// The programs of the run that still live.
    private func alive(_ bench: Bench) async throws -> [String] {
        try await bench.shell(
            "ps -eo pid=,args= | grep -F '\(bench.root)' | grep -v grep | grep -v ' stop ' | grep -v ledger.py || true"
        )
        .out.split(separator: "\n").map(String.init).filter { !$0.contains("ps -eo") }
    }

    @Test func `a performer that hangs does not keep a run from being stopped`() async throws {
        try await Bench.with(trouble: "hang", in: "0.propose") { bench in
            try bench.raiseFlag()
            try await stop(bench, ["run", "brief.md", "-a", "board.yaml", "-w", "ws"]) {
                bench.performances.contains { $0.contains("0.propose") }
            }
        }
    }

    @Test func `a tool that hangs does not keep a run from being stopped, and nothing of it lives on`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let mark = "mark-\(UInt64.random(in: 0...(.max)))"
            let plan: JSONValue = [
                "assumptions": [],
                "steps": [
                    [
                        "id": "s1", "intent": "Wait.", "reversibility": "reversible", "stakes": "low", "after": [],
                        "forecasts": [],
                        "action": [
                            "tool": "shell.run",
                            "arguments": [
                                "command": [
                                    "python3", "-c",
                                    .string(
                                        "import os,time,signal\nsignal.signal(15, signal.SIG_IGN)\nos.fork()\ntime.sleep(600) # \(mark)"
                                    ),
                                ], "seconds": 600,
                            ],
                        ],
                    ]
                ],
            ]
            try bench.write("plan.json", plan.canonicalText)
            let added = try await bench.agency("choose", "--edit", "p1", "--plan", "plan.json", "--why", "to see")
            #expect(added.status == 0, "\(added.testDescription)")
            try await bench.resume(75)
            try await bench.choose("p1.e1")
            try await stop(bench, ["resume"]) { KillTests.runs(mark) }
            #expect(!KillTests.runs(mark))
        }
    }

    @Test func `a process that stands still is ended from outside, with everything below it`() async throws {
        try await Bench.with(trouble: "hang", in: "0.propose") { bench in
            try bench.raiseFlag()
            let worked = try await bench.agency(["run", "brief.md", "-a", "board.yaml", "-w", "ws"]) { send in
                try await bench.wait { bench.performances.contains { $0.contains("0.propose") } }
                send(.suspend)
                let stopped = try await bench.agency("stop", "--why", "it hangs")
                #expect(stopped.status == 0, "\(stopped.testDescription)")
                #expect(stopped.time < .seconds(20))
                #expect(try await alive(bench).isEmpty)
            }
            #expect(worked.status == 137)
            #expect(try await bench.state()["status"] == "stopped")
        }
    }

    @Test func `a ledger that does not answer keeps nothing alive, and is told later`() async throws {
        try await Bench.with(trouble: "hang", in: "0.propose") { bench in
            try bench.raiseFlag()
            let worked = try await bench.agency(["run", "brief.md", "-a", "board.yaml", "-w", "ws"]) { send in
                try await bench.wait { bench.performances.contains { $0.contains("0.propose") } }
                try await bench.while(
                    "ledger.py",
                    [bench.ledger, "hold", bench.root + "/held"],
                    until: { bench.exists("held") }
                ) {
                    async let stopping = bench.agency("stop", "--why", "it hangs")
                    try await Task.sleep(for: .milliseconds(1500))
                    #expect(try await alive(bench).isEmpty, "before the ledger has answered")
                    _ = try await stopping
                }
            }
            #expect(worked.status != 0)
            _ = try await bench.agency("resume")
            #expect(try await bench.state()["status"] == "stopped")
        }
    }

    @Test func `every run that is not over is stopped with one word, and what is over stays as it was`() async throws {
        try await Bench.with(trouble: "hang", in: "0.propose") { bench in
            try await bench.beginAndWait()
            let declined = try await bench.agency("choose", "--none", "--shown", try await bench.sheet(), "--why", "x")
            #expect(declined.status == 0, "\(declined.testDescription)")
            _ = try await bench.agency("resume")
            try await bench.beginAndWait()
            try bench.raiseFlag()
            let before = bench.performances.count
            let worked = try await bench.agency(["run", "brief.md", "-a", "board.yaml", "-w", "ws"]) { _ in
                try await bench.wait { bench.performances.count > before }
                let stopped = try await bench.agency("stop", "--all", "--why", "an alarm")
                #expect(stopped.status == 0 && stopped.out.contains("stopped 2 of 2"), "\(stopped.testDescription)")
                #expect(try await alive(bench).isEmpty)
            }
            #expect(worked.status != 0)
            let rows = try await bench.agency("status", "--json").json()
            #expect(rows.array?.compactMap { $0["status"]?.string }.sorted() == ["declined", "stopped", "stopped"])
            #expect(try await bench.agency("stop", "--all").out.contains("stopped 0 of 0"))
            #expect(try await bench.agency("stop", "--all", "latest").status == 64)
            #expect(try await bench.agency("verify").status == 0)
        }
    }
}
