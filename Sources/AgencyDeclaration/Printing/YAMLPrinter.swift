// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Prints YAML for people: short things on one line, long texts as blocks, quotes only where they are needed.
struct YAMLPrinter {
    private(set) var text = ""
    /// The column beyond which nothing short is put.
    private static let width = 110

    static func print(_ tree: YAMLTree) -> String {
        var printer = YAMLPrinter()
        printer.block(tree, indent: 0, isTop: true)
        return printer.text
    }

    /// Prints a tree that begins on a line of its own, or after a `- `.
    private mutating func block(_ tree: YAMLTree, indent: Int, isTop: Bool = false, isInline: Bool = false) {
        let margin = String(repeating: " ", count: indent)
        switch tree {
        case .text, .bare: text += (isInline ? "" : margin) + (tree.flow ?? "") + "\n"
        case .list(let elements):
            if elements.isEmpty { text += margin + "[]\n" }
            for (index, element) in elements.enumerated() {
                text += (isInline && index == 0 ? "" : margin) + "- "
                item(element, indent: indent)
            }
        case .mapping(let entries):
            if entries.isEmpty { text += margin + "{}\n" }
            for (index, entry) in entries.enumerated() {
                text += (isInline && index == 0 ? "" : margin) + YAMLTree.key(entry.key)
                value(entry.value, indent: indent, mayFlow: !isTop || !entry.value.holdsMapping)
            }
        }
    }

    /// Prints an element of a list, after its `- `.
    private mutating func item(_ tree: YAMLTree, indent: Int) {
        if !tree.holdsMapping, let short = short(tree, indent: indent + 2) {
            text += short + "\n"
        } else if case .text(let long) = tree {
            literal(long, indent: indent + 2)
        } else {
            block(tree, indent: indent + 2, isInline: true)
        }
    }

    /// Prints the value of an entry, after its key.
    private mutating func value(_ tree: YAMLTree, indent: Int, mayFlow: Bool) {
        if mayFlow || tree.isScalar, let short = short(tree, indent: indent + 12) {
            text += " " + short + "\n"
        } else if case .text(let long) = tree {
            text += " "
            literal(long, indent: indent + 2)
        } else if let flow = tree.flow, tree.isEmpty {
            text += " " + flow + "\n"
        } else {
            text += "\n"
            block(tree, indent: indent + 2)
        }
    }

    private func short(_ line: String, indent: Int) -> String? {
        line.unicodeScalars.count + indent <= Self.width ? line : nil
    }

    private func short(_ tree: YAMLTree, indent: Int) -> String? {
        if tree.nestsMappings { return nil }
        guard let flow = tree.flow else { return nil }
        if case .bare = tree { return flow }
        if case .text(let line) = tree, flow.hasPrefix("\""), YAMLTree.isPlainLine(line) {
            return short(line, indent: indent)
        }
        return short(flow, indent: indent)
    }

    /// Prints a text of several lines, or one that is too long for a line, as a block where that keeps every byte.
    private mutating func literal(_ long: String, indent: Int) {
        guard let (header, body) = YAMLTree.blockParts(long) else {
            text += YAMLTree.quoted(long) + "\n"
            return
        }
        text += header + "\n"
        let margin = String(repeating: " ", count: indent)
        for line in body { text += (line.isEmpty ? "" : margin + line) + "\n" }
    }
}
