// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A piece of HTML or SVG that is safe by the way in which it is made: from literal names, and from text that is escaped.
package struct Markup: Sendable {
    /// The characters, ready to be written.
    package let source: String

    private init(source: String) { self.source = source }

    /// Makes a piece from text that others wrote.
    package init(text: String) { source = Escape.html(text) }

    /// Makes a piece from a literal of this program.
    package init(literal: StaticString) { source = literal.description }

    /// Joins pieces.
    package init(joining pieces: [Markup]) { source = pieces.map(\.source).joined() }

    /// Nothing.
    package static let empty = Markup(source: "")

    /// Makes an element; names are literals, values are escaped, and an attribute without a value is left out.
    package static func element(
        _ name: StaticString,
        _ attributes: [(name: StaticString, value: String?)],
        _ content: Markup?
    ) -> Markup {
        var tag = "<\(name)"
        for attribute in attributes {
            guard let value = attribute.value else { continue }
            tag += " \(attribute.name)=\"\(Escape.html(value))\""
        }
        guard let content else { return Markup(source: tag + (isVoid(name) ? ">" : "/>")) }
        return Markup(source: tag + ">" + content.source + "</\(name)>")
    }

    private static func isVoid(_ name: StaticString) -> Bool {
        ["meta", "br", "hr", "col", "input", "link"].contains(name.description)
    }
}

/// Collects pieces in the order in which they are written down; text is escaped.
@resultBuilder
package enum MarkupBuilder {
    package static func buildExpression(_ piece: Markup) -> Markup { piece }
    package static func buildExpression(_ text: String) -> Markup { Markup(text: text) }
    package static func buildBlock(_ pieces: Markup...) -> Markup { Markup(joining: pieces) }
    package static func buildOptional(_ piece: Markup?) -> Markup { piece ?? .empty }
    package static func buildEither(first piece: Markup) -> Markup { piece }
    package static func buildEither(second piece: Markup) -> Markup { piece }
    package static func buildArray(_ pieces: [Markup]) -> Markup { Markup(joining: pieces) }
}

/// Makes an element with a class.
package func tag(
    _ name: StaticString,
    _ kind: StaticString? = nil,
    id: String? = nil,
    title: String? = nil,
    @MarkupBuilder _ content: () -> Markup
) -> Markup {
    let attributes: [(name: StaticString, value: String?)] = [
        ("class", kind?.description), ("id", id), ("title", title),
    ]
    return .element(name, attributes, content())
}

/// Makes an element with any attributes.
package func tag(
    _ name: StaticString,
    with attributes: [(name: StaticString, value: String?)],
    @MarkupBuilder _ content: () -> Markup
) -> Markup {
    .element(name, attributes, content())
}
