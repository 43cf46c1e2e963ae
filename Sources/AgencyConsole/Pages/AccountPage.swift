// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime

/// Who one is here, and the own password.
struct AccountPage {
    let access: Access

    var frame: Frame {
        Frame(title: "Your account", access: access) {
            tag("main", id: "main") {
                tag("h1") { access.person.name }
                tag("p") { "You came by " + access.person.identifiedBy + "." }
                tag("p") {
                    "You may "
                        + Permission.allCases.filter(access.grants.contains).map(\.rawValue).joined(separator: ", ")
                        + "."
                }
                if let key = access.browser?.session.desk?.key {
                    tag("p") {
                        "Your choices are signed with a key of your own, which your password opens, in runs that were begun since "
                            + "you have it: "
                        tag("code") { key.short }
                    }
                }
                proof
                if let session = access.browser?.session, session.account != nil {
                    tag("h2") { "Password" }
                    Field.form("/account/password", of: access) {
                        Field.password("now", "The password now", isNew: false)
                        Field.password("password", "New password", isNew: true)
                        Field.password("again", "Once more", isNew: true)
                        tag("p", "soft") { "You are signed out everywhere, and sign in with the new one." }
                        tag("div", "buttons") { tag("button", with: [("type", "submit")]) { "Set it" } }
                    }
                }
            }
        }
    }

    private var proof: Markup {
        Markup(joining: [
            tag("h2") { "Show that it is still you" },
            Field.form("/account/proof", of: access) {
                Field.proof(of: access, isNeeded: true)
                tag("p", "soft") { "It counts for five minutes, where much is at stake." }
                tag("div", "buttons") { Field.button("Show it") }
            },
        ])
    }
}
