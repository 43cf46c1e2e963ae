// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencySchema
import AgencyTestKit
import Foundation
import Testing

/// Whether answers are seen to move, and not seen to move where they do not.
@Suite struct RoleProbesTests {
    private static let questions = (1...6).map {
        ProbeQuestion(id: "q\($0)", text: "What of case \($0)?", choices: ["a", "b", "c"])
    }

    /// One run in which each question is answered at random with these odds for a; the rest is b.
    private static func run(
        _ number: Int,
        as performer: String = "p",
        odds: Double,
        questions: [ProbeQuestion] = questions,
        times: Int = 3,
        vote: VotePolicy? = nil,
        _ generator: inout SplitMix64
    ) -> RunForecasts {
        let started = ProbeHistory.started(RunID("r-\(number)"), questions: questions, times: times, vote: vote)
        var history = ProbeHistory(started, at: Int64(number) * 1000)
        history.finish(as: performer) { _ in
            let isFirst = Double.random(in: 0..<1, using: &generator) < odds
            let probability = Double.random(in: 0..<1, using: &generator)
            return ["stance": "answer", "answer": isFirst ? "a" : "b", "probability": .number(probability)]
        }
        return history.forecasts
    }

    @Test func `answers that do not move are seen to move in one of a hundred at most, however often one looks`() {
        var alarms = 0
        for seed in 1...200 {
            var generator = SplitMix64(seed: UInt64(seed))
            var runs: [RunForecasts] = []
            var isAlarm = false
            for number in 1...4 {
                // Half way another performer takes over, who answers just the same.
                let name = number > 2 && seed % 2 == 0 ? "other" : "p"
                runs.append(
                    Self.run(
                        number,
                        as: name,
                        odds: 0.5,
                        questions: Array(Self.questions.prefix(4)),
                        times: 2,
                        &generator
                    )
                )
                if RoleProbes(runs).comparisons.contains(where: \.isDrift) { isAlarm = true }
            }
            alarms += isAlarm ? 1 : 0
        }
        #expect(alarms <= 2, "\(alarms) of 200")
    }

    @Test func `another performer who answers otherwise is seen, and the one before stays as it was`() throws {
        for seed in 1...20 {
            var generator = SplitMix64(seed: UInt64(seed))
            let runs = [
                Self.run(1, odds: 0.95, &generator), Self.run(2, odds: 0.95, &generator),
                Self.run(3, as: "other", odds: 0.05, &generator), Self.run(4, as: "other", odds: 0.05, &generator),
            ]
            let probes = RoleProbes(runs.reversed())
            #expect(probes == RoleProbes(runs))
            let moved = try #require(probes.comparisons.first { $0.now.performer == "other" })
            #expect(moved.isDrift && !moved.isSameName && moved.was.performer == "p", "seed \(seed)")
            #expect(moved.run == "r-3" && moved.sinceMilliseconds == 3000 && moved.pairs == 36)
            #expect(moved.words.contains("other answers otherwise than p, which was asked before it"))
            #expect(moved.words.contains("see run r-3") && moved.words.contains("evidence 1 : "))
            #expect(probes.comparisons.first { $0.now.performer == "p" }?.isDrift == false)
        }
    }

    @Test func `the same name with something else behind it is seen, and from when`() throws {
        var generator = SplitMix64(seed: 7)
        let runs = (1...6).map { Self.run($0, odds: $0 > 3 ? 0 : 1, &generator) }
        #expect(RoleProbes(runs.prefix(3)).comparisons.allSatisfy { !$0.isDrift })
        let moved = try #require(RoleProbes(runs).comparisons.first)
        #expect(moved.isDrift && moved.isSameName && moved.run == "r-4")
        #expect(moved.words.hasPrefix("p answers otherwise than it did before, since 1970-01-01T00:00:04Z"))
    }

    @Test func `a change of its own is not hidden by the one before it, nor by an earlier one of its own`() throws {
        var generator = SplitMix64(seed: 11)
        var runs = [Self.run(1, odds: 1, &generator), Self.run(2, odds: 1, &generator)]
        runs += (3...5).map { Self.run($0, as: "other", odds: 0, &generator) }
        let early = try #require(RoleProbes(runs).comparisons.first { $0.now.performer == "other" })
        #expect(early.isDrift && !early.isSameName)
        runs += (6...8).map { Self.run($0, as: "other", odds: 1, &generator) }
        let own = try #require(RoleProbes(runs).comparisons.first { $0.now.performer == "other" })
        #expect(own.isDrift && own.isSameName && own.run == "r-6")
        runs += (9...12).map { Self.run($0, as: "other", odds: 0, &generator) }
        let probes = RoleProbes(runs)
        let last = try #require(probes.comparisons.first { $0.now.performer == "other" })
        #expect(last.isDrift && last.isSameName && last.run == "r-9")
        #expect(probes.changes.map(\.run) == ["r-6", "r-9"])
    }

    @Test func `one question of many that moves is named`() throws {
        var history: [RunForecasts] = []
        for number in 1...8 {
            var one = ProbeHistory(
                ProbeHistory.started(RunID("r-\(number)"), questions: Self.questions, times: 4),
                at: Int64(number) * 1000
            )
            one.finish(as: number > 4 ? "new" : "old") { order in
                let moves = order.probe?.question == "q5" && number > 4
                return ["stance": moves ? "refuse" : "answer", "answer": moves ? "" : "a"]
            }
            history.append(one.forecasts)
        }
        let moved = try #require(RoleProbes(history).comparisons.first { $0.now.performer == "new" })
        #expect(moved.isDrift && moved.question == "q5")
    }

    @Test func `what cannot be compared is not`() throws {
        var generator = SplitMix64(seed: 3)
        let first = Self.run(1, odds: 1, &generator)
        #expect(RoleProbes([first]).comparisons.isEmpty && RoleProbes([]).comparisons.isEmpty)
        // Other questions, under the same names.
        let others = Self.questions.map { ProbeQuestion(id: $0.id, text: $0.text + " And why?", choices: $0.choices) }
        let asked = Self.run(2, as: "other", odds: 0, questions: others, &generator)
        #expect(RoleProbes([first, asked]).comparisons.isEmpty)
        // A vote makes other answers of the same performer.
        let voted = Self.run(2, odds: 0, vote: VotePolicy(.majority(of: 3, atMost: 3)), &generator)
        #expect(RoleProbes([first, voted]).comparisons.isEmpty)
        // A run that was broken off.
        let again = Self.run(2, odds: 0, &generator)
        #expect(!RoleProbes([first, again]).comparisons.isEmpty)
        var broken = ProbeHistory(ProbeHistory.started("r-9", questions: Self.questions, times: 3), at: 9000)
        for order in broken.state.agendaOrders { broken.begin(order) }
        broken.answer(broken.state.agendaOrders[0], ["stance": "refuse", "answer": ""])
        #expect(broken.state.probes.count == 1 && broken.forecasts.probed.isEmpty)
    }

    @Test func `who has moved takes over no record`() throws {
        var generator = SplitMix64(seed: 11)
        let probes = [
            Self.run(1, as: "p", odds: 1, &generator), Self.run(2, as: "q", odds: 0, &generator),
            Self.run(3, as: "q", odds: 0, &generator),
        ]
        var history = History(SimulatedRun(critique: 0))
        while history.step() {}
        let run = RunForecasts(of: History.run, events: history.events)
        let old = try #require(RecordBook([run]).entries.first { $0.key.role == "auditor" })
        #expect(old.record.count > 0 && old.key.performer == "p")
        var key = old.key
        key.performer = "q"
        let inherited = RecordBook([run]).entry(of: key).expected.brier
        let book = RecordBook([run] + probes)
        #expect(book.comparison(of: key)?.isDrift == true && book.comparison(of: old.key)?.isDrift != true)
        // `entry(of:)` of somebody without a forecast: what is known of those before, where it may be taken over.
        #expect(inherited == RecordBook([run] + probes.prefix(1)).entry(of: key).expected.brier)
        let fresh = RecordBook([run], drifted: [key]).entry(of: key).expected.brier
        #expect(book.entry(of: key).expected.brier == fresh && fresh != inherited)
        #expect(book.only(of: "auditor").comparisons == book.comparisons)
        #expect(book.only(of: "writer").comparisons.isEmpty)
    }

    @Test func `what was forecast under the same name by something else is not counted`() throws {
        var generator = SplitMix64(seed: 11)
        var history = History(SimulatedRun(critique: 0))
        while history.step() {}
        let run = RunForecasts(of: History.run, events: history.events)
        let probes = (2...5).map { Self.run($0, odds: $0 > 3 ? 0 : 1, &generator) }
        func counted(_ runs: [RunForecasts], _ role: String) -> Int {
            RecordBook(runs).entries.first { $0.key.role == role }?.record.count ?? 0
        }
        #expect(counted([run] + probes.prefix(2), "auditor") > 0)
        #expect(counted([run] + probes, "auditor") == 0)
        #expect(counted([run] + probes, "writer") == counted([run], "writer"))
    }
}
