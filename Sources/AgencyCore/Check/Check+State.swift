// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension ToolManifest {
    /// Looks at the state that a long work has reached: a check of a goal can use it, and needs no workspace.
    public static let state = ToolManifest(
        name: "state",
        about: "The state that the work has reached, as canonical JSON.",
        parameters: .object(
            ["pointer": .string("A JSON Pointer to a part of it; empty for all of it.", maxLength: 1000)],
            optional: ["pointer"]
        ),
        effect: .read
    )
}

extension Check {
    /// Settles a statement about the state that a long work has reached.
    ///
    /// - Returns: `nil` when the check is not about the state.
    public func settled(on state: JSONValue?, statement: String, probability: Double) -> Settlement? {
        guard tool == ToolManifest.state.name else { return nil }
        let text = JSONPointer(arguments["pointer"]?.string ?? "").flatMap { state?[$0] }?.canonicalText
        return Settlement(
            statement: statement,
            probability: probability,
            outcome: text.flatMap { expect.isMet(status: 0, output: $0) },
            expected: expect.words,
            observed: text.map { String($0.prefix(400)) } ?? "there is no such part of the state"
        )
    }
}
