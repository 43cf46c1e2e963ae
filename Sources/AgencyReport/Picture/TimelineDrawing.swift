// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The drawing of a timeline, with the names of lanes beside them or, in a narrow picture, above them.
struct TimelineDrawing {
    private let lanes: [Timeline.Lane]
    private let scale: TimeScale
    private let axis: TimeAxis
    private(set) var canvas: Canvas
    /// What is not drawn one by one, in sentences.
    private(set) var notes: [String] = []
    private var signs: Set<Timeline.Mark.Sign> = []
    private var kinds: Set<Timeline.Kind> = []

    /// The most lanes of roles that are drawn by themselves.
    static let mostLanes = 24
    /// The most bars and marks of a lane that are drawn one by one.
    static let mostPieces = 300
    /// The most bars that are drawn below one another in a lane.
    private static let mostRows = 16
    private static let rowHeight = 11

    /// Where a bar of an episode leads.
    private let link: (EpisodeID) -> String?

    init(_ timeline: Timeline, isNarrow: Bool, link: @escaping (EpisodeID) -> String?) {
        self.link = link
        axis = TimeAxis(isNarrow: isNarrow)
        canvas = Canvas(width: axis.width)
        scale = TimeScale(times: timeline.times, busy: timeline.busy, from: axis.left, to: axis.right)
        lanes = timeline.lanes
    }

    mutating func draw() {
        guard !lanes.isEmpty else {
            canvas.text("Nothing has happened yet.", x: 8, y: canvas.y + 16, "oa-soft")
            canvas.y += 24
            return
        }
        let top = axis.drawHead(scale, on: &canvas)
        let first = canvas.count
        drawLanes()
        // The grid is as high as what is drawn on it, and lies under it.
        let last = canvas.count
        axis.drawGrid(scale, from: top, to: canvas.y, on: &canvas)
        canvas.lower(from: last, below: first)
        canvas.y += 16
        drawLegend()
        if let sentence = scale.sentence { notes.insert(sentence, at: 0) }
        for line in notes.flatMap({ $0.wrapped(to: (canvas.width - 16) / 6) }) {
            canvas.text(line, x: 8, y: canvas.y, "oa-soft oa-small")
            canvas.y += 15
        }
        canvas.y -= 8
    }

    private mutating func drawLanes() {
        for lane in gathered {
            let label = axis.isNarrow ? (x: 8, width: canvas.width - 16) : (x: 8, width: axis.left - 20)
            canvas.y += axis.isNarrow ? 15 : 0
            let line = axis.isNarrow ? canvas.y - 4 : canvas.y + 13
            canvas.text(lane.name, x: label.x, y: line, width: label.width, "oa-bold oa-small")
            let top = canvas.y
            lane.spans.count > Self.mostPieces ? drawMany(lane) : drawEach(lane)
            drawMarks(lane, top: top)
            canvas.y += 5
            canvas.path([(axis.left, canvas.y), (axis.right, canvas.y)], "oa-grid")
            canvas.y += 5
        }
    }

    /// The lanes, with those of roles beyond the most that are drawn as one.
    private var gathered: [Timeline.Lane] {
        let roles = lanes.filter { $0.of == .role }
        guard roles.count > Self.mostLanes else { return lanes }
        let rest = roles.dropFirst(Self.mostLanes - 1)
        let other = Timeline.Lane(of: .role, name: "\(rest.count) other roles", spans: rest.flatMap(\.spans))
        return lanes.filter { $0.of == .people } + roles.prefix(Self.mostLanes - 1) + [other]
            + lanes.filter { $0.of == .enactor }
    }

    // MARK: - Bars

    private mutating func drawEach(_ lane: Timeline.Lane) {
        var rows: [Int] = []
        let top = canvas.y
        var crowded = 0
        for span in lane.spans.sorted(by: { ($0.start, $0.end, $0.name) < ($1.start, $1.end, $1.name) }) {
            let from = scale.x(span.start)
            let width = max(4, scale.x(span.end) - from)
            var row = rows.firstIndex { $0 <= from } ?? rows.count
            if row >= Self.mostRows { (row, crowded) = (Self.mostRows - 1, crowded + 1) }
            if row == rows.count { rows.append(0) }
            rows[row] = max(rows[row], from + width)
            draw(span, x: from, y: top + row * Self.rowHeight, width: width - 1)
        }
        if crowded > 0 { note("\(lane.name): \(crowded.counted("bar")) lie over others, for want of room.") }
        canvas.y = top + max(1, rows.count) * Self.rowHeight
    }

    private mutating func draw(_ span: Timeline.Span, x: Int, y: Int, width: Int) {
        kinds.insert(span.kind)
        let first = canvas.count
        drawBar(span.kind, x: x, y: y + 1, width: width, title: span.about)
        if let target = span.episode.flatMap(link) { canvas.link(from: first, to: target) }
    }

    private mutating func drawBar(_ kind: Timeline.Kind, x: Int, y: Int, width: Int, title: String) {
        canvas.box(x: x, y: y, width: width, height: Self.rowHeight - 3, kind.look, title: title)
        guard kind == .failed else { return }
        let middle = x + width / 2
        canvas.path([(middle - 3, y + 1), (middle + 3, y + 7)], "oa-cross", title: title)
        canvas.path([(middle - 3, y + 7), (middle + 3, y + 1)], "oa-cross", title: title)
    }

    /// Draws very many bars as columns: how many there were at once, each column as wide as several bars would be.
    private mutating func drawMany(_ lane: Timeline.Lane) {
        let step = 6
        let columns = column(of: .max, step) + 1
        var changes = [Int](repeating: 0, count: columns + 1)
        var begun = [Int](repeating: 0, count: columns)
        var failed = [Int](repeating: 0, count: columns)
        for span in lane.spans {
            let (from, to) = (column(of: span.start, step), column(of: span.end, step))
            changes[from] += 1
            changes[to + 1] -= 1
            begun[from] += 1
            if [.failed, .undone].contains(span.kind) { failed[to] += 1 }
        }
        var counts: [Int] = []
        for change in changes.prefix(columns) { counts.append((counts.last ?? 0) + change) }
        let (most, height) = (max(1, counts.max() ?? 1), 3 * Self.rowHeight)
        for (place, count) in counts.enumerated() where count > 0 {
            let tall = max(2, Int((Double(height) * Double(count) / Double(most)).rounded()))
            let words = "\(begun[place].grouped) begun here, \(count.grouped) in all, \(failed[place].grouped) failed"
            let x = axis.left + place * step
            let look = failed[place] > 0 ? "oa-span-failed" : "oa-span"
            canvas.box(x: x, y: canvas.y + height - tall, width: step - 1, height: tall, look, title: words)
        }
        kinds.formUnion(Set(lane.spans.map(\.kind)).intersection([.completed, .failed]))
        let failures = failed.reduce(0, +)
        note(
            "\(lane.name): \(lane.spans.count.grouped) are too many to draw one by one; a column is as high as there are many"
                + " in it, \(most.grouped) at the most" + (failures > 0 ? ", and framed where one failed." : ".")
        )
        canvas.y += height + 2
    }

    private func column(of time: Int64, _ width: Int) -> Int { max(0, scale.x(time) - axis.left) / width }

    private mutating func note(_ words: String) { if !notes.contains(words) { notes.append(words) } }

    // MARK: - Marks

    private mutating func drawMarks(_ lane: Timeline.Lane, top: Int) {
        var at: [Int: [Timeline.Mark]] = [:]
        for mark in lane.marks { at[scale.x(mark.at) / 8, default: []].append(mark) }
        guard !at.isEmpty else { return }
        let line = (lane.spans.isEmpty ? top : canvas.y) + Self.rowHeight
        for place in at.keys.sorted() {
            guard let marks = at[place], let first = marks.last(where: { $0.sign == .choice }) ?? marks.last else {
                continue
            }
            signs.formUnion(marks.map(\.sign))
            let more = marks.count > 8 ? ["and \((marks.count - 8).grouped) more"] : []
            let words = (marks.prefix(8).map(\.about) + more).joined(separator: "\n")
            canvas.sign(first.sign.rawValue, x: scale.x(first.at), y: line, first.sign.look, title: words)
        }
        canvas.y = line + 1
        if lane.marks.count > at.count, lane.marks.count > Self.mostPieces {
            note("\(lane.name): \(lane.marks.count.grouped) marks; those too close to one another are drawn as one.")
        }
    }

    private mutating func drawLegend() {
        var x = 8
        func place(_ words: String) -> Int {
            let width = 26 + words.count * 6 + 10
            if x > 8, x + width > canvas.width { (x, canvas.y) = (8, canvas.y + 17) }
            defer { x += width }
            return x
        }
        for kind in Timeline.Kind.allCases where kinds.contains(kind) {
            let x = place(kind.rawValue)
            drawBar(kind, x: x, y: canvas.y - 4, width: 18, title: kind.rawValue)
            canvas.text(kind.rawValue, x: x + 24, y: canvas.y + 4, "oa-soft oa-small")
        }
        for sign in Timeline.Mark.Sign.allCases where signs.contains(sign) {
            let x = place(sign.words)
            canvas.sign(sign.rawValue, x: x + 10, y: canvas.y + 4, sign.look, title: sign.words)
            canvas.text(sign.words, x: x + 24, y: canvas.y + 4, "oa-soft oa-small")
        }
        canvas.y += 22
    }
}
