// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Reads HTML or SVG as strictly as it is written here: quoted attributes, closed elements, known names.
struct MarkupCheck {
    private(set) var faults: [String] = []
    private(set) var elements: [String: Int] = [:]
    private var open: [String] = []

    private static let void: Set<String> = ["meta", "br", "hr", "col"]
    private static let known: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "div", "span",
        "p",
        "h1", "h2", "h3", "h4", "a", "ul", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td",
        "details",
        "summary", "pre", "code", "strong", "blockquote", "br", "figure", "figcaption", "svg", "desc", "rect", "text",
        "path", "circle",
    ]
    private static let attributes: Set<String> = [
        "lang", "charset", "http-equiv", "content", "name", "class", "id", "title", "href", "style", "colspan", "scope",
        "data-name", "xmlns", "viewBox", "width", "height", "role", "aria-labelledby", "x", "y", "rx", "cx", "cy", "r",
        "d", "text-anchor",
    ]

    init(_ source: String) {
        var rest = source[...]
        if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) }
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else {
                faults.append("a tag is not closed: \(rest[start...].prefix(40))")
                return
            }
            take(String(rest[rest.index(after: start)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        if !open.isEmpty { faults.append("left open: \(open)") }
    }

    private mutating func take(_ tag: String) {
        if tag.hasPrefix("/") {
            let name = String(tag.dropFirst())
            if open.popLast() != name { faults.append("</\(name)> closes something else") }
            return
        }
        let name = String(tag.prefix { $0.isLetter || $0.isNumber })
        if !Self.known.contains(name) { faults.append("unknown element <\(tag.prefix(60))>") }
        elements[name, default: 0] += 1
        read(attributes: tag.dropFirst(name.count), of: name)
        if !Self.void.contains(name), !tag.hasSuffix("/") { open.append(name) }
    }

    private mutating func read(attributes text: Substring, of element: String) {
        var rest = text
        while let first = rest.first {
            guard first == " " else {
                if rest != "/" { faults.append("stray characters in <\(element)>: \(rest.prefix(40))") }
                return
            }
            rest = rest.dropFirst()
            let name = rest.prefix { $0 != "=" }
            rest = rest.dropFirst(name.count)
            guard rest.hasPrefix("=\""), let end = rest.dropFirst(2).firstIndex(of: "\"") else {
                faults.append("an attribute of <\(element)> has no quoted value: \(name.prefix(40))")
                return
            }
            if !Self.attributes.contains(String(name)) { faults.append("unknown attribute \(name.prefix(40))") }
            if name == "href", !rest.dropFirst(2).hasPrefix("#") {
                faults.append("a link leads away: \(rest.prefix(60))")
            }
            rest = rest[rest.index(after: end)...]
        }
    }
}
