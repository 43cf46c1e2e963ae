// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Foundation
import Testing

/// Every version has to make of these records what the versions that wrote them did.
@Suite(.timeLimit(.minutes(4)))
struct GoldenHistoryTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Histories")
    /// The records are made anew only by scripts/record-histories.
    static let isRecording = ProcessInfo.processInfo.environment["AGENCY_RECORD_HISTORIES"] != nil

    static var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(".jsonl") }.sorted()
    }

    static func read(_ name: String) throws -> History {
        try History(reading: Array(try Data(contentsOf: folder.appendingPathComponent(name))))
    }

    @Test(.enabled(if: isRecording), arguments: Lives.all)
    func `a history is recorded anew`(life: Lives.Life) async throws {
        let bench = try await life.live()
        var history = try await bench.agency.history(of: bench.run)
        history.expected = History.Expected(try await history.replayed())
        let file = Self.folder.appendingPathComponent("\(life).jsonl")
        try Data(try history.bytes()).write(to: file)
    }

    @Test(.disabled(if: isRecording), arguments: names)
    func `a golden history folds to the same state by the same decisions`(name: String) async throws {
        let history = try Self.read(name)
        let expected = try #require(history.expected)
        let replay = try await history.replayed()
        #expect(replay.agrees, "\(replay.first(.decision)?.description ?? "")")
        #expect(replay.state.digest == expected.state)
        #expect(replay.decisions == expected.decisions)
        #expect(replay.state.anomalies.isEmpty)
        #expect(replay.unrecognized == 0)
        // Prompts and wordings may change from version to version; record the histories anew when they do.
        #expect(replay.counts == [:], "\(replay.divergences.first?.description ?? "")")
        #expect(replay.prompts == expected.prompts)
        #expect(replay.promptsNotCompared == 0)
    }

    @Test(.disabled(if: isRecording))
    func `the golden histories hold every kind of event`() throws {
        var kinds: Set<String> = []
        for name in Self.names {
            for (sequence, bytes) in try Self.read(name).events.enumerated() {
                kinds.insert(try RecordedEvent(sequence: sequence, storedBytes: bytes).event.type)
            }
        }
        let wanted: Set = [
            "run_started", "episode_started", "episode_completed", "episode_failed", "episodes_reopened",
            "option_added", "choice_requested", "choice_recorded", "choice_lapsed", "question_asked", "goals_edited",
            "run_paused", "run_continued", "run_stopped", "checkpoint_made", "step_authorized", "step_intended",
            "step_observed", "step_settled", "steps_reverted", "goals_settled", "run_finished",
            "reconciliation_requested", "step_reconciled",
        ]
        #expect(wanted.subtracting(kinds).isEmpty)
    }

    @Test(arguments: Lives.all)
    func `what a run decides now is what its replay decides`(life: Lives.Life) async throws {
        let bench = try await life.live()
        let replay = try await bench.agency.replay(bench.run)
        #expect(replay.counts == [:], "\(replay.divergences.first?.description ?? "")")
        #expect(replay.state == (try await bench.state()))
        #expect(replay.prompts == replay.state.episodes.count || replay.prompts > 0)
        #expect(replay.next == nil)
    }
}
