// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport

/// Where a link from the terminal leads: opening it changes nothing, so that whatever looks at links uses none up.
struct SignInPage {
    /// The word of the link; `nil` without one that can be used.
    let link: String?

    var frame: Frame {
        Frame(title: "Sign in") {
            tag("main", id: "main") {
                tag("h1") { "Sign in" }
                if let link {
                    tag("p") { "This link is good for one sign-in, here and now." }
                    tag("form", with: [("method", "post"), ("action", "/sign-in")]) {
                        Field.hidden("link", link)
                        tag("button", with: [("type", "submit")]) { "Sign in" }
                    }
                } else {
                    tag("p") { "You are not signed in, or no longer; or the link was used, or is too old." }
                    tag("p") {
                        "At the terminal of "
                        tag("code") { "agency serve" }
                        ", Enter prints a new link; where it has none, start it again."
                    }
                }
            }
        }
    }
}
