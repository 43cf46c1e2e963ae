// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Yams

extension YAMLReader {
    /// Adds the parser's own complaint, in words for people who do not know how it works.
    func add(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = Mark(line: mark.line, column: mark.column)
            let (message, hint) = words(for: problem, context: context, at: place)
            faults.add(clamped(place), message, hint: hint)
        case .reader(let problem, _, _, _):
            faults.add(.start, "this is not YAML: \(problem)", hint: "save the file as UTF-8 text")
        default:
            faults.add(.start, "this is not YAML", hint: "compare with an example")
        }
    }

    private func words(for problem: String, context: YamlError.Context?, at mark: Mark) -> (String, String) {
        if source.scalar(at: mark) == "\t" { return ("a tab where YAML wants spaces", "indent with spaces") }
        let opened = context.map { "; it began in line \($0.mark.line)" } ?? ""
        switch problem {
        case let text where text.contains("mapping values are not allowed"):
            return (
                "a “:” where no name can stand", "put a text that has “: ” in it into quotes, or check the indentation"
            )
        case let text where text.contains("another document"):
            return ("a second document begins here", "a file holds one declaration; remove the line “---”")
        case let text where text.contains("undefined alias"):
            return ("anchors and aliases are not accepted", "quote the text if it only begins with *")
        case let text where text.contains("found character that cannot start any token"):
            return ("this character cannot begin a text", "put the text into quotes")
        case let text where text.contains("Maximum nesting"):
            return ("nested deeper than \(Self.mostNested)", "declarations are flatter than this")
        case let text where text.contains("unexpected end of stream"):
            return ("the file ends inside a quoted text\(opened)", "close the quotes")
        case let text where text.contains("did not find expected ',' or"):
            return (
                "a “,” or the closing bracket is missing\(opened)",
                "close the bracket, or quote a text with : or , in it"
            )
        case let text where text.contains("did not find expected key"):
            return ("a name is expected here\(opened)", "check the indentation and the quotes of the lines above")
        case let text where text.contains("could not find expected ':'"):
            return ("a name without “:”\(opened)", "write name: value; a text of several lines begins with |")
        case let text where text.contains("did not find expected '-' indicator"):
            return ("an element of a list is expected here\(opened)", "begin it with “- ”, in line with the others")
        case let text where text.contains("block sequence entries are not allowed"):
            return ("a “-” where no list can stand", "begin the list on a line of its own, or put the text into quotes")
        default:
            return ("this is not YAML: \(problem)\(opened)", "check the indentation, the brackets and the quotes")
        }
    }

    /// The parser may point past the last line.
    private func clamped(_ mark: Mark) -> Mark {
        guard mark.line > source.lines.count else { return mark }
        return Mark(line: source.lines.count, column: (source.lines.last?.count ?? 0) + 1)
    }
}
