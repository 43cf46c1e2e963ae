// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A picture under way, drawn from top to bottom at a fixed width.
struct Canvas {
    /// The width of pictures that do not say another, in units of which a letter takes about 7.
    static let width = 500
    /// Where the content begins; left of it is room for lines that go back.
    static let left = 44
    /// Where the content ends.
    static let right = 456

    /// How wide the picture is.
    let width: Int
    /// How far down the picture is drawn.
    var y = 8
    private var pieces: [Markup] = []

    init(width: Int = Self.width) { self.width = width }

    /// How much has been drawn so far.
    var count: Int { pieces.count }

    /// Puts what was drawn last, from a count on, below what was drawn from an earlier count on.
    mutating func lower(from last: Int, below first: Int) {
        let moved = pieces[last...]
        pieces.removeSubrange(last...)
        pieces.insert(contentsOf: moved, at: first)
    }

    /// Makes what was drawn from a count on lead somewhere.
    mutating func link(from first: Int, to target: String) {
        let linked = Markup(joining: Array(pieces[first...]))
        pieces.removeSubrange(first...)
        pieces.append(tag("a", with: [("href", target)]) { linked })
    }

    /// Draws a box.
    mutating func box(x: Int, y: Int, width: Int, height: Int, _ kind: String = "oa-box", title: String? = nil) {
        pieces.append(
            tag(
                "rect",
                with: [
                    ("class", kind), ("x", "\(x)"), ("y", "\(y)"), ("width", "\(max(0, width))"),
                    ("height", "\(max(0, height))"),
                    ("rx", kind == "oa-box" ? "6" : kind.hasPrefix("oa-span") ? "2" : nil),
                ]
            ) { if let title { tag("title") { title } } }
        )
    }

    /// Draws a text on one line, cut to a width if one is given, with the full text to be had where it is cut.
    mutating func text(_ text: String, x: Int, y: Int, width: Int? = nil, _ kind: String = "", anchor: String? = nil) {
        let whole = Escape.terminal(text)
        let letter = kind.contains("oa-small") ? 6.6 : kind.contains("oa-bold") ? 7.8 : 7.4
        let shown = width.map { whole.fitted(to: max(2, Int(Double($0) / letter))) } ?? whole
        pieces.append(
            tag(
                "text",
                with: [
                    ("class", kind.isEmpty ? nil : kind), ("x", "\(x)"), ("y", "\(y)"), ("text-anchor", anchor),
                ]
            ) {
                if shown != whole { tag("title") { whole } }
                shown
            }
        )
    }

    /// Draws a line along points.
    mutating func path(
        _ points: [(x: Int, y: Int)],
        _ kind: String = "oa-line",
        arrow: Bool = false,
        title: String? = nil
    ) {
        let steps = points.enumerated().map { index, point in "\(index == 0 ? "M" : "L")\(point.x) \(point.y)" }
        pieces.append(
            tag("path", with: [("class", kind), ("d", steps.joined())]) { if let title { tag("title") { title } } }
        )
        guard arrow, points.count > 1, let tip = points.last else { return }
        let before = points[points.count - 2]
        let (dx, dy) = ((tip.x - before.x).signum(), (tip.y - before.y).signum())
        let wings =
            dx == 0
            ? [(tip.x - 4, tip.y - 6 * dy), (tip.x + 4, tip.y - 6 * dy)]
            : [(tip.x - 6 * dx, tip.y - 4), (tip.x - 6 * dx, tip.y + 4)]
        let head = "M\(tip.x) \(tip.y)L\(wings[0].0) \(wings[0].1)L\(wings[1].0) \(wings[1].1)Z"
        let fill = kind.contains("oa-bad") ? "oa-fill oa-bad" : "oa-fill"
        pieces.append(tag("path", with: [("class", fill), ("d", head)]) { "" })
    }

    /// Draws a disc or a ring.
    mutating func circle(x: Int, y: Int, radius: Int, _ kind: String, title: String? = nil) {
        pieces.append(
            tag("circle", with: [("class", kind), ("cx", "\(x)"), ("cy", "\(y)"), ("r", "\(radius)")]) {
                if let title { tag("title") { title } }
            }
        )
    }

    /// Draws a sign of one letter, centred, with what it stands for.
    mutating func sign(_ sign: String, x: Int, y: Int, _ kind: String, title: String) {
        pieces.append(
            tag("text", with: [("class", kind), ("x", "\(x)"), ("y", "\(y)"), ("text-anchor", "middle")]) {
                tag("title") { title }
                sign
            }
        )
    }

    /// Draws a gate: two posts and two bars, with a line or two of text between them.
    mutating func gate(_ title: String, _ details: [String]) {
        let height = 28 + details.count * 16
        for x in [Self.left, Self.right - 8] { box(x: x, y: y, width: 8, height: height + 8, "oa-post") }
        path([(Self.left, y + 6), (Self.right, y + 6)], "oa-bar")
        path([(Self.left, y + height + 2), (Self.right, y + height + 2)], "oa-bar")
        let room = Self.right - Self.left - 36
        text(title, x: (Self.left + Self.right) / 2, y: y + 25, width: room, "oa-bold", anchor: "middle")
        for (index, detail) in details.enumerated() {
            let line = y + 41 + index * 16
            text(detail, x: (Self.left + Self.right) / 2, y: line, width: room, "oa-soft oa-small", anchor: "middle")
        }
        y += height + 8
    }

    /// The whole picture, with what screen readers say of it.
    func picture(_ name: String, title: String, about: String) -> Markup {
        let size = "0 0 \(width) \(y + 8)"
        return tag(
            "svg",
            with: [
                ("xmlns", "http://www.w3.org/2000/svg"), ("class", "oa"), ("viewBox", size), ("width", "\(width)"),
                ("height", "\(y + 8)"), ("role", "img"), ("aria-labelledby", "oa-\(name)-title oa-\(name)-about"),
            ]
        ) {
            tag("title", id: "oa-\(name)-title") { title }
            tag("desc", id: "oa-\(name)-about") { about }
            tag("style") { Markup(literal: Self.style) }
            Markup(joining: pieces)
        }
    }

    static let style: StaticString = """
        .oa{--oa-ink:#1d2126;--oa-soft:#5d6672;--oa-line:#98a2ae;--oa-wash:#f5f6f8;--oa-good:#1d6b3c;--oa-caution:#8a5a00;
        --oa-bad:#b3261e;font:12.5px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:var(--oa-ink)}
        @media(prefers-color-scheme:dark){.oa{--oa-ink:#e4e7eb;--oa-soft:#9aa4b0;--oa-line:#66717d;--oa-wash:#1d2227;
        --oa-good:#7fce9b;--oa-caution:#e5b65c;--oa-bad:#ff9d93}}
        .oa text{fill:var(--oa-ink)}.oa .oa-soft{fill:var(--oa-soft)}.oa .oa-small{font-size:11px}.oa .oa-bold{font-weight:600}
        .oa .oa-box{fill:var(--oa-wash);stroke:var(--oa-line)}.oa .oa-line,.oa .oa-dash{fill:none;stroke:var(--oa-line);
        stroke-width:1.5}.oa .oa-dash{stroke-dasharray:5 4}.oa .oa-fill{fill:var(--oa-line)}
        .oa .oa-post{fill:var(--oa-ink)}.oa .oa-bar{fill:none;stroke:var(--oa-ink);stroke-width:2.5}
        .oa .oa-disc{fill:var(--oa-ink);stroke:var(--oa-ink);stroke-width:1.5}
        .oa .oa-ring{fill:none;stroke:var(--oa-ink);stroke-width:1.5}
        .oa .oa-cross{fill:none;stroke:var(--oa-caution);stroke-width:2}.oa .oa-track{fill:none;stroke:var(--oa-line)}
        .oa .oa-part{fill:var(--oa-line)}.oa text.oa-good{fill:var(--oa-good)}.oa text.oa-caution{fill:var(--oa-caution)}
        .oa .oa-grid{fill:none;stroke:var(--oa-line);stroke-width:.6;opacity:.55}
        .oa .oa-gap{fill:var(--oa-line);opacity:.16}.oa .oa-span{fill:var(--oa-ink);opacity:.82}
        .oa .oa-span-hollow{fill:var(--oa-wash);stroke:var(--oa-ink);stroke-width:1.2}
        .oa .oa-span-open{fill:none;stroke:var(--oa-soft);stroke-width:1.2;stroke-dasharray:3 2}
        .oa .oa-span-failed{fill:var(--oa-wash);stroke:var(--oa-caution);stroke-width:1.5}
        .oa .oa-span-wait{fill:var(--oa-line);opacity:.5}
        .oa .oa-span-paused{fill:var(--oa-caution);opacity:.4}.oa .oa-span-kept{fill:var(--oa-good)}
        .oa .oa-span-undone{fill:var(--oa-bad)}.oa .oa-area{fill:var(--oa-line);opacity:.25}
        .oa .oa-curve{fill:none;stroke:var(--oa-ink);stroke-width:1.8}
        .oa text.oa-bad,.oa .oa-fill.oa-bad{fill:var(--oa-bad)}.oa .oa-line.oa-bad{stroke:var(--oa-bad)}
        """
}
