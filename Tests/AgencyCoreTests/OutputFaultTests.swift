// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// What is wrong with an output beyond its shape, and the shapes themselves.
@Suite struct OutputFaultTests {
    static let simulated = SimulatedRun()
    static let role = simulated.architecture.role("auditor") ?? Role(name: "none", kind: .evaluate)

    static func order(_ task: EpisodeOrder.Task) -> EpisodeOrder {
        EpisodeOrder(id: "x", role: "auditor", task: task, subject: "p1")
    }

    static func planFaults(_ change: (inout [Step]) -> Void) -> [String] {
        var steps = SimulatedRun.steps(first: "a", second: "b", third: "c", forecast: 1)
        change(&steps)
        let output = SimulatedRun.proposal("P", steps)
        return order(.propose).faults(in: output, role: role, tools: simulated.tools, options: []).map(\.description)
    }

    struct PlanCase: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout [Step]) -> Void
        var faults: [String]
    }

    static let plans: [PlanCase] = [
        PlanCase(testDescription: "as it is", change: { _ in }, faults: []),
        PlanCase(
            testDescription: "one name twice",
            change: { $0[2].id = "s1" },
            faults: ["/steps/2/id: a second step called “s1”"]
        ),
        PlanCase(
            testDescription: "after nothing",
            change: { $0[1].after = ["s7"] },
            faults: ["/steps/1/after: there is no step “s7”"]
        ),
        PlanCase(
            testDescription: "a circle",
            change: { $0[0].after = ["s3"] },
            faults: ["/steps: the steps wait for one another in a circle"]
        ),
        PlanCase(
            testDescription: "after itself",
            change: { $0[0].after = ["s1"] },
            faults: ["/steps: the steps wait for one another in a circle"]
        ),
        PlanCase(
            testDescription: "no such tool",
            change: { $0[0].action.tool = "notes.burn" },
            faults: ["/steps/0/action/tool: there is no tool “notes.burn”"]
        ),
        PlanCase(
            testDescription: "acting with a tool that looks",
            change: { $0[0].action = Action(tool: "notes.read", arguments: ["path": "a"]) },
            faults: ["/steps/0/action/tool: “notes.read” cannot act"]
        ),
        PlanCase(
            testDescription: "looking with a tool that acts",
            change: { $0[1].forecasts[0].check.tool = "notes.write" },
            faults: ["/steps/1/forecasts/0/check/tool: “notes.write” cannot settle a forecast"]
        ),
        PlanCase(
            testDescription: "wrong arguments",
            change: { $0[0].action.arguments = ["path": "", "text": "x", "more": 1] },
            faults: [
                "/steps/0/action/arguments/path: must not be empty",
                "/steps/0/action/arguments/more: unknown name; known: path, text",
            ]
        ),
        PlanCase(
            testDescription: "wrong arguments of a check",
            change: { $0[1].forecasts[0].check.arguments = [:] },
            faults: ["/steps/1/forecasts/0/check/arguments: “path” is missing"]
        ),
    ]

    @Test(arguments: plans)
    func `a plan that cannot be carried out is refused with the place of the fault`(test: PlanCase) {
        #expect(Self.planFaults(test.change) == test.faults)
    }

    @Test(
        arguments: [
            (["safety", "cost"], nil, []), (["safety"], nil, ["/scores: no score for “cost”"]),
            (["safety", "cost", "cost"], nil, ["/scores: two scores for “cost”"]),
            ([], nil, ["/scores: no score for “safety”", "/scores: no score for “cost”"]),
            (["safety", "cost"], "s2", []),
            (["safety", "cost"], "s8", ["/objections/0/step: the plan has no step “s8”"]),
        ] as [([String], String?, [String])]
    )
    func `an evaluation scores every criterion once and objects to steps that are there`(
        criteria: [String],
        step: String?,
        faults: [String]
    ) {
        var output = SimulatedRun.evaluation(
            scores: criteria.map { ($0, 5) },
            probability: 0.5,
            objections: [("s", .minor)]
        ).object
        let objection: JSONValue = [
            "severity": "minor", "statement": "s", "evidence": "e", "step": step.map { .string($0) } ?? .null,
        ]
        output?["objections"] = [objection]
        let plan = Plan(steps: SimulatedRun.steps(first: "a", second: "b", third: "c", forecast: 1))
        let options = [Proposal(id: "p1", title: "t", summary: "s", plan: plan)]
        let found = Self.order(.evaluate).faults(
            in: .object(output ?? [:]),
            role: Self.role,
            tools: Self.simulated.tools,
            options: options
        )
        #expect(found.map(\.description) == faults)
    }

    @Test(arguments: EpisodeOrder.Task.allCases)
    func `every shape is a schema whose every keyword is understood`(task: EpisodeOrder.Task) {
        for tools in [Self.simulated.tools, []] {
            #expect(task.outputSchema(role: Self.role, tools: tools).faults().isEmpty)
        }
    }

    @Test func `the outputs of the simulated run fit their shapes`() throws {
        var history = History(SimulatedRun(critique: 2))
        var count = 0
        while history.state.finished == nil {
            for order in history.state.agendaOrders {
                let role = try #require(history.state.architecture?.role(order.role))
                let output = history.simulated.output(of: order.id)
                let shape = order.task.outputSchema(role: role, tools: history.simulated.tools).validate(output)
                let faults = order.faults(
                    in: output,
                    role: role,
                    tools: history.simulated.tools,
                    options: history.state.options
                )
                #expect((shape + faults).isEmpty, "\(order.id)")
                count += 1
            }
            history.step()
        }
        #expect(count > 15)
    }

    @Test(
        arguments: [("probability", 1.5), ("probability", "high"), ("summary", ""), ("scores", []), ("grade", 1)]
            as [(String, JSONValue)]
    )
    func `an evaluation of another shape is refused`(key: String, value: JSONValue) {
        var output = SimulatedRun.evaluation(scores: [("safety", 5), ("cost", nil)], probability: nil).object ?? [:]
        let schema = EpisodeOrder.Task.evaluate.outputSchema(role: Self.role, tools: [])
        #expect(schema.validate(.object(output)).isEmpty)
        output[key] = value
        #expect(schema.validate(.object(output)).map(\.pointer) == ["/" + key])
    }

    @Test func `a step's name cannot carry anything but a name`() {
        for name in ["s1\n", "S1", "", "1s", "s 1", "s1\u{0}", String(repeating: "s", count: 40), "é"] {
            var steps = SimulatedRun.steps(first: "a", second: "b", third: "c", forecast: 1)
            steps[0].id = StepID(name)
            steps[1].after = []
            let schema = EpisodeOrder.Task.propose.outputSchema(role: Self.role, tools: Self.simulated.tools)
            let faults = schema.validate(SimulatedRun.proposal("P", steps))
            #expect(faults.map(\.pointer) == ["/steps/0/id"], "\(name.debugDescription)")
        }
    }
}
