// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Where moments lie on a picture: stretches drawn in proportion, with long times between them drawn short.
struct TimeScale {
    /// A stretch of time and of the picture.
    struct Piece {
        var start: Int64
        var end: Int64
        var from: Double
        var to: Double
        /// Whether nothing was recorded in it, and it is drawn short.
        var isShort: Bool

        var milliseconds: Int64 { max(0, end - start) }
    }

    /// A moment with its name.
    struct Tick: Hashable {
        var x: Int
        var label: String
    }

    /// The stretches from left to right.
    private(set) var pieces: [Piece] = []
    /// How much of the picture a millisecond takes in stretches that are drawn in proportion.
    private var perMillisecond = 0.0

    /// The most stretches that are drawn short.
    private static let mostShort = 24
    /// The shortest time that is ever drawn short, in milliseconds.
    private static let least: Int64 = 1000

    /// Lays times out between two places of a picture.
    ///
    /// - Parameters:
    ///   - times: The times at which something was recorded, in order.
    ///   - busy: The stretches in which something was under way, in order.
    ///   - left: Where the first time lies.
    ///   - right: Where the last time lies.
    init(times: [Int64], busy: [ClosedRange<Int64>], from left: Int, to right: Int) {
        guard let first = times.first, let last = times.last else { return }
        let gaps = Self.gaps(times, busy: busy)
        let (width, least) = (Double(right - left), 12.0)
        let short = gaps.isEmpty ? 0 : min(56, width * 0.4 / Double(gaps.count))
        let drawn = (last - first) - gaps.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
        let rest = max(0, width - short * Double(gaps.count) - least * Double(gaps.count + 1))
        perMillisecond = drawn > 0 ? rest / Double(drawn) : 0
        var (time, x) = (first, Double(left))
        func piece(until end: Int64, _ width: Double, isShort: Bool) {
            pieces.append(Piece(start: time, end: end, from: x, to: x + width, isShort: isShort))
            (time, x) = (end, x + width)
        }
        for gap in gaps {
            piece(until: gap.lowerBound, least + Double(gap.lowerBound - time) * perMillisecond, isShort: false)
            piece(until: gap.upperBound, short, isShort: true)
        }
        piece(until: last, least + Double(last - time) * perMillisecond, isShort: false)
    }

    /// Chooses the times to draw short: the longest first, while one alone takes a fifth of what is left.
    ///
    /// One in which something was under way is only drawn short when it leaves less than a twentieth for the rest.
    private static func gaps(_ times: [Int64], busy: [ClosedRange<Int64>]) -> [Range<Int64>] {
        guard let first = times.first, let last = times.last else { return [] }
        let longest = zip(times, times.dropFirst()).map { $0..<$1 }
            .filter { $0.upperBound - $0.lowerBound >= least }
            .sorted { ($1.upperBound - $1.lowerBound, $0.lowerBound) < ($0.upperBound - $0.lowerBound, $1.lowerBound) }
        var rest = Double(last) - Double(first)
        var chosen: [Range<Int64>] = []
        for gap in longest.prefix(4 * mostShort) where chosen.count < mostShort {
            let length = Double(gap.upperBound) - Double(gap.lowerBound)
            guard length > rest * 0.2 else { break }
            if length < rest * 0.95, isBusy(gap, busy) { continue }
            chosen.append(gap)
            rest -= length
        }
        return chosen.sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func isBusy(_ gap: Range<Int64>, _ busy: [ClosedRange<Int64>]) -> Bool {
        // Nothing begins or ends between two times of the record, so the middle tells for all of it.
        let middle = gap.lowerBound + (gap.upperBound - gap.lowerBound) / 2
        var (low, high) = (0, busy.count)
        while low < high {
            let place = (low + high) / 2
            if busy[place].upperBound < middle { low = place + 1 } else { high = place }
        }
        return low < busy.count && busy[low].contains(middle)
    }

    /// Where a moment lies; one beyond the record lies at its edge.
    func x(_ time: Int64) -> Int {
        guard let first = pieces.first, let last = pieces.last else { return 0 }
        if time <= first.start { return Int(first.from.rounded()) }
        guard let piece = pieces.first(where: { time < $0.end }) else { return Int(last.to.rounded()) }
        guard piece.milliseconds > 0 else { return Int(piece.from.rounded()) }
        let share = (Double(time) - Double(piece.start)) / Double(piece.milliseconds)
        return Int((piece.from + min(max(share, 0), 1) * (piece.to - piece.from)).rounded())
    }

    /// The stretches that are drawn short.
    var short: [Piece] { pieces.filter(\.isShort) }

    /// What is drawn short, in a sentence; `nil` where nothing is.
    var sentence: String? {
        guard !short.isEmpty else { return nil }
        let sum = Int(clamping: short.reduce(0) { $0 + $1.milliseconds }).millisecondsText
        let what =
            short.count == 1
            ? "A time in which nothing was recorded (\(sum)) is"
            : "\(short.count) times in which nothing was recorded (\(sum) together) are"
        return "\(what) drawn short and shaded; the rest is in proportion."
    }
}
