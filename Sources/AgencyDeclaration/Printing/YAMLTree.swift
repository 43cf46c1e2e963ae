// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// What is to be printed as YAML.
indirect enum YAMLTree {
    /// A text, quoted where it must be.
    case text(String)
    /// A word, number or span of time that is printed as it is.
    case bare(String)
    case list([YAMLTree])
    case mapping([Entry])

    /// A name and what stands under it.
    struct Entry {
        var key: String
        var value: YAMLTree

        init(_ key: String, _ value: YAMLTree) {
            self.key = key
            self.value = value
        }
    }

    /// A list of texts.
    static func texts(_ texts: [String]) -> YAMLTree { .list(texts.map { .text($0) }) }

    static func integer(_ number: Int) -> YAMLTree { .bare(String(number)) }
    static func number(_ number: Double) -> YAMLTree { .bare(number.shortText) }

    /// JSON such that reading it gives the same values, whole numbers apart from others.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .bare("null")
        case .bool(let flag): self = .bare(flag ? "true" : "false")
        case .integer(let integer): self = .bare(String(integer))
        case .number(let number): self = .bare(String(number))
        case .string(let text): self = .text(text)
        case .array(let values): self = .list(values.map(YAMLTree.init(_:)))
        case .object(let object): self = .mapping(object.map { Entry($0.key, YAMLTree($0.value)) })
        }
    }
}

/// Collects the entries of a mapping, leaving out those that say nothing.
struct YAMLEntries {
    private(set) var entries: [YAMLTree.Entry] = []

    mutating func add(_ key: String, _ value: YAMLTree?) {
        if let value { entries.append(YAMLTree.Entry(key, value)) }
    }

    mutating func add(_ key: String, _ text: String, unless usual: String = "") {
        if text != usual { add(key, .text(text)) }
    }

    mutating func add(_ key: String, _ texts: [String]) {
        if !texts.isEmpty { add(key, .texts(texts)) }
    }

    var tree: YAMLTree { .mapping(entries) }
}
