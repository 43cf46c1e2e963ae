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
                if access != nil { keys }
            }
        }
        return "<!DOCTYPE html>\n" + document.source + "\n"
    }

    /// What keys do where nothing is being typed; none of them sends anything.
    private var keys: Markup {
        tag("footer") {
            tag("p", "soft keys") {
                "Keys: "
                for (key, title) in Self.keys {
                    tag("kbd") { key }
                    " \(title)  "
                }
            }
        }
    }

    private static let keys = [
        ("i", "inbox"), ("c", "to the choice"), ("s", "to steering"), ("e", "every event"), ("r", "records"),
        ("p", "people"),
        ("a", "your account"), ("Tab", "from one thing to the next"),
    ]

    private var bar: Markup {
        tag("div", with: [("class", "bar"), ("role", "banner")]) {
            tag("a", with: [("href", "/"), ("class", "home"), ("data-key", "i")]) { "agency" }
            if let live {
                tag("span", with: [("class", "live"), ("role", "status"), ("data-live", live)]) {
                    "Live updates need JavaScript; reload to see what is new."
                }
            }
            if let access {
                Field.form("/sign-out", of: access, "who") {
                    tag("a", with: [("href", "/records"), ("data-key", "r")]) { "Records" }
                    if access.grants.contains(.administer) {
                        tag("a", with: [("href", "/people"), ("data-key", "p")]) { "People" }
                    }
                    tag("a", with: [("href", "/account"), ("data-key", "a")]) { access.person.name }
                    tag("button", with: [("type", "submit"), ("class", "plain")]) { "Sign out" }
                }
            }
        }
    }
}
