// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport
import AgencyRuntime

/// Who may come in, as what, and what was done about it.
struct PeoplePage {
    let accounts: Accounts
    let sessions: [String?: Int]
    /// The newest entries of the register, the newest first.
    let entries: [Register.Entry]
    let access: Access
    /// What is shown once.
    let news: News?

    enum News {
        /// An account, and the path of the link by which a person comes to it.
        case invitation(String, String)
        /// A program, and its word.
        case token(String, String)
    }

    /// How many entries of the register are shown.
    static let entries = 100

    var frame: Frame {
        Frame(title: "People", access: access) {
            tag("main", id: "main") {
                tag("h1") { "People" }
                told
                people
                programs
                register
            }
        }
    }

    private var told: Markup {
        switch news {
        case .invitation(let name, let path)?:
            tag("div", "notice") {
                tag("span", "sign") { "·" }
                tag("div") {
                    tag("p") {
                        "Give \(name) this address, and nobody else. It is shown once, and good once, for a day:"
                    }
                    tag("p") { tag("a", with: [("href", path)]) { path } }
                }
            }
        case .token(let name, let word)?:
            tag("div", "notice") {
                tag("span", "sign") { "·" }
                tag("div") {
                    tag("p") { "The token of \(name). It is shown once; what is kept is its digest:" }
                    tag("pre") { word }
                }
            }
        case nil: .empty
        }
    }

    private var people: Markup {
        tag("section", id: "accounts") {
            tag("h2") { "Accounts" }
            if accounts.people.isEmpty {
                tag("p") { "None: only who reads the terminal of agency serve comes in." }
            }
            tag("ul", "runs") {
                for account in accounts.people { row(account) }
            }
            tag("h3") { "Let somebody in" }
            Field.form("/people", of: access) {
                Field.line("name", id: "person", "Name", most: 64, isName: true)
                Field.select("role", "May", Account.Role.allCases.map { ($0.rawValue, $0.about) }, chosen: "reader")
                tag("div", "buttons") { Field.button("Make an account") }
            }
        }
    }

    private func row(_ account: Account) -> Markup {
        let count = sessions[account.name] ?? 0
        return tag("li") {
            tag("strong") { account.name }
            tag("span", "tag") { account.role.rawValue }
            tag("span", "soft") {
                (account.password == nil ? "has not set a password yet" : "has a password")
                    + " · signed in " + (count == 1 ? "once" : "\(count) times")
            }
            tag("div", "buttons") {
                for role in Account.Role.allCases where role != account.role {
                    small("/people/role", account.name, "Make \(role.rawValue)", role: role)
                }
                small(
                    "/people/invite",
                    account.name,
                    account.password == nil ? "New invitation" : "New password by invitation"
                )
                if count > 0 { small("/people/sign-out", account.name, "Sign out everywhere") }
                small("/people/remove", account.name, "Remove")
            }
        }
    }

    private var programs: Markup {
        tag("section", id: "programs") {
            tag("h2") { "Programs" }
            tag("p", "soft") {
                "A token reads what stands below /api, and holds work back or says what became of forecasts where you say so. It never chooses, and lets nothing go on."
            }
            tag("ul", "runs") {
                for program in accounts.programs {
                    tag("li") {
                        tag("strong") { program.name }
                        tag("span", "tag") {
                            program.mayHold
                                ? "reads and holds" : program.maySettle == true ? "reads and settles" : "reads"
                        }
                        tag("span", "soft") { "made by \(program.madeBy)" }
                        tag("div", "buttons") { small("/programs/remove", program.name, "Remove") }
                    }
                }
            }
            Field.form("/programs", of: access) {
                Field.line("name", id: "program", "Name", most: 64, isName: true)
                Field.select(
                    "hold",
                    "May",
                    [
                        ("no", "read"), ("yes", "read, ask, file options, pause and stop"),
                        ("settle", "read, and say what became of forecasts"),
                    ],
                    chosen: "no"
                )
                tag("div", "buttons") { Field.button("Make a token") }
            }
        }
    }

    private var register: Markup {
        tag("section", id: "register") {
            tag("h2") { "Register" }
            tag("p", "soft") {
                "Who came in, who was refused and what was done here, the newest first; it is on the ledger, and agency verify checks it."
            }
            tag("table", "stack events") {
                tag("thead") {
                    tag("tr") { for title in ["time", "what", "who", "about", "known by"] { tag("th") { title } } }
                }
                tag("tbody") {
                    for entry in entries {
                        tag("tr") {
                            tag("td", "quiet when") { UTC.text(milliseconds: entry.atMilliseconds) }
                            tag("td") { entry.act.rawValue.replacing("_", with: " ") }
                            tag("td") { entry.person }
                            tag("td") { entry.subject ?? "" }
                            tag("td") { entry.identifiedBy }
                        }
                    }
                }
            }
        }
    }

    private func small(_ path: String, _ name: String, _ title: String, role: Account.Role? = nil) -> Markup {
        Field.form(path, of: access, "inline") {
            Field.hidden("name", name)
            if let role { Field.hidden("role", role.rawValue) }
            Field.button(title, of: name)
        }
    }
}

extension Account.Role {
    fileprivate var about: String {
        switch self {
        case .reader: "read (reader)"
        case .chooser: "read, choose and steer (chooser)"
        case .admin: "all that, and let people in (admin)"
        }
    }
}
