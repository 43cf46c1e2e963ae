// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A part of a YAML document: text, a list or a mapping, and where it begins.
///
/// Text is not yet interpreted: whether `no` is a word or a truth value depends on what is wanted in its place.
struct Node: Sendable {
    var content: Content
    var mark: Mark

    enum Content: Sendable {
        /// A text that is written without quotes, or with them or as a block.
        case text(String, isPlain: Bool)
        case list([Node])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        var key: String
        var mark: Mark
        var value: Node
    }

    /// Whether nothing is written here, or what YAML takes for nothing.
    var isEmpty: Bool {
        guard case .text(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What is written here, for messages.
    var kind: String {
        switch content {
        case .text(let text, let isPlain):
            isEmpty ? "nothing" : isPlain ? "“\(text.shortened)”" : "the text “\(text.shortened)”"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The place of the part that a path leads to, or of the last part on the way that is there.
    func mark(of path: [Finding.Part]) -> Mark {
        var node = self
        var mark = mark
        for part in path {
            switch (part, node.content) {
            case (.name(let name), .mapping(let entries)):
                guard let entry = entries.last(where: { $0.key == name }) else { return mark }
                node = entry.value
                // A block begins on a line after its name; the name is the better place to look at.
                if case .text = entry.value.content { mark = entry.value.mark } else { mark = entry.mark }
            case (.index(let index), .list(let nodes)):
                guard nodes.indices.contains(index) else { return mark }
                node = nodes[index]
                mark = node.mark
            default: return mark
            }
        }
        return mark
    }
}
