// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// What a choice is bound to.
@Suite struct SheetTests {
    /// A sheet of a run in which one thing is different.
    static func digest(
        _ change: (inout SimulatedRun) -> Void = { _ in },
        output: @escaping (EpisodeID, JSONValue) -> JSONValue = { $1 }
    ) -> Digest? {
        var simulated = SimulatedRun(critique: 0)
        change(&simulated)
        var history = History(simulated)
        while case .perform(let orders) = history.state.agenda() {
            for order in orders { history.begin(order) }
            for order in orders { history.complete(order.id, output(order.id, simulated.output(of: order.id))) }
        }
        guard case .requestChoice(let sheet) = history.state.agenda() else { return nil }
        return sheet.digest
    }

    static func replace(_ episode: EpisodeID, _ key: String, _ value: JSONValue) -> (EpisodeID, JSONValue) -> JSONValue
    {
        { id, output in
            guard id == episode, var object = output.object else { return output }
            object[key] = value
            return .object(object)
        }
    }

    @Test func `the same run has the same sheet`() throws {
        let digest = try #require(Self.digest())
        #expect(Self.digest() == digest)
    }

    @Test func `any change of what is asked for is another sheet`() {
        let digests = [
            Self.digest(), Self.digest { $0.brief.goals[0].want = "something else" },
            Self.digest { $0.brief.goals[0].goals[0].check?.expect = .equals("2") },
            Self.digest { $0.brief.constraints = [] }, Self.digest { $0.brief.document += "!" },
            Self.digest { $0.architecture.roles[0].instructions += "!" },
            Self.digest { $0.architecture.flow[5] = .enact(role: "keeper", surprise: 0.9) },
        ]
        #expect(!digests.contains(nil))
        #expect(Set(digests).count == digests.count)
    }

    @Test func `any change of a plan or of what is said about it is another sheet`() throws {
        let proposal: EpisodeID = "0.propose.writer.2"
        let steps = SimulatedRun.steps(first: "first", second: "b", third: "third", forecast: 2)
        func plan(_ change: (inout [Step]) -> Void) -> Digest? {
            var copy = steps
            change(&copy)
            let output = SimulatedRun.proposal("P", copy)
            return Self.digest(output: { $0 == proposal ? output : $1 })
        }
        let evaluation: EpisodeID = "0.evaluate.auditor.p1"
        let objection: JSONValue = ["severity": "blocking", "statement": "s", "evidence": "e", "step": nil]
        let digests = [
            plan { _ in }, plan { $0[0].action = SimulatedWorld.append("a.txt", "First") }, plan { $0[0].intent = "x" },
            plan { $0[1].forecasts[0].probability = 0.94 }, plan { $0[1].forecasts = [] },
            plan { $0[2].reversibility = .irreversible }, plan { $0[2].stakes = .high }, plan { $0.swapAt(0, 1) },
            plan { $0[2].after = [] }, Self.digest(output: Self.replace(proposal, "assumptions", ["none"])),
            Self.digest(output: Self.replace(evaluation, "probability", 0.123)),
            Self.digest(output: Self.replace(evaluation, "objections", [objection])),
            Self.digest(output: Self.replace(evaluation, "dissent", "No.")),
            Self.digest(output: Self.replace("0.propose.writer.1", "dissent", "Never.")),
            Self.digest(output: Self.replace("0.explain.explainer", "summary", "Take the first.")), Self.digest(),
        ]
        #expect(!digests.contains(nil))
        #expect(Set(digests).count == digests.count)
    }

    @Test func `a plan whose text is composed differently is another sheet`() {
        func digest(_ path: String) -> Digest? {
            let step = Step(id: "s1", intent: "i", action: SimulatedWorld.write(path, "x"))
            let output = SimulatedRun.proposal("P", [step])
            return Self.digest(output: { $0 == "0.propose.writer.1" ? output : $1 })
        }
        #expect(digest("caf\u{E9}") != digest("cafe\u{301}"))
    }
}
