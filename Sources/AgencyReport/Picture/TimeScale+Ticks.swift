// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension TimeScale {
    /// Distances between ticks that people count in, in milliseconds.
    private static let steps: [Int64] =
        [1, 2, 5, 10, 20, 50, 100, 200, 500].map { $0 }
        + [1, 2, 5, 10, 15, 30].map { $0 * 1000 } + [1, 2, 5, 10, 15, 30].map { $0 * 60_000 }
        + [1, 2, 3, 6, 12].map { $0 * 3_600_000 }
        + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000].map { $0 * 86_400_000 }

    /// The moments to name: round ones, far enough from one another.
    var ticks: [Tick] {
        var ticks: [Tick] = []
        for piece in pieces where !piece.isShort && piece.milliseconds > 0 {
            let scale = (piece.to - piece.from) / Double(piece.milliseconds)
            guard let step = Self.steps.first(where: { Double($0) * scale >= 78 }) else { continue }
            let start = piece.start - (piece.start % step + step) % step
            for number in 0...Int64(((piece.to - piece.from) / (Double(step) * scale)).rounded(.up)) {
                let time = start + number * step
                guard time >= piece.start, time <= piece.end else { continue }
                let x = x(time)
                // A label that would run into the next stretch or the label before is left out.
                guard Double(x) + 30 <= piece.to + 12, x - (ticks.last?.x ?? -100) >= 62 else { continue }
                ticks.append(Tick(x: x, label: Self.label(time, step: step)))
            }
        }
        return ticks
    }

    /// Where stretches begin that are drawn in proportion: their dates and times, as far as there is room for them.
    ///
    /// - Parameter right: Where the picture ends; a label that would reach beyond it begins earlier.
    /// - Returns: The labels from left to right, none of which lies on another.
    func starts(before right: Int) -> [Tick] {
        var ticks: [Tick] = []
        var free = Int.min
        var date = ""
        for piece in pieces where !piece.isShort {
            let whole = UTC.text(milliseconds: piece.start)
            let (day, clock) = (String(whole.prefix(10)), String(whole.dropFirst(11).prefix(8)))
            let label = day == date ? clock : day + " " + clock
            let width = label.count * 7 + 6
            let x = min(Int(piece.from.rounded()), right - width)
            guard x >= free, ticks.last?.label.hasSuffix(clock) != true else { continue }
            ticks.append(Tick(x: x, label: label))
            (free, date) = (x + width + 6, day)
        }
        return ticks
    }

    private static func label(_ time: Int64, step: Int64) -> String {
        let whole = UTC.text(milliseconds: time)
        if step >= 86_400_000 { return String(whole.prefix(10)) }
        let clock = whole.dropFirst(11)
        if step >= 60_000 { return String(clock.prefix(5)) }
        if step >= 1000 { return String(clock.prefix(8)) }
        let digits = String((time % 1000 + 1000) % 1000)
        return clock.prefix(8) + "." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
