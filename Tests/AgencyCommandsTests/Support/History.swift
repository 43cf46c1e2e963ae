// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

/// One run from the brief to its end, killed once on the way.
struct History {
    let bench: Bench
    /// More arguments of the command that begins it.
    var more: [String]
    /// After how much work the process that is then running is killed.
    var kill: Duration?
    private(set) var elapsed = Duration.zero
    private(set) var wasKilled = false

    init(bench: Bench, more: [String] = [], kill: Duration? = nil) {
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
struct Seeded: RandomNumberGenerator {
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
