// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport

/// Something that a person rewrites: first what that comes to is shown, then it is filed.
struct EditPage {
    let title: String
    let about: String
    /// Where the form goes, and what goes with it unseen.
    let action: String
    let hidden: [(name: StaticString, value: String)]
    let label: String
    let text: String
    let reason: String
    /// What is wrong with it.
    var complaint: String?
    /// What it comes to; it can be filed once that was shown.
    var effect: Markup?
    /// Where else one can begin.
    var ways: [(path: String, title: String)] = []
    let back: String
    let access: Access

    /// The most characters of what is rewritten.
    static let most = 500_000

    var frame: Frame {
        Frame(title: title, access: access) {
            tag("main", id: "main") {
                tag("h1") { title }
                tag("p") { about }
                if !ways.isEmpty {
                    tag("p", "pages") { for way in ways { tag("a", with: [("href", way.path)]) { way.title } } }
                }
                if let complaint { tag("p", with: [("class", "caution"), ("role", "alert")]) { complaint } }
                if let effect {
                    tag("section", id: "effect") {
                        tag("h2") { "What it comes to" }
                        effect
                    }
                }
                Field.form(action, of: access, "choice wide") {
                    for field in hidden { Field.hidden(field.name, field.value) }
                    if effect != nil { Field.hidden("looked", Self.digest(text)) }
                    Field.deadButton
                    Field.text("text", label, rows: 24, most: Self.most, value: text)
                    Field.text("reason", "What you change, and why", rows: 2, most: 2000, value: reason)
                    tag("div", "buttons") {
                        button("look", "Show what it comes to")
                        if effect != nil, complaint == nil { button("file", "File it") }
                    }
                }
                tag("p") { tag("a", with: [("href", back)]) { "Back to the run, and change nothing" } }
            }
        }
    }

    /// What a text is told apart by: only what was shown is filed.
    static func digest(_ text: String) -> String { Digest(of: Array(text.utf8)).hex }

    private func button(_ act: String, _ title: String) -> Markup {
        tag("button", with: [("type", "submit"), ("name", "act"), ("value", act)]) { title }
    }
}
