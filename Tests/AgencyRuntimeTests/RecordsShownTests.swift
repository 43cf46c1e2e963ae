// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyLedger
import AgencyRuntime
import AgencyTestKit
import LedgerSQLite
import Testing

/// What earlier runs say of those who judge, beside what they say.
@Suite struct RecordsShownTests {
    @Test func `without an earlier run nothing is shown, and with one the choice is bound to what is`() async throws {
        let bench = try RuleBench(mandate: nil)
        let first = try await bench.carry()
        #expect(first.records == nil)
        #expect(try #require(first.goalOutcomes.first).settlement.probability == 0.9)
        let second = try await bench.carry(choosing: false)
        let records = try #require(second.records)
        #expect(records.runs == 1 && records.settled == 1)
        #expect(records.evaluators.map(\.role) == ["auditor", "saboteur"])
        #expect(records.evaluators.allSatisfy { $0.settled == 1 && !$0.isAdvisory })
        #expect(records.evaluators.allSatisfy { abs(($0.brier ?? 1) - 0.01) < 1e-9 })
        #expect(records.options.map(\.proposal) == ["p1", "p2", "p3"])
        var other = second
        other.apply(
            RecordedEvent(
                sequence: other.sequence + 1,
                atMilliseconds: 1,
                event: .recordsShown(RecordsShown(runs: 9, settled: 9, evaluators: [], options: []))
            )
        )
        #expect(other.anomalies == [] && other.currentSheet.digest != second.currentSheet.digest)
    }

    @Test func `who is often wrong weighs less, and what is settled is what all said together`() async throws {
        let bench = try RuleBench(mandate: nil)
        for _ in 0..<6 { try await bench.carry(bench.performer(comesTrue: false)) }
        let state = try await bench.carry(choosing: false)
        let pooled = try #require(state.records?.options.first { $0.proposal == "p1" })
        // 0.9 was said six times, and came true never.
        #expect(pooled.probability < 0.6 && pooled.evaluators == 2)
        #expect(state.probability(of: "p1") == pooled.probability)
        // Half of what they said was of the revisions, at 0.7, which came true.
        #expect(state.records?.evaluators.allSatisfy { abs(($0.brier ?? 0) - (0.81 + 0.09) / 2) < 1e-9 } == true)
    }

    @Test func `a role whose forecasts are together too far off is told from one that is as good as it says`()
        async throws
    {
        let bench = try RuleBench(mandate: nil)
        for _ in 0..<12 { try await bench.carry(bench.performer(comesTrue: false, probability: 0.99)) }
        let book = try await bench.agency.records.book().book
        let judges = book.entries.filter { $0.key.task == "evaluate" }
        #expect(judges.count == 2 && judges.allSatisfy { $0.surprise.haltsRun })
        // The reviser's plans came true, as it had said.
        let revisers = book.entries.filter { $0.key.task == "revise" }
        #expect(!revisers.isEmpty && revisers.allSatisfy { $0.record.count > 0 && !$0.surprise.haltsRun })
    }

    @Test func `a new model is advisory, and starts near the record of the one before it`() async throws {
        let bench = try RuleBench(mandate: nil)
        for _ in 0..<3 { try await bench.carry() }
        let state = try await bench.carry(bench.performer(as: "newer"), choosing: false)
        let standings = try #require(state.records?.evaluators)
        #expect(standings.allSatisfy { $0.isAdvisory && $0.brier == nil && $0.performer == "newer" })
        #expect(standings.allSatisfy { $0.expectedBrier < 0.2 })
    }

    @Test func `the same runs give the same numbers in every store`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try SQLiteLedgerStore(path: directory + "/ledger.sqlite")
            var shown: [RecordsShown?] = []
            for store in [InMemoryLedgerStore() as any LedgerStore, file] {
                let bench = try RuleBench(store: store)
                for turn in 0..<4 { try await bench.carry(bench.performer(comesTrue: turn % 2 == 0)) }
                let state = try await bench.carry(choosing: false)
                // What is folded again from the ledger is what was shown, to the last bit.
                let again = try await Agency(store: store, now: { bench.clock.nowMilliseconds }).records
                    .over(of: bench.simulated.architecture.name)
                #expect(state.records(from: again, at: bench.clock.nowMilliseconds) == state.records)
                shown.append(state.records)
            }
            #expect(shown[0] != nil && shown[0] == shown[1])
        }
    }
}
