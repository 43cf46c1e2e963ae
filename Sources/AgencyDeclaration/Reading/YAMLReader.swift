// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Yams

/// Reads one YAML document into nodes and refuses what a declaration has no need of: anchors, aliases, tags, merge keys,
/// directives, several documents, keys that are no text, and deep nesting.
struct YAMLReader {
    let faults: FaultList
    let source: SourceText

    /// The deepest nesting that a document may have.
    static let mostNested = 64
    /// The most aliases that the parser is let near: it compares what they stand for, which can take very long.
    private static let mostAliases = 16

    /// The private-use scalars that stand in for the first letter of a key that comes again, so that parsing can go on.
    private static let standIns: ClosedRange<UInt32> = 0xF700...0xF714

    /// Reads the document.
    ///
    /// - Parameter text: The part of the source to read; it begins where the source begins, so that marks agree.
    /// - Returns: `nil` after adding faults, when there is no tree at all. A tree may be returned along with faults.
    func read(_ text: String) -> AgencyDeclaration.Node? {
        var scalars = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        guard isHarmless(scalars) else { return nil }
        var duplicates: [Mark: String] = [:]
        let mayStandIn = !text.unicodeScalars.contains { Self.standIns.contains($0.value) }
        while true {
            let attempt = scalars.map { line in String(String.UnicodeScalarView(line)) }.joined(separator: "\n")
            do {
                let parser = try Parser(yaml: attempt, resolver: .basic, encoding: .utf8)
                // Anchors are held weakly by their nodes, so the parser must outlive the walk.
                return try withExtendedLifetime(parser) {
                    guard let root = try parser.singleRoot() else { return emptyDocument() }
                    let node = convert(root, depth: 0, duplicates: duplicates)
                    if let node, node.isEmpty { return emptyDocument() }
                    return node
                }
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let mark = Mark(line: context.mark.line, column: context.mark.column)
                let next = Self.standIns.lowerBound + UInt32(duplicates.count)
                guard mayStandIn, Self.standIns.contains(next), let key = keys.min(),
                    standIn(next, at: mark, in: &scalars)
                else {
                    faults.add(
                        mark,
                        "the key “\((keys.min() ?? "").shortened)” comes twice",
                        hint: "leave one of them out"
                    )
                    return nil
                }
                duplicates[mark] = key
            } catch let error as YamlError {
                add(error)
                return nil
            } catch {
                faults.add(.start, "this is not YAML", hint: "\(error)")
                return nil
            }
        }
    }

    private func emptyDocument() -> AgencyDeclaration.Node? {
        faults.add(.start, "there is nothing in this document", hint: "start from an example")
        return nil
    }

    /// Replaces the first letter of the key at a place by a letter that no key has.
    private func standIn(_ value: UInt32, at mark: Mark, in lines: inout [[Unicode.Scalar]]) -> Bool {
        guard let letter = Unicode.Scalar(value), lines.indices.contains(mark.line - 1) else { return false }
        var column = mark.column - 1
        guard lines[mark.line - 1].indices.contains(column) else { return false }
        let first = lines[mark.line - 1][column]
        if first == "\"" || first == "'" {
            column += 1
            guard lines[mark.line - 1].indices.contains(column), lines[mark.line - 1][column] != first,
                lines[mark.line - 1][column] != "\\"
            else { return false }
        } else if "&*!|>[{?%@`".unicodeScalars.contains(first) {
            return false
        }
        lines[mark.line - 1][column] = letter
        return true
    }

    private func isHarmless(_ lines: [[Unicode.Scalar]]) -> Bool {
        for (index, line) in lines.enumerated() {
            if let first = line.first, first == "%" {
                faults.add(
                    Mark(line: index + 1, column: 1),
                    "YAML directives are not accepted",
                    hint: "remove this line"
                )
                return false
            }
            if line.first.map({ $0 != "#" && $0 != " " }) ?? false { break }
        }
        let anchors = names(after: "&", in: lines)
        guard !anchors.isEmpty else { return true }
        let known = Set(anchors.map(\.name))
        let aliases = names(after: "*", in: lines).filter { known.contains($0.name) }
        guard aliases.count > Self.mostAliases, let first = aliases.first else { return true }
        faults.add(first.mark, "anchors and aliases are not accepted", hint: Self.anchorHint)
        return false
    }

    private func names(after sign: Unicode.Scalar, in lines: [[Unicode.Scalar]]) -> [(name: String, mark: Mark)] {
        var found: [(name: String, mark: Mark)] = []
        for (row, line) in lines.enumerated() {
            for column in line.indices where line[column] == sign {
                let name = line[(column + 1)...].prefix {
                    $0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0)
                }
                if !name.isEmpty {
                    found.append((String(String.UnicodeScalarView(name)), Mark(line: row + 1, column: column + 1)))
                }
            }
        }
        return found
    }

    private static let anchorHint =
        "write the thing out where it is meant, or quote the text if it only begins with & or *"

    private func convert(_ node: Yams.Node, depth: Int, duplicates: [Mark: String]) -> AgencyDeclaration.Node? {
        let mark = node.mark.map { Mark(line: $0.line, column: $0.column) } ?? .start
        guard depth <= Self.mostNested else {
            faults.add(mark, "nested deeper than \(Self.mostNested)", hint: "declarations are flatter than this")
            return nil
        }
        guard node.anchor == nil, source.scalar(at: mark) != "&" else {
            faults.add(mark, "anchors and aliases are not accepted", hint: Self.anchorHint)
            return nil
        }
        guard source.scalar(at: mark) != "!" else {
            let hint = "leave the tag out, or quote the text if it only begins with !"
            faults.add(mark, "tags are not accepted", hint: hint)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain
            if let bad = scalar.string.unicodeScalars.first(where: { $0.isUnwanted }) {
                let name = String(bad.value, radix: 16, uppercase: true)
                faults.add(mark, "a text with the control character U+\(name)", hint: "remove it")
                return nil
            }
            return AgencyDeclaration.Node(content: .text(scalar.string, isPlain: isPlain), mark: mark)
        case .sequence(let sequence):
            // Every element is visited, so that every fault is found.
            let nodes = sequence.map { convert($0, depth: depth + 1, duplicates: duplicates) }
            let whole = nodes.compactMap { $0 }
            return whole.count == nodes.count ? AgencyDeclaration.Node(content: .list(whole), mark: mark) : nil
        case .mapping(let mapping):
            return convert(mapping, mark: mark, depth: depth, duplicates: duplicates)
        case .alias:
            faults.add(mark, "anchors and aliases are not accepted", hint: Self.anchorHint)
            return nil
        }
    }

    private func convert(
        _ mapping: Yams.Node.Mapping,
        mark: Mark,
        depth: Int,
        duplicates: [Mark: String]
    ) -> AgencyDeclaration.Node? {
        var entries: [AgencyDeclaration.Node.Entry] = []
        var seen: [String: Mark] = [:]
        var isWhole = true
        for (keyNode, valueNode) in mapping {
            let key = convert(keyNode, depth: depth + 1, duplicates: duplicates)
            let value = convert(valueNode, depth: depth + 1, duplicates: duplicates)
            guard let key, let value else {
                isWhole = false
                continue
            }
            guard case .text(var name, let isPlain) = key.content, !key.isEmpty else {
                let hint = "names are short texts; is a “-” or a quote missing?"
                faults.add(key.mark, "a key must be a text, found \(key.kind)", hint: hint)
                isWhole = false
                continue
            }
            if isPlain, name == "<<" {
                faults.add(key.mark, "merge keys are not accepted", hint: "write the thing out where it is meant")
                isWhole = false
                continue
            }
            name = duplicates[key.mark] ?? name
            if let earlier = seen[name] {
                let hint = "it is first in line \(earlier.line); leave one of them out"
                faults.add(key.mark, "the key “\(name.shortened)” comes twice", hint: hint)
                continue
            }
            seen[name] = key.mark
            entries.append(AgencyDeclaration.Node.Entry(key: name, mark: key.mark, value: value))
        }
        return isWhole ? AgencyDeclaration.Node(content: .mapping(entries), mark: mark) : nil
    }
}

extension Unicode.Scalar {
    /// Whether this can only have got into a text by an escape, and means nothing to a reader of it.
    fileprivate var isUnwanted: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
