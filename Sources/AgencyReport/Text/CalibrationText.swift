// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

/// What more thought buys a role, as a table.
public struct CalibrationText: TextBlock {
    private let account: CalibrationAccount

    /// Shows a curve.
    public init(_ account: CalibrationAccount) { self.account = account }

    /// Lays the curve out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading(
            "Reliability of \(account.role)",
            note:
                "on \(account.tasks.counted("task")) of \(account.work), bounds at \((1 - account.curve.alpha).percent)"
        )
        let names = account.curve.points.map(\.setting.name.columns)
        let first = min(40, max(7, names.max() ?? 0))
        page.row([
            ("setting", first, .quiet), ("right", 11, .quiet), ("bounds", 18, .quiet), ("cost a task", 18, .quiet),
            ("run", 14, .quiet),
        ])
        for point in account.curve.points {
            let tone: TextStyle.Tone? =
                point.setting.name == account.picked ? .good : point.isWorthwhile ? nil : .quiet
            page.row([
                (point.setting.name, first, tone), ("\(point.setting.successes) of \(point.setting.trials)", 11, tone),
                ("\(point.lower.percent) to \(point.upper.percent)", 18, tone),
                (account.unit.words(point.setting.cost), 18, tone),
                (account.runs[point.setting.name]?.rawValue ?? "", 14, tone),
            ])
        }
        let idle = account.curve.points.filter { !$0.isWorthwhile }.map(\.setting.name)
        if !idle.isEmpty {
            let why = "another is as cheap and known to be as reliable"
            page.paragraph("Not worthwhile: \(idle.joined(separator: "; ")) (\(why)).", tone: .quiet)
        }
        page.blank()
        page.paragraph(account.verdict, indent: 0, tone: account.picked == nil ? .caution : .good)
        return page.text
    }
}
