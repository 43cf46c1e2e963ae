// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Prompt {
    /// Returns the bytes under whose digest the conversation goes on the record: messages, names of tools, output schema.
    ///
    /// - Parameters:
    ///   - role: The role of the episode.
    ///   - tools: The tools of the run.
    /// - Returns: The canonical bytes.
    public func storedBytes(role: Role, tools: [ToolManifest]) -> [UInt8] {
        let json: JSONValue = [
            "messages": .array(messages.map(\.json)),
            "tools": .array(role.usable(tools).map { .string($0.name.rawValue) }),
            "output": output.json,
        ]
        return json.canonicalBytes
    }

    /// Finds the texts that may have been the list of files in a conversation that was recorded.
    ///
    /// An input can hold something that looks like another input, so there can be more than one; only a text whose own
    /// digest made the marks around it is returned.
    static func trees(inStored bytes: [UInt8]) -> [String] {
        guard let messages = (try? JSONValue(parsing: bytes))?["messages"]?.array else { return [] }
        let parts = messages.flatMap { $0["parts"]?.array ?? [] }.compactMap { $0["text"]?.string }
        return parts.flatMap { PromptInput.texts(fencedAs: PromptInput.treeLabel, in: $0) }
    }
}

extension Role {
    /// The tools that may be called while the role is played.
    public func usable(_ all: [ToolManifest]) -> [ToolManifest] {
        all.filter { tools.contains($0.name) && $0.effect == .read }
    }
}

extension PromptInput {
    static let treeLabel = "workspace.tree"

    /// The texts that stand in another text as inputs with this label, each between the marks that its digest makes.
    static func texts(fencedAs label: String, in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return bytes.ranges(of: Array("## \(label) (".utf8))
            .compactMap { StoredInput.find(at: $0.lowerBound, in: bytes)?.input }
            .filter { $0.label == label }.map(\.text)
    }
}
