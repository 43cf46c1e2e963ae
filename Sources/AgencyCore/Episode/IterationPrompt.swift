// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// The conversation that every episode of a long work begins with, made once, with a place for the state.
///
/// What an episode is sent follows from this and the state before it, both of which are on the record: the messages are
/// the system text and one user text, which is ``before``, the state in its fence, and ``after``.
public struct IterationPrompt: Hashable, Sendable {
    /// The first message.
    public let system: String
    /// The user text up to the state.
    public let before: String
    /// The user text after the state.
    public let after: String
    /// The shape of an answer.
    public let output: JSONSchema

    /// Puts together what does not change from episode to episode.
    ///
    /// - Returns: `nil` when the order names a role that the architecture does not have.
    public init?(for order: EpisodeOrder, in state: RunState) {
        guard let role = state.architecture?.role(order.role) else { return nil }
        output = order.task.outputSchema(role: role, tools: [])
        system = Prompt.system(order: order, role: role, tools: [], output: output)
        var material = PromptMaterial()
        let inputs = Prompt.inputs(for: order, role: role, in: state, tree: nil, output: nil, sharing: &material)
        before = inputs.map { $0.fenced + "\n\n" }.joined()
        let sketch = role.sketch.map { "\n\n# Sketch to complete or continue\n" + $0 } ?? ""
        after = sketch + "\n\n" + order.task.closing(subject: nil)
    }

    /// The messages for a state.
    public func messages(for state: JSONValue) -> [Message] {
        let input = PromptInput(label: "state", origin: "where the work is", text: state.stripped.canonicalText)
        return [.system(system), .user([.text(before + input.fenced + after)])]
    }

    /// What is kept of it.
    public var json: JSONValue {
        [
            "messages": [
                ["role": "system", "content": .string(system)],
                ["role": "user", "content": [.string(before), ["input": "state"], .string(after)]],
            ],
            "output": output.json,
        ]
    }
}
