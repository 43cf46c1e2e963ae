// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

/// How reliable a role is for what a task costs: a point for each setting, its bounds as a line through it, and the
/// reliability that is wanted as a dashed line.
enum ThinkingPicture {
    private static let width = 380
    private static let height = 220
    private static let left = 52
    private static let top = 26

    static func markup(_ account: CalibrationAccount) -> Markup {
        var canvas = Canvas(width: left + width + 24)
        let known = account.curve.points.filter { $0.setting.cost != nil }
        let most = max(known.compactMap(\.setting.cost).max() ?? 1, .leastNormalMagnitude) * 1.05
        func x(_ cost: Double) -> Int { left + Int((cost / most * Double(width)).rounded()) }
        func y(_ share: Double) -> Int { top + height - Int((share * Double(height)).rounded()) }
        for quarter in [0.0, 0.25, 0.5, 0.75, 1] {
            canvas.path([(left, y(quarter)), (left + width, y(quarter))], "oa-grid")
            canvas.text(quarter.percent, x: left - 6, y: y(quarter) + 4, "oa-soft oa-small", anchor: "end")
        }
        for share in [0.0, 0.5, 1] {
            let words = account.unit.words(share * most)
            canvas.text(words, x: x(share * most), y: y(0) + 16, "oa-soft oa-small", anchor: "middle")
        }
        canvas.path(
            [(left, y(account.reliability)), (left + width, y(account.reliability))],
            "oa-dash",
            title: "wanted: \(account.reliability.percent)"
        )
        for point in known {
            guard let rate = point.rate, let cost = point.setting.cost else { continue }
            let words = account.line(point)
            canvas.path([(x(cost), y(point.lower)), (x(cost), y(point.upper))], "oa-line", title: words)
            let isPicked = point.setting.name == account.picked
            canvas.circle(x: x(cost), y: y(rate), radius: isPicked ? 7 : 4, "oa-disc", title: words)
        }
        canvas.y = y(0) + 32
        canvas.text("cost of a task", x: left + width / 2, y: canvas.y, "oa-small", anchor: "middle")
        canvas.text("right", x: left, y: top - 12, "oa-small")
        canvas.y += 6
        return canvas.picture(
            "thinking",
            title: "Reliability and cost of \(account.role)",
            about: account.lines.joined(separator: "; ")
        )
    }
}
