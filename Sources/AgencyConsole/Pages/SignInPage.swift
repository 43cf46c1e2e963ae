// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport

/// Where people come in: by a link, which opening does not use up, or by a name and a password.
struct SignInPage {
    /// The word of the link and what it is good for; `nil` without one that can be used.
    let link: (word: String, use: Link.Use)?
    let hasAccounts: Bool
    /// What was wrong with the last try.
    var complaint: String?

    var frame: Frame {
        Frame(title: "Sign in") {
            tag("main", id: "main") {
                tag("h1") { "Sign in" }
                if let complaint { tag("p", with: [("class", "caution"), ("role", "alert")]) { complaint } }
                content
            }
        }
    }

    private var content: Markup {
        guard let link else { return withoutLink }
        switch link.use {
        case .terminal:
            return Markup(joining: [
                tag("p") { "This link is good for one sign-in, here and now." },
                form {
                    Field.hidden("link", link.word)
                    tag("div", "buttons") { tag("button", with: [("type", "submit")]) { "Sign in" } }
                },
            ])
        case .invitation(let name):
            return Markup(joining: [
                tag("p") {
                    "You were invited as \(name). Set a password of at least 12 characters; this link is then used up."
                },
                form {
                    Field.hidden("link", link.word)
                    Field.password("password", "New password", isNew: true)
                    Field.password("again", "Once more", isNew: true)
                    tag("div", "buttons") { tag("button", with: [("type", "submit")]) { "Set it and sign in" } }
                },
            ])
        }
    }

    private var withoutLink: Markup {
        Markup(joining: [
            tag("p") { "You are not signed in, or no longer; or the link was used, or is too old." },
            hasAccounts
                ? form {
                    Field.line("name", id: "name", "Name", most: 64, isName: true)
                    Field.password("password", "Password", isNew: false)
                    tag("div", "buttons") { tag("button", with: [("type", "submit")]) { "Sign in" } }
                } : .empty,
            tag("p", "soft") {
                "At the terminal of "
                tag("code") { "agency serve" }
                ", Enter prints a new link; where it has none, start it again."
            },
        ])
    }

    private func form(@MarkupBuilder _ content: () -> Markup) -> Markup {
        tag("form", with: [("method", "post"), ("action", "/sign-in"), ("class", "choice")], content)
    }
}
