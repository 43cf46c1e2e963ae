// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport

/// The parts that forms are made of.
enum Field {
    /// A field that is not shown.
    static func hidden(_ name: StaticString, _ value: String) -> Markup {
        Markup.element("input", [("type", "hidden"), ("name", name.description), ("value", value)], nil)
    }

    /// Enter would press the first button of a form; this one does nothing.
    static var deadButton: Markup {
        tag("button", with: [("type", "submit"), ("disabled", ""), ("class", "none")]) { "" }
    }

    /// A line, below what it is for.
    static func line(
        _ name: StaticString,
        id: StaticString,
        _ label: String,
        most: Int,
        isName: Bool = false
    ) -> Markup {
        Markup(joining: [
            tag("label", with: [("for", id.description)]) { label },
            Markup.element(
                "input",
                [
                    ("id", id.description), ("name", name.description), ("type", "text"), ("autocomplete", "off"),
                    ("spellcheck", isName ? "false" : nil), ("maxlength", "\(most)"),
                ],
                nil
            ),
        ])
    }

    /// Several lines, below what they are for; there has to be something in them.
    static func text(_ name: StaticString, _ label: String, rows: Int, most: Int) -> Markup {
        Markup(joining: [
            tag("label", with: [("for", name.description)]) { label },
            Markup.element(
                "textarea",
                [
                    ("id", name.description), ("name", name.description), ("rows", "\(rows)"), ("required", ""),
                    ("maxlength", "\(most)"),
                ],
                .empty
            ),
        ])
    }
}
