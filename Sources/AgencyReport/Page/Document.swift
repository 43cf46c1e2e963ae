// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A page that needs nothing but itself, runs nothing, and fetches nothing.
enum Document {
    /// The source of a page.
    static func source(title: String, _ body: Markup) -> String {
        let document = tag("html", with: [("lang", "en")]) {
            tag("head") {
                Markup.element("meta", [("charset", "utf-8")], nil)
                Markup.element(
                    "meta",
                    [
                        ("http-equiv", "Content-Security-Policy"),
                        ("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
                    ],
                    nil
                )
                Markup.element("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")], nil)
                Markup.element("meta", [("name", "color-scheme"), ("content", "light dark")], nil)
                Markup.element("meta", [("name", "referrer"), ("content", "no-referrer")], nil)
                tag("title") { title }
                tag("style") { Markup(literal: Stylesheet.page) }
            }
            tag("body") { body }
        }
        return "<!DOCTYPE html>\n" + document.source + "\n"
    }
}
