// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Lines of text that a block is laid out on; whatever comes from outside is made safe here, before it is coloured.
struct TextPage {
    let width: Int
    let style: TextStyle
    private(set) var lines: [String] = []

    init(width: Int, style: TextStyle) {
        self.width = max(40, width)
        self.style = style
    }

    /// The page as one text.
    var text: String { lines.joined(separator: "\n") }

    /// Starts a part.
    mutating func heading(_ text: String, note: String = "") {
        if !lines.isEmpty { lines.append("") }
        let title = Escape.terminal(text)
        let rest = Escape.terminal(note)
        let joins = title.columns + 2 + rest.columns <= width
        let titles = title.wrapped(to: width).map { style.paint(.heading, $0) }
        if !note.isEmpty, joins {
            lines.append((titles.last ?? "") + "  " + style.paint(.quiet, rest))
        } else {
            lines += titles
            if !note.isEmpty { lines += rest.wrapped(to: width).map { style.paint(.quiet, $0) } }
        }
    }

    /// Adds an empty line.
    mutating func blank() { lines.append("") }

    /// Adds a paragraph after a lead, with its further lines under its first.
    mutating func paragraph(
        _ text: String,
        indent: Int = 2,
        lead: String = "",
        leadTone: TextStyle.Tone? = nil,
        tone: TextStyle.Tone? = nil,
        hang later: Int? = nil
    ) {
        let start = Escape.terminal(lead).fitted(to: max(8, width - indent - 16))
        // Under a long lead there would be no room left.
        let hang = later ?? (start.columns > 24 ? indent + 4 : indent + start.columns)
        var isFirst = true
        for part in Escape.terminal(text, multiline: true).split(separator: "\n", omittingEmptySubsequences: false) {
            if part.isEmpty, !isFirst { continue }
            let words = String(part).replacing("\t", with: " ")
            for line in words.wrapped(to: max(16, width - hang), first: isFirst ? width - indent - start.columns : nil)
            {
                let margin = isFirst ? String(repeating: " ", count: indent) + painted(start, leadTone) : ""
                let body = painted(line, tone)
                append(isFirst ? margin + body : String(repeating: " ", count: hang) + body, isEmpty: line.isEmpty)
                isFirst = false
            }
        }
    }

    /// Adds a line of cells with given widths; a cell that is too long is cut.
    mutating func row(_ cells: [(text: String, width: Int, tone: TextStyle.Tone?)], indent: Int = 2) {
        var line = String(repeating: " ", count: indent)
        for (index, cell) in cells.enumerated() {
            let text = Escape.terminal(cell.text).fitted(to: cell.width)
            line += painted(index == 0 ? text.padded(to: cell.width) : text.aligned(to: cell.width), cell.tone)
        }
        append(line, isEmpty: false)
    }

    /// Adds lines of arguments, whole: what does not fit goes on in the next line behind a mark of its own.
    mutating func arguments(_ list: [ArgumentLine], indent: Int) {
        for line in list { argument(line, indent: indent, mark: "", tone: nil) }
    }

    /// Adds one line of arguments after a mark.
    mutating func argument(_ line: ArgumentLine, indent: Int, mark: String, tone: TextStyle.Tone?) {
        let indent = min(indent, width / 2)
        let margin = String(repeating: " ", count: indent)
        let depth = String(repeating: "  ", count: min(line.depth, 4))
        let expanded = line.text.replacing("\t", with: "⇥   ")
        let room = max(16, width - indent - mark.columns - depth.columns - 2)
        for (index, piece) in expanded.broken(to: room).enumerated() {
            // Without a mark, text that a plan brings along could pass for a line of the page.
            let bar = line.isBlock ? (index == 0 ? "│ " : "┊ ") : (index == 0 ? "" : "┊ ")
            append(margin + painted(mark + depth + bar + piece, tone), isEmpty: false)
        }
    }

    private func painted(_ text: String, _ tone: TextStyle.Tone?) -> String {
        guard let tone, !text.isEmpty else { return text }
        return style.paint(tone, text)
    }

    private mutating func append(_ line: String, isEmpty: Bool) {
        var trimmed = line
        while trimmed.last == " " { trimmed.removeLast() }
        lines.append(isEmpty && trimmed.isEmpty ? "" : trimmed)
    }
}
