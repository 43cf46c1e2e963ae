// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// What episodes are instructed with, written once for all of whatever run whose role is the same.
public struct InstructionBook: Sendable {
    /// What an episode is told before it reads anything, and the shape of its output.
    struct Instructions: Sendable {
        let system: String
        let output: JSONSchema
    }

    /// All that instructions are made of.
    private struct Heading: Hashable {
        let role: Role
        let task: EpisodeOrder.Task
        let narrative: Int
        let tools: [ToolManifest]
        let question: ProbeQuestion?
    }

    /// The most that are kept; a process that is cast in more begins anew.
    static let most = 1024

    private var pages: [Heading: Instructions] = [:]

    /// Makes a book in which nothing is written yet.
    public init() {}

    /// How many instructions are kept, up to a thousand or so.
    public var count: Int { pages.count }

    /// The instructions of an episode.
    ///
    /// - Parameters:
    ///   - order: The episode.
    ///   - role: Its role.
    ///   - tools: The tools that there are for it.
    ///   - question: What it is probed with, if it is.
    /// - Returns: Those that were written before, or new ones.
    mutating func instructions(
        of order: EpisodeOrder,
        role: Role,
        tools: [ToolManifest],
        question: ProbeQuestion?
    ) -> Instructions {
        let heading = Heading(
            role: role,
            task: order.task,
            narrative: order.narrative,
            tools: tools,
            question: question
        )
        if let known = pages[heading] { return known }
        let output = order.task.outputSchema(role: role, tools: tools, question: question)
        let system = Prompt.system(order: order, role: role, tools: tools, output: output)
        let made = Instructions(system: system, output: output)
        if pages.count >= Self.most { pages.removeAll() }
        pages[heading] = made
        return made
    }
}
