// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// How one value is read from a node; composed so that a declaration's reader reads like the declaration.
struct Shape<Value> {
    /// Reads the value, or adds a fault and gives `nil`.
    var read: (Node, FaultList) -> Value?

    init(_ read: @escaping (Node, FaultList) -> Value?) { self.read = read }

    func map<Other>(_ transform: @escaping (Value) -> Other) -> Shape<Other> {
        Shape<Other> { node, faults in read(node, faults).map(transform) }
    }
}

extension Shape where Value == String {
    /// A text; `no` and `5` are texts too where a text is wanted.
    static var text: Shape {
        Shape { node, faults in
            if node.isEmpty {
                faults.add(
                    node.mark,
                    "nothing is written where a text is wanted",
                    hint: "write a text, or leave the name out"
                )
                return nil
            }
            guard case .text(let text, _) = node.content else {
                faults.add(node.mark, "\(node.kind) where a text is wanted", hint: node.adviceForText)
                return nil
            }
            return text
        }
    }
}

extension Shape where Value == Int {
    /// A whole number.
    static var integer: Shape {
        Shape { node, faults in
            guard let text = node.plainNumber(faults, wanted: "a whole number") else { return nil }
            guard let number = Int(text), abs(Double(number)) < 1e15 else {
                faults.add(
                    node.mark,
                    "the whole number “\(text.shortened)” is out of range",
                    hint: "write a smaller number"
                )
                return nil
            }
            return number
        }
    }

    /// A span of time such as `30m`, `24h` or `7d`, in seconds.
    static var duration: Shape {
        Shape { node, faults in
            guard case .text(let text, _) = node.content, let seconds = Durations.seconds(text) else {
                faults.add(node.mark, "\(node.kind) where a span of time is wanted", hint: "write it as 30m, 24h or 7d")
                return nil
            }
            return seconds
        }
    }
}

extension Shape where Value == Double {
    /// A number.
    static var number: Shape {
        Shape { node, faults in
            guard let text = node.plainNumber(faults, wanted: "a number") else { return nil }
            guard let number = Double(text), number.isFinite else {
                faults.add(node.mark, "the number “\(text.shortened)” is out of range", hint: "write a smaller number")
                return nil
            }
            return number
        }
    }
}

extension Shape where Value == Money {
    /// An amount in dollars, exact to the millionth.
    static var money: Shape {
        Shape { node, faults in
            guard let text = node.plainNumber(faults, wanted: "an amount in dollars") else { return nil }
            guard let money = Money(decimal: text) else {
                let hint = "write dollars with at most six decimals, such as 0.25"
                faults.add(node.mark, "“\(text.shortened)” is not an amount in dollars", hint: hint)
                return nil
            }
            return money
        }
    }
}

extension Shape where Value == Bool {
    /// True or false.
    static var truth: Shape {
        Shape { node, faults in
            switch node.content {
            case .text("true", isPlain: true): return true
            case .text("false", isPlain: true): return false
            default:
                faults.add(node.mark, "\(node.kind) where true or false is wanted", hint: "write true or false")
                return nil
            }
        }
    }
}

extension Shape where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a closed list of words.
    static var word: Shape {
        Shape { node, faults in
            let words = Value.allCases.map(\.rawValue)
            guard case .text(let text, _) = node.content, !node.isEmpty else {
                faults.add(
                    node.mark,
                    "\(node.kind) where a word is wanted",
                    hint: "one of \(words.joined(separator: ", "))"
                )
                return nil
            }
            guard let value = Value(rawValue: text) else {
                let hint = Spelling.hint(for: text, among: words, listedAs: "words that can stand here")
                faults.add(node.mark, "“\(text.shortened)” cannot stand here", hint: hint)
                return nil
            }
            return value
        }
    }
}

extension Shape where Value == JSONValue {
    /// Anything, as JSON.
    static var json: Shape { Shape { node, faults in node.json(faults) } }
}

extension Shape {
    /// A list of such values.
    static func list<Element>(of shape: Shape<Element>) -> Shape where Value == [Element] {
        Shape { node, faults in
            guard case .list(let nodes) = node.content else {
                let hint = "write it as [one, two], or each on a line that begins with “- ”"
                faults.add(node.mark, "\(node.kind) where a list is wanted", hint: hint)
                return nil
            }
            let values = nodes.map { shape.read($0, faults) }
            let whole = values.compactMap { $0 }
            return whole.count == values.count ? whole : nil
        }
    }

    /// A mapping whose names are known; messages say what it is: `a role`.
    static func mapping(_ what: String, _ read: @escaping (inout MappingReader) -> Value?) -> Shape {
        Shape { node, faults in
            guard var reader = MappingReader(node, what: what, faults: faults) else { return nil }
            let value = read(&reader)
            reader.finish()
            return value
        }
    }

    /// A mapping from names that the author makes up, in the order in which they are written.
    static func named<Element>(
        _ what: String,
        _ read: @escaping (_ name: String, inout MappingReader) -> Element?
    ) -> Shape where Value == [Element] {
        Shape { node, faults in
            guard case .mapping(let entries) = node.content else {
                let hint = "write the name of each \(what) with a “:”, and below it, indented, what it consists of"
                faults.add(node.mark, "\(node.kind) where a mapping is wanted", hint: hint)
                return nil
            }
            let values = entries.map { entry in
                Shape<Element>.mapping("a \(what)") { read(entry.key, &$0) }.read(entry.value, faults)
            }
            let whole = values.compactMap { $0 }
            return whole.count == values.count ? whole : nil
        }
    }
}

extension Node {
    fileprivate var adviceForText: String {
        switch content {
        case .list: "write one text; for [ at its beginning, put it into quotes"
        default: "write one text; one with “: ” in it, or with { at its beginning, needs quotes"
        }
    }

    /// The text of a number that is written without quotes.
    fileprivate func plainNumber(_ faults: FaultList, wanted: String) -> String? {
        guard case .text(let text, let isPlain) = content, !isEmpty else {
            faults.add(mark, "\(kind) where \(wanted) is wanted", hint: "write \(wanted)")
            return nil
        }
        guard isPlain else {
            faults.add(mark, "\(kind) where \(wanted) is wanted", hint: "leave the quotes out")
            return nil
        }
        if let kind = NumberText(text), kind == .whole || wanted != "a whole number" { return text }
        // People group digits: 20_000, 20,000.
        let digits = text.filter { $0 != "_" && $0 != "," }
        let example = NumberText(digits) == .whole && digits != text ? "digits only, such as \(digits)" : wanted
        faults.add(mark, "“\(text.shortened)” where \(wanted) is wanted", hint: "write \(example)")
        return nil
    }
}
