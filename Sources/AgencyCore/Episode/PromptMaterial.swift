// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// What the prompts of episodes have in common that begin in one state: each input is written once, however many read it.
public struct PromptMaterial: Sendable {
    private struct Instructed: Hashable {
        let role: RoleName
        let task: EpisodeOrder.Task
        let narrative: Int
        let question: ProbeQuestion?
    }

    private var inputs: [String: PromptInput] = [:]
    private var texts: [(parts: [String], text: String)] = []
    private var instructions: [Instructed: InstructionBook.Instructions] = [:]
    /// The instructions that were written for this and for other states.
    public private(set) var book: InstructionBook

    /// Makes what nothing was written for yet but instructions.
    ///
    /// - Parameter book: Those that are known.
    public init(_ book: InstructionBook = InstructionBook()) { self.book = book }

    /// The input under a name, which is the same for every episode.
    mutating func input(_ name: String, _ make: () -> PromptInput) -> PromptInput {
        if let input = inputs[name] { return input }
        let input = make()
        inputs[name] = input
        return input
    }

    /// What an episode is given to read, and to do; whoever is given the same shares its place in memory.
    mutating func text(of inputs: [PromptInput], sketch: String?, closing: String) -> String {
        let parts = inputs.map(\.fenced) + [sketch, closing].compactMap(\.self)
        // Compared whole: what shares its place in memory is seen to be the same at once.
        if let known = texts.first(where: { $0.parts == parts }) { return known.text }
        let text = parts.joined(separator: "\n\n")
        texts.append((parts, text))
        return text
    }

    /// The instructions of an episode and the shape of its output.
    mutating func instructions(
        of order: EpisodeOrder,
        role: Role,
        tools: [ToolManifest],
        question: ProbeQuestion?
    ) -> InstructionBook.Instructions {
        // Within one state a role is known by its name, which is compared sooner than all that it is.
        let instructed = Instructed(
            role: order.role,
            task: order.task,
            narrative: order.narrative,
            question: question
        )
        if let known = instructions[instructed] { return known }
        let found = book.instructions(of: order, role: role, tools: tools, question: question)
        instructions[instructed] = found
        return found
    }
}

/// One input of a prompt, without anything in it that a person would not see.
struct PromptInput: Hashable, Sendable {
    let label: String
    let origin: String
    let text: String
    /// The text between marks that it cannot contain, because they are made from its digest.
    let fenced: String

    init(label: String, origin: String, text: String) {
        self.label = label
        self.origin = origin
        self.text = TextScan.stripped(text)
        let mark = Digest(of: label + "\u{0}" + self.text).short
        fenced = "## \(label) (\(origin))\n<<<\(mark)\n\(self.text)\n\(mark)>>>"
    }

    /// Takes what is hidden out of each text before JSON spells it in escapes that a model reads.
    init(label: String, origin: String, json: JSONValue) {
        self.init(label: label, origin: origin, text: json.stripped.prettyText)
    }
}
