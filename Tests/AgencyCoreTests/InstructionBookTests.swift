// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyTestKit
import Testing

/// Instructions that are written once for many runs.
@Suite struct InstructionBookTests {
    /// What instructions are made of, one change for each.
    private static let changes: [@Sendable (inout SimulatedRun) -> Void] = [
        { $0.architecture.roles[0].instructions += " And do it soon." },
        { $0.architecture.roles[0].narratives = ["You have done this before."] },
        { $0.architecture.roles[0].holes = true },
        { $0.architecture.roles[0].budget.calls = 7 },
        { $0.architecture.roles[0].tools = [] },
        { $0.tools.removeLast() },
    ]

    private static func orders(_ simulated: SimulatedRun) -> (state: RunState, orders: [EpisodeOrder]) {
        let history = History(simulated)
        guard case .perform(let orders) = history.state.agenda() else { return (history.state, []) }
        return (history.state, orders)
    }

    /// The prompts of the first stage, made with a book, and the book as it is then.
    private static func prompts(_ simulated: SimulatedRun, _ book: InstructionBook) -> ([Prompt?], InstructionBook) {
        let (state, orders) = orders(simulated)
        var material = PromptMaterial(book)
        let prompts = orders.map { Prompt(for: $0, in: state, tree: nil, sharing: &material) }
        return (prompts, material.book)
    }

    private static func alone(_ simulated: SimulatedRun) -> [Prompt?] {
        let (state, orders) = orders(simulated)
        return orders.map { Prompt(for: $0, in: state, tree: nil) }
    }

    @Test func `another run with the same roles is instructed with what is written already`() {
        let (first, book) = Self.prompts(SimulatedRun(seed: 1), InstructionBook())
        #expect(!first.isEmpty)
        #expect(book.count > 0)
        let (second, after) = Self.prompts(SimulatedRun(seed: 2), book)
        #expect(second == Self.alone(SimulatedRun(seed: 2)))
        #expect(after.count == book.count)
    }

    @Test(arguments: changes.indices)
    func `a role of the same name that is another is instructed otherwise`(change: Int) {
        let (_, book) = Self.prompts(SimulatedRun(), InstructionBook())
        var other = SimulatedRun()
        Self.changes[change](&other)
        let (prompts, after) = Self.prompts(other, book)
        #expect(prompts == Self.alone(other))
        #expect(after.count > book.count)
    }

    @Test func `a book does not grow for ever, and what it says stays right`() {
        var book = InstructionBook()
        for number in 0..<1100 {
            var simulated = SimulatedRun()
            simulated.architecture.roles[0].instructions = "Number \(number)."
            let prompts: [Prompt?]
            (prompts, book) = Self.prompts(simulated, book)
            #expect(prompts.first??.messages.first?.text.contains("Number \(number).") == true)
            #expect(book.count <= 1024)
        }
    }
}
