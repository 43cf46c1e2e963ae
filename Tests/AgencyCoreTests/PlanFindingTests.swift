// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

@Suite struct PlanFindingTests {
    private let tools = [
        tool("files.write", .transactional), tool("mail.send", .blind),
        tool("ticket.open", .keyed(retentionSeconds: 9)),
    ]
    private static func tool(_ name: ToolName, _ repeatability: Repeatability) -> ToolManifest {
        ToolManifest(name: name, about: "", parameters: .any, effect: .write, repeatability: repeatability)
    }
    private let forecast = Forecast(
        statement: "It is there.",
        check: Check(tool: "files.read", arguments: [:], expect: .contains("a")),
        probability: 0.9
    )

    private func step(
        _ id: StepID,
        _ tool: ToolName = "files.write",
        _ reversibility: Step.Reversibility = .reversible,
        stakes: Stakes = .low,
        after: [StepID] = [],
        isForeseen: Bool = true
    ) -> Step {
        Step(
            id: id,
            intent: "i",
            action: Action(tool: tool, arguments: [:]),
            forecasts: isForeseen ? [forecast] : [],
            reversibility: reversibility,
            stakes: stakes,
            after: after
        )
    }

    private func found(_ steps: [Step]) -> [String] {
        Plan(steps: steps).findings(tools: tools).map { "\($0.rule.id) \($0.place)" }
    }

    @Test func `nothing is found in a plan whose last step is the one that nothing undoes`() {
        #expect(found([step("a"), step("b"), step("c", "mail.send", .irreversible)]).isEmpty)
        #expect(found([step("c", "mail.send", .irreversible, after: ["a"]), step("a")]).isEmpty)
    }

    @Test func `a step that nothing undoes before one that could have come first is found`() {
        let final = step("a", "mail.send", .irreversible)
        #expect(found([final, step("b")]) == ["OA100 steps[0].after"])
        #expect(found([final, step("b", after: ["a"])]).isEmpty)
        #expect(found([final, step("b", after: ["a"]), step("c", after: ["b"])]).isEmpty)
        #expect(found([final, step("b", "mail.send", .irreversible)]).isEmpty)
        #expect(found([step("a", "files.write", .irreversible), step("b")]) == ["OA100 steps[0].after"])
    }

    @Test func `a step that is called reversible and is not is found`() {
        #expect(found([step("a", "ticket.open")]) == ["OA101 steps[0].reversibility"])
        #expect(found([step("a", "ticket.open", .compensable)]).isEmpty)
        #expect(
            found([step("a", "mail.send"), step("b")]) == ["OA101 steps[0].reversibility", "OA100 steps[0].after"]
        )
        #expect(found([step("a", "unknown.tool")]).isEmpty)
    }

    @Test func `a step that matters and forecasts nothing is found`() {
        #expect(found([step("a", stakes: .high, isForeseen: false)]) == ["OA102 steps[0].forecasts"])
        #expect(found([step("a", "mail.send", .irreversible, isForeseen: false)]) == ["OA102 steps[0].forecasts"])
        #expect(found([step("a", isForeseen: false)]).isEmpty)
    }

    @Test func `a plan in a circle has faults and no findings`() {
        #expect(found([step("a", "mail.send", after: ["b"]), step("b", after: ["a"])]).isEmpty)
    }
}
