// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

/// What more thought buys a role, with the curve as a picture.
public struct CalibrationPage {
    private let account: CalibrationAccount

    /// Shows a curve.
    public init(_ account: CalibrationAccount) { self.account = account }

    /// The curve as one HTML page without scripts or anything to be fetched.
    public var html: String {
        Document.source(
            title: "Reliability of \(account.role)",
            Markup(joining: [
                tag("header") {
                    tag("p", "kicker") { account.work }
                    tag("h1") { "Reliability of \(account.role)" }
                    tag("p", with: [("class", "outcome " + (account.picked == nil ? "caution" : "good"))]) {
                        account.verdict
                    }
                }, tag("main") { Markup(joining: [picture, table]) },
                tag("footer") {
                    tag("p") {
                        "Made from the answers to \(account.tasks.counted("task")) in \(account.runs.count.counted("run"))."
                    }
                },
            ])
        )
    }

    private var picture: Markup {
        tag("figure") {
            ThinkingPicture.markup(account)
            tag("figcaption") {
                "The share of tasks that came out right, with bounds that hold for all settings together at "
                    + "\((1 - account.curve.alpha).percent). Dashed: what is wanted. The larger point is picked."
            }
        }
    }

    private var table: Markup {
        tag("table") {
            tag("tr") { for title in ["Setting", "Right", "Bounds", "Cost of a task", "Run"] { tag("th") { title } } }
            for point in account.curve.points {
                tag("tr", point.isWorthwhile ? nil : "soft") {
                    tag("td") { point.setting.name + (point.isWorthwhile ? "" : " (not worthwhile)") }
                    tag("td") { "\(point.setting.successes) of \(point.setting.trials)" }
                    tag("td") { "\(point.lower.percent) to \(point.upper.percent)" }
                    tag("td") { account.unit.words(point.setting.cost) }
                    tag("td") { account.runs[point.setting.name]?.rawValue ?? "" }
                }
            }
        }
    }
}
