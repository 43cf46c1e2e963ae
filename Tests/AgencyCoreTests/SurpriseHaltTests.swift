// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyTestKit
import Testing

/// A halt because all that was seen of a plan is together too unlikely.
@Suite struct SurpriseHaltTests {
    private static func simulated(surprise: Double? = nil, rate: Double? = 0.01) throws -> SimulatedRun {
        var simulated = SimulatedRun(critique: 0)
        let index = try #require(simulated.architecture.flow.firstIndex { $0.word == "enact" })
        simulated.architecture.flow[index] = .enact(role: "keeper", surprise: surprise, falseAlarms: rate)
        return simulated
    }

    /// Enacts a plan of as many steps as there are outcomes, each with one forecast at the same probability.
    ///
    /// - Returns: The number of the step at which it halts.
    private static func halt(at probability: Double, _ outcomes: [Bool], _ simulated: SimulatedRun) throws -> Int? {
        var history = History(simulated)
        history.driveToChoice()
        let steps = outcomes.indices.map { index in
            Step(
                id: StepID("s\(index)"),
                intent: "Write a note.",
                action: SimulatedWorld.append("a.txt", "\(index)"),
                after: index == 0 ? [] : [StepID("s\(index - 1)")]
            )
        }
        let option = Proposal(id: "p1.e1", title: "t", summary: "s", plan: Plan(steps: steps), parent: "p1")
        history.record(.optionAdded(OptionAdded(proposal: option, person: "p", reason: "r")))
        history.driveToChoice()
        history.choose(.option("p1.e1"))
        for (index, outcome) in outcomes.enumerated() {
            let step = steps[index].id
            history.driveToStep(step)
            let settlement = Settlement(
                statement: "it is so",
                probability: probability,
                outcome: outcome,
                expected: "yes",
                observed: outcome ? "yes" : "no"
            )
            if history.state.haltReason(ToolResult(status: 0, output: ""), [settlement]) != nil { return index + 1 }
            try history.intend(step)
            history.observe(step)
            history.record(.stepSettled(StepSettled(step: step, settlements: [settlement], halt: nil)))
        }
        #expect(history.state.anomalies == [])
        return nil
    }

    @Test func `many forecasts that are a little off halt it, and calibrated ones do not`() throws {
        let simulated = try Self.simulated()
        let off = try #require(try Self.halt(at: 0.9, (0..<30).map { $0 % 5 < 2 }, simulated))
        #expect((3...20).contains(off))
        #expect(try Self.halt(at: 0.9, (0..<30).map { $0 % 10 != 9 }, simulated) == nil)
        // Forecast the other way round it is the same.
        #expect(try Self.halt(at: 0.1, (0..<30).map { $0 % 5 >= 2 }, simulated) == off)
        #expect(try Self.halt(at: 0.1, (0..<30).map { $0 % 10 == 9 }, simulated) == nil)
    }

    @Test func `one forecast that is far enough off halts it alone, at the rate that was asked for`() throws {
        #expect(try Self.halt(at: 0.999, [false], Self.simulated()) == 1)
        #expect(try Self.halt(at: 0.9, [false], Self.simulated()) == nil)
        #expect(try Self.halt(at: 0.9, [false], Self.simulated(surprise: 0.8)) == 1)
        #expect(try Self.halt(at: 0.9, [false], Self.simulated(surprise: 0.8, rate: nil)) == 1)
        #expect(try Self.halt(at: 0.999, [false], Self.simulated(rate: 0.000_1)) == nil)
    }

    @Test func `what cannot be looked at was not seen to be as forecast`() throws {
        var history = History(try Self.simulated())
        history.driveToStep("s1")
        let blind = Settlement(statement: "s", probability: 0.999, outcome: nil, expected: "e", observed: "?")
        let why = try #require(history.state.haltReason(ToolResult(status: 0, output: ""), [blind]))
        #expect(why.contains("could not be settled"))
    }

    @Test func `what was forecast for another plan does not count for this one`() throws {
        var history = History(try Self.simulated(rate: 0.01))
        history.driveToStep("s1")
        history.drive { if case .revert = $0 { true } else { $0 == .nothing } }
        let before = try #require(history.state.enactment.surprise)
        #expect(before.steps > 0)
        history.driveToChoice()
        history.choose(.option(history.state.options[0].id))
        #expect(history.state.enactment.surprise == nil)
        // A state that was kept is the same when it is taken up again.
        let kept = try RunState(kept: try history.state.kept())
        #expect(kept == history.state)
    }

    @Test func `the bets of a run survive being kept`() throws {
        var history = History(try Self.simulated())
        history.driveToStep("s2")
        #expect(history.state.enactment.surprise?.steps == 1)
        #expect(try RunState(kept: try history.state.kept()) == history.state)
    }
}
