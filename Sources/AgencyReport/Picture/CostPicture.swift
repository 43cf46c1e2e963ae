// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// What a run had consumed at which time: tokens and money as curves that rise in steps, below what they are bounded by.
public enum CostPicture {
    /// Returns the picture as SVG, which follows the reader's colour scheme.
    public static func svg(_ state: RunState, events: [RecordedEvent]) -> String {
        markup(CostCurve(state, events: events), Timeline(state, events: events), isNarrow: false).source
    }

    /// The picture for a page, once for wide screens and paper and once for narrow screens.
    package static func figure(_ state: RunState, events: [RecordedEvent]) -> Markup {
        figure(CostCurve(state, events: events), Timeline(state, events: events))
    }

    static func figure(_ curve: CostCurve, _ timeline: Timeline) -> Markup {
        tag("figure", "broad") {
            tag("div", "wide") { markup(curve, timeline, isNarrow: false) }
            tag("div", "narrow") { markup(curve, timeline, isNarrow: true) }
            tag("figcaption") { "What all episodes had consumed, in UTC." }
        }
    }

    private static func markup(_ curve: CostCurve, _ timeline: Timeline, isNarrow: Bool) -> Markup {
        var drawing = CostDrawing(curve, timeline, isNarrow: isNarrow)
        drawing.draw()
        return drawing.canvas.picture(
            isNarrow ? "costs-narrow" : "costs",
            title: "Tokens and money over time",
            about: drawing.said.joined(separator: " ")
        )
    }
}

/// The drawing of what was consumed, on the same axis of time as the timeline.
private struct CostDrawing {
    let curve: CostCurve
    let scale: TimeScale
    let axis: TimeAxis
    var canvas: Canvas
    /// What the picture shows, in sentences.
    var said: [String] = []
    /// What is said below because it is not drawn.
    var beyond: [String] = []

    private static let height = 84

    init(_ curve: CostCurve, _ timeline: Timeline, isNarrow: Bool) {
        self.curve = curve
        axis = TimeAxis(isNarrow: isNarrow)
        canvas = Canvas(width: axis.width)
        scale = TimeScale(times: timeline.times, busy: timeline.busy, from: axis.left, to: axis.right)
    }

    mutating func draw() {
        let top = axis.drawHead(scale, on: &canvas)
        let first = canvas.count
        let last = curve.points.last?.usage ?? Usage()
        let tokens = (last.estimated ? "≈ " : "") + last.tokens.grouped
        panel("tokens", tokens, curve.tokenBounds) { Double($0.tokens) }
        panel("money", last.money.description, curve.moneyBounds) { Double($0.money.microdollars) }
        let drawn = canvas.count
        axis.drawGrid(scale, from: top, to: canvas.y - 8, on: &canvas)
        canvas.lower(from: drawn, below: first)
        say(beyond + (scale.sentence.map { [$0] } ?? []))
        canvas.y -= 6
    }

    private mutating func say(_ sentences: [String]) {
        for sentence in sentences {
            said.append(sentence)
            for line in sentence.wrapped(to: (canvas.width - 16) / 6) {
                canvas.text(line, x: 8, y: canvas.y + 6, "oa-soft oa-small")
                canvas.y += 15
            }
        }
    }

    private mutating func panel(
        _ name: String,
        _ sum: String,
        _ bounds: [CostCurve.Bound],
        amount: (Usage) -> Double
    ) {
        let final = amount(curve.points.last?.usage ?? Usage())
        let label = axis.isNarrow ? canvas.y + 11 : canvas.y + 13
        canvas.text(name, x: 8, y: label, "oa-bold oa-small")
        said.append("\(name.capitalizedFirst): \(sum) in the end.")
        guard final > 0 else {
            canvas.text("none was consumed", x: axis.isNarrow ? 70 : axis.left + 6, y: label, "oa-soft oa-small")
            canvas.y += 26
            beyond += bounds.map { "\(name.capitalizedFirst): \($0.words)." }
            return
        }
        canvas.text(sum, x: axis.isNarrow ? 70 : 8, y: axis.isNarrow ? label : label + 16, "oa-small")
        // A bound that is far above would press the curve flat; it is said instead of drawn.
        let near = bounds.filter { $0.amount >= final && $0.amount <= final * 4 }
        let most = near.map(\.amount).max() ?? final
        canvas.y += axis.isNarrow ? 18 : 6
        let bottom = canvas.y + Self.height
        func y(_ amount: Double) -> Int { bottom - Int((Double(Self.height) * min(1, amount / most)).rounded()) }
        draw(bottom: bottom) { y(amount($0)) }
        for bound in near {
            canvas.path([(axis.left, y(bound.amount)), (axis.right, y(bound.amount))], "oa-dash", title: bound.words)
            canvas.text(bound.words, x: axis.right - 4, y: y(bound.amount) + 12, "oa-soft oa-small", anchor: "end")
        }
        canvas.path([(axis.left, bottom), (axis.right, bottom)])
        canvas.y = bottom + 10
        let far = bounds.filter { !near.contains($0) }
        said += near.map { "\(name.capitalizedFirst): \($0.words)." }
        beyond += far.map { bound in
            let ratio = (bound.amount / final * 10).rounded() / 10
            let how = bound.amount < final ? "which was exceeded" : "\(ratio.shortText) times as much, and not drawn"
            return "\(name.capitalizedFirst): \(bound.words), \(how)."
        }
        canvas.y += 10
    }

    /// Draws the curve; of the moments that lie in one place only the last is drawn, so that it stays of a bounded size.
    private mutating func draw(bottom: Int, height: (Usage) -> Int) {
        var line: [(x: Int, y: Int)] = [(axis.left, bottom)]
        var at = bottom
        for (index, point) in curve.points.enumerated() {
            let x = scale.x(point.at)
            if index + 1 < curve.points.count, scale.x(curve.points[index + 1].at) == x { continue }
            let y = height(point.usage)
            guard y != at else { continue }
            line += [(x, at), (x, y)]
            at = y
        }
        line.append((axis.right, at))
        canvas.path(line + [(axis.right, bottom)], "oa-area")
        canvas.path(line, "oa-curve")
    }
}
