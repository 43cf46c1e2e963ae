// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Foundation
import Testing

/// Thousands of histories of the whole runtime; a failing one prints the line that lives through it again.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct HistoryTests {
    /// Seeds whose histories broke a promise, with what it was, when it was found or was put back on purpose.
    ///
    /// Whatever changes what is drawn makes another history of a seed; scripts/mutants finds seeds anew.
    static let kept: [(seed: UInt64, found: String)] = [
        (17, "a desk recorded a choice that had lapsed; a clock that was put back made one valid again"),
        (147, "a worker that stood still after its intent acted when the choice had lapsed"),
        (597, "a person declined what had been interrupted, and its effect stayed and was not on the record"),
        (620, "what had filled a hole under one choice went on filling it under the next"),
        (711, "a person declined what had been interrupted, and its effect stayed and was not on the record"),
        (1108, "a person was asked about a step of a run that had been stopped meanwhile"),
        (55, "that nobody had chosen in time was said beside the worker that had the run, as whoever looks may"),
        (2031, "late results are counted beyond the limit, which is no broken promise and was taken for one"),
    ]

    /// How many histories a test run lives through; they are told apart by their seeds.
    static let count = 80
    static let share = 20

    @Test(.enabled(if: only == nil), arguments: 0..<(count / share))
    func `every promise is kept in every history`(part: Int) async {
        for seed in UInt64(part * Self.share + 1)...UInt64((part + 1) * Self.share) {
            let report = await Simulation(seed: seed).run()
            #expect(report.violations.isEmpty, "\(report)")
        }
    }

    @Test(.enabled(if: only == nil), arguments: kept.map(\.seed))
    func `what was found once is not there any more`(seed: UInt64) async {
        let report = await Simulation(seed: seed).run()
        #expect(report.violations.isEmpty, "\(report)")
    }

    static var only: UInt64? {
        ProcessInfo.processInfo.environment["AGENCY_SIMULATION_SEED"].flatMap { UInt64($0) }
    }

    /// Lives through one history and shows all of it.
    @Test(.enabled(if: only != nil))
    func `the history that was asked for is sound`() async throws {
        var simulation = Simulation(seed: try #require(Self.only))
        simulation.keepsTrace = true
        let report = await simulation.run()
        let trace = report.trace.joined(separator: "\n")
        #expect(report.violations.isEmpty, "\(trace)\n\(report.violations.joined(separator: "\n"))\n\(report)")
    }
}
