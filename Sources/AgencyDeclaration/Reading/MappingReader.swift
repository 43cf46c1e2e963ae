// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Reads a mapping name by name; whatever is left when it finishes is a fault.
struct MappingReader {
    let node: Node
    let faults: FaultList
    private let what: String
    private var entries: [Node.Entry]
    private var known: [String] = []

    init?(_ node: Node, what: String, faults: FaultList) {
        guard case .mapping(let entries) = node.content else {
            let hint = "\(what) is written as name: value, each on its own line"
            faults.add(node.mark, "\(node.kind) where \(what) is wanted", hint: hint)
            return nil
        }
        self.node = node
        self.what = what
        self.entries = entries
        self.faults = faults
    }

    /// Reads the value under a name that must be there.
    mutating func required<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        guard let entry = take(key) else {
            faults.add(node.mark, "“\(key)” is missing", hint: "\(what) needs \(key): …")
            return nil
        }
        return shape.read(entry.value, faults)
    }

    /// Reads the value under a name that may be left out.
    mutating func optional<Value>(_ key: String, _ shape: Shape<Value>) -> Value? {
        guard let entry = take(key) else { return nil }
        return shape.read(entry.value, faults)
    }

    /// Whether any of some names is there and has not been read yet.
    func has(_ keys: [String]) -> Bool { entries.contains { keys.contains($0.key) } }

    /// Reads a name that is there for the reader's eyes and accepts one value only.
    mutating func fixed(_ key: String, _ value: String, isRequired: Bool = false, hint: String) {
        guard let entry = take(key) else {
            if isRequired { faults.add(node.mark, "“\(key)” is missing", hint: "write \(key): \(value)") }
            return
        }
        if case .text(value, _) = entry.value.content { return }
        faults.add(entry.value.mark, "\(key) can only be \(value), found \(entry.value.kind)", hint: hint)
    }

    /// Refuses a name that must never be there.
    mutating func refused(_ keys: [String], _ message: String, hint: String) {
        for index in entries.indices.reversed() where keys.contains(entries[index].key) {
            faults.add(entries[index].mark, message, hint: hint)
            entries.remove(at: index)
        }
    }

    /// The name of the only entry, or a fault.
    mutating func onlyKey(among keys: [String]) -> String? {
        known = keys
        let found = entries.filter { keys.contains($0.key) }
        if found.count == 1, entries.count == 1 { return found[0].key }
        if found.count > 1 {
            faults.add(
                found[1].mark,
                "\(what) has one name, found “\(found[0].key)” and “\(found[1].key)”",
                hint: one(keys)
            )
        } else if found.isEmpty, entries.isEmpty {
            faults.add(node.mark, "\(what) is empty", hint: one(keys))
        }
        entries.removeAll { keys.contains($0.key) }
        return nil
    }

    /// Adds a fault for every name that was not asked for.
    func finish() {
        faults.note(known, of: what)
        for entry in entries where !faults.isFull {
            let hint = Spelling.hint(for: entry.key, among: known, listedAs: "names in \(what)")
            faults.add(entry.mark, "\(what) has no “\(entry.key.shortened)”", hint: hint)
        }
    }

    private func one(_ keys: [String]) -> String { "write exactly one of \(keys.joined(separator: ", "))" }

    private mutating func take(_ key: String) -> Node.Entry? {
        if !known.contains(key) { known.append(key) }
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        return entries.remove(at: index)
    }
}
