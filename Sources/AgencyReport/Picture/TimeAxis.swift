// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Where the time axis of a picture lies, and how it is drawn.
struct TimeAxis {
    let isNarrow: Bool
    let width: Int
    let left: Int
    let right: Int

    /// An axis with room for names beside it, or for a narrow screen without.
    init(isNarrow: Bool) {
        self.isNarrow = isNarrow
        width = isNarrow ? 420 : 880
        left = isNarrow ? 10 : 124
        right = width - 12
    }

    /// Draws the names of moments.
    ///
    /// - Returns: Where the grid begins.
    func drawHead(_ scale: TimeScale, on canvas: inout Canvas) -> Int {
        for tick in scale.starts(before: right) {
            canvas.text(tick.label, x: tick.x, y: canvas.y + 10, "oa-small oa-bold")
        }
        canvas.y += 18
        for tick in scale.ticks {
            let isEdge = tick.x < 32
            canvas.text(
                tick.label,
                x: isEdge ? left : tick.x,
                y: canvas.y + 9,
                "oa-soft oa-small",
                anchor: isEdge ? nil : "middle"
            )
        }
        for piece in scale.short {
            let words = Int(clamping: piece.milliseconds).millisecondsText
            let room = Int(piece.to - piece.from)
            let label = words.columns * 7 <= room ? words : "⋯"
            let x = Int((piece.from + piece.to) / 2)
            canvas.text(label, x: x, y: canvas.y + 9, "oa-soft oa-small", anchor: "middle")
        }
        canvas.y += 15
        let top = canvas.y
        canvas.path([(left, top), (right, top)])
        canvas.y += 8
        return top
    }

    /// Draws the lines of the moments, and the stretches that are drawn short.
    func drawGrid(_ scale: TimeScale, from top: Int, to bottom: Int, on canvas: inout Canvas) {
        for tick in scale.ticks { canvas.path([(tick.x, top), (tick.x, bottom)], "oa-grid") }
        for piece in scale.short {
            let (from, to) = (Int(piece.from.rounded()), Int(piece.to.rounded()))
            let words =
                "\(Int(clamping: piece.milliseconds).millisecondsText) in which nothing was recorded, drawn short"
            canvas.box(x: from, y: top - 14, width: to - from, height: bottom - top + 14, "oa-gap", title: words)
            for x in [from, to] { canvas.path([(x, top - 14), (x, bottom)], "oa-grid") }
        }
    }
}
