// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The two parts of a brief's file: a head of YAML and the Markdown below it.
struct BriefParts {
    /// The first line and the head; it begins where the file begins, so that lines agree.
    var head: String
    /// Everything below the line that ends the head.
    var document: String

    static let fence = "---"

    /// Takes a file apart.
    ///
    /// - Returns: `nil` after adding a fault when the lines that enclose the head are not there.
    init?(_ source: SourceText, faults: FaultList) {
        func isFence(_ line: [Unicode.Scalar]) -> Bool {
            String(String.UnicodeScalarView(line.reversed().drop { $0 == " " || $0 == "\r" }.reversed())) == Self.fence
        }
        guard let first = source.lines.first, isFence(first) else {
            let hint = "put a line “---” before the head and another after it"
            faults.add(.start, "a brief begins with a line of three hyphens", hint: hint)
            return nil
        }
        guard let end = source.lines.indices.dropFirst().first(where: { isFence(source.lines[$0]) }) else {
            let mark = Mark(line: source.lines.count, column: (source.lines.last?.count ?? 0) + 1)
            faults.add(
                mark,
                "the head of the brief has no end",
                hint: "put a line “---” between the head and the document"
            )
            return nil
        }
        let lines = source.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        head = lines[..<end].map { String($0) }.joined(separator: "\n")
        document = lines[(end + 1)...].map { String($0) }.joined(separator: "\n")
    }
}
