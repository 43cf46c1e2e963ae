// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencyCore

/// How one plan differs from another, step by step and line by line.
package enum PlanChanges {
    /// Every step of both, with what was and what is.
    package static func markup(from old: Plan, to new: Plan) -> Markup {
        Markup(
            joining: StepChange.all(old, new).map(show)
                + Assumptions.changes(old, new).map { line in
                    tag("p", with: [("class", line.tone.name)]) { "\(line.mark) taken for granted: \(line.text)" }
                }
        )
    }

    private static func show(_ change: StepChange) -> Markup {
        Markup(joining: [
            tag("p") {
                tag("span", with: [("class", change.tone.name)]) { "\(change.mark) \(change.word)" }
                " "
                tag("span", "mono") { change.step.id.rawValue }
                " \(change.step.intent)"
            },
            change.parts.isEmpty
                ? .empty
                : tag("pre") { for part in change.parts { show(part) } },
        ])
    }

    private static func show(_ part: StepChange.Part) -> Markup {
        switch part {
        case .value(let name, let old, let new):
            let before = old.map { line("line cut", "- ", "\(name): \($0)") } ?? .empty
            return Markup(joining: [before, new.map { line("line add", "+ ", "\(name): \($0)") } ?? .empty])
        case .lines(let changes):
            return Markup(
                joining: changes.map { change in
                    switch change {
                    case .same(let one): line("line", "  ", one.barred)
                    case .removed(let one): line("line cut", "- ", one.barred)
                    case .added(let one): line("line add", "+ ", one.barred)
                    case .skipped(let count): line("line key", "  ", "… \(count.counted("line")) alike")
                    }
                }
            )
        }
    }

    private static func line(_ kind: String, _ sign: String, _ text: String) -> Markup {
        tag("span", with: [("class", kind)]) {
            tag("span", "sign") { sign }
            text
        }
    }
}
