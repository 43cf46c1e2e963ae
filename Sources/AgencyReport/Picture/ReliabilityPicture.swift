// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

/// How often what was called so probable came true: on the dashed line for a forecaster who is taken at their word, with the interval of
/// each point as a line through it.
enum ReliabilityPicture {
    private static let size = 220
    private static let left = 44
    private static let top = 26

    static func markup(_ entry: RecordBook.Entry, number: Int) -> Markup {
        let facts = RecordFacts(entry: entry)
        var canvas = Canvas(width: left + size + 16)
        func x(_ share: Double) -> Int { left + Int((share * Double(size)).rounded()) }
        func y(_ share: Double) -> Int { top + size - Int((share * Double(size)).rounded()) }
        for tenth in [0.0, 0.25, 0.5, 0.75, 1] {
            canvas.path([(x(0), y(tenth)), (x(1), y(tenth))], "oa-grid")
            canvas.path([(x(tenth), y(0)), (x(tenth), y(1))], "oa-grid")
            let label = "\(Int(tenth * 100))%"
            canvas.text(label, x: left - 6, y: y(tenth) + 4, "oa-soft oa-small", anchor: "end")
            canvas.text(label, x: x(tenth), y: y(0) + 16, "oa-soft oa-small", anchor: "middle")
        }
        canvas.path(
            [(x(0), y(0)), (x(1), y(1))],
            "oa-dash",
            title: "what a forecaster who is taken at their word would have"
        )
        let most = entry.record.curve.map(\.count).max() ?? 1
        for (point, words) in zip(entry.record.curve, facts.curve) {
            let at = x(point.forecast)
            canvas.path([(at, y(point.interval.low)), (at, y(point.interval.high))], "oa-line", title: words)
            let radius = 3 + Int((4 * (Double(point.count) / Double(most)).squareRoot()).rounded())
            canvas.circle(x: at, y: y(point.frequency), radius: radius, "oa-disc", title: words)
        }
        canvas.y = y(0) + 30
        canvas.text("said", x: x(0.5), y: canvas.y, "oa-small", anchor: "middle")
        canvas.text("came true", x: left, y: top - 12, "oa-small")
        canvas.y += 6
        return canvas.picture(
            "reliability-\(number)",
            title: "Reliability of \(facts.title)",
            about: facts.curve.joined(separator: "; ")
        )
    }
}
