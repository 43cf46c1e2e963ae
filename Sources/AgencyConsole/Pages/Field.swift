// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport

/// The parts that forms are made of.
enum Field {
    /// A form that is sent to a path of ours, with the word of the session, which every one of them carries.
    static func form(
        _ path: String,
        of access: Access,
        _ kind: String = "choice",
        @MarkupBuilder _ content: () -> Markup
    ) -> Markup {
        tag("form", with: [("method", "post"), ("action", path), ("class", kind)]) {
            hidden("form", access.formToken)
            content()
        }
    }

    /// Shows that it is still who signed in: with the password, or without an account by a new link.
    static func proof(of access: Access, isNeeded: Bool) -> Markup {
        let hasPassword = access.browser?.session.account != nil
        return password(
            "proof",
            hasPassword ? "Your password" : "A new link from the terminal",
            isNew: false,
            isNeeded: isNeeded
        )
    }

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
        _ name: String,
        id: String? = nil,
        _ label: String,
        most: Int,
        isName: Bool = false,
        value: String = ""
    ) -> Markup {
        Markup(joining: [
            tag("label", with: [("for", id ?? name)]) { label },
            Markup.element(
                "input",
                [
                    ("id", id ?? name), ("name", name), ("type", "text"), ("autocomplete", "off"),
                    ("spellcheck", isName ? "false" : nil), ("maxlength", "\(most)"),
                    ("value", value.isEmpty ? nil : value),
                ],
                nil
            ),
        ])
    }

    /// A password, below what it is for.
    static func password(_ name: StaticString, _ label: String, isNew: Bool, isNeeded: Bool = true) -> Markup {
        Markup(joining: [
            tag("label", with: [("for", name.description)]) { label },
            Markup.element(
                "input",
                [
                    ("id", name.description), ("name", name.description), ("type", "password"), ("maxlength", "1024"),
                    ("autocomplete", isNew ? "new-password" : "current-password"), ("required", isNeeded ? "" : nil),
                ],
                nil
            ),
        ])
    }

    /// A button that sends its form; what it is about is said to those who do not see where it stands.
    static func button(_ title: String, of subject: String? = nil) -> Markup {
        tag("button", with: [("type", "submit"), ("aria-label", subject.map { "\(title): \($0)" })]) { title }
    }

    /// Several lines, below what they are for.
    static func text(
        _ name: String,
        _ label: String,
        rows: Int,
        most: Int,
        value: String = "",
        isNeeded: Bool = true
    ) -> Markup {
        Markup(joining: [
            tag("label", with: [("for", name)]) { label },
            Markup.element(
                "textarea",
                [
                    ("id", name), ("name", name), ("rows", "\(rows)"), ("required", isNeeded ? "" : nil),
                    ("maxlength", "\(most)"),
                ],
                // A browser takes the first line end for none of the text.
                value.isEmpty ? .empty : Markup(text: "\n" + value)
            ),
        ])
    }

    /// One of several, below what it is for.
    static func select(
        _ name: String,
        _ label: String,
        _ options: [(value: String, title: String)],
        chosen: String
    ) -> Markup {
        Markup(joining: [
            tag("label", with: [("for", name)]) { label },
            tag("select", with: [("id", name), ("name", name)]) {
                for option in options {
                    tag("option", with: [("value", option.value), ("selected", option.value == chosen ? "" : nil)]) {
                        option.title
                    }
                }
            },
        ])
    }
}
