// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport
import AgencyRuntime

/// What all pages have around them: the bar at the top, and who is signed in.
struct Frame {
    let title: String
    /// Who is signed in; `nil` on a page for everybody.
    let access: Access?
    /// Where the page hears of what happens, and the last event that is on it.
    let live: String?
    let content: Markup

    init(
        title: String,
        access: Access? = nil,
        live: String? = nil,
        @MarkupBuilder content: () -> Markup
    ) {
        self.title = title
        self.access = access
        self.live = live
        self.content = content()
    }

    /// The whole document.
    var source: String {
        let document = tag("html", with: [("lang", "en")]) {
            tag("head") {
                Markup.element("meta", [("charset", "utf-8")], nil)
                Markup.element("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")], nil)
                Markup.element("meta", [("name", "color-scheme"), ("content", "light dark")], nil)
                tag("title") { title + " · agency" }
                Markup.element("link", [("rel", "icon"), ("href", "/icon.svg")], nil)
                Markup.element("link", [("rel", "stylesheet"), ("href", "/console.css")], nil)
                Markup.element("script", [("src", "/console.js"), ("defer", "")], .empty)
            }
            tag("body") {
                tag("a", with: [("class", "skip"), ("href", "#main")]) { "Skip to the content" }
                bar
                content
            }
        }
        return "<!DOCTYPE html>\n" + document.source + "\n"
    }

    private var bar: Markup {
        tag("div", with: [("class", "bar"), ("role", "banner")]) {
            tag("a", with: [("href", "/"), ("class", "home"), ("accesskey", "i")]) { "agency" }
            if let live {
                tag("span", with: [("class", "live"), ("role", "status"), ("data-live", live)]) {
                    "Live updates need JavaScript; reload to see what is new."
                }
            }
            if let access {
                tag("form", with: [("method", "post"), ("action", "/sign-out"), ("class", "who")]) {
                    if access.grants.contains(.administer) { tag("a", with: [("href", "/people")]) { "People" } }
                    tag("a", with: [("href", "/account")]) { access.person.name }
                    Field.hidden("form", access.formToken)
                    tag("button", with: [("type", "submit"), ("class", "plain")]) { "Sign out" }
                }
            }
        }
    }
}
