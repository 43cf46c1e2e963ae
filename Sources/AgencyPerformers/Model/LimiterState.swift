// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The state machine behind ``Limiter``: who runs, who waits, and when requests were begun.
///
/// Whoever waits is admitted by run: a request of the run that has the fewest under way goes first, and among equals the
/// run that has waited longest. So every run has its fair share of what there is, whatever another asks for, and requests
/// that hang take no more than the share of their run. Within a run the order is that of asking.
///
/// > Source: max-min fairness: D. Bertsekas, R. Gallager, “Data Networks”, 2nd edition (1992), section 6.5.2.
struct LimiterState: Sendable {
    /// Requests in flight at once.
    private(set) var concurrency: Int
    /// Requests begun in a minute, or `nil` for no limit.
    private(set) var perMinute: Int?
    /// How many places are kept for runs that have nothing under way.
    private(set) var reserved = 0
    /// The most that may wait.
    let longest: Int
    private(set) var running = 0
    private(set) var waiting = 0
    /// What is known of each run that has something under way or waiting.
    private var lines: [RunID: Line] = [:]
    /// The run of each ticket that waits.
    private var owners: [Int: RunID] = [:]
    /// Who is next; a turn whose stamp is not that of its line any more is void.
    private var turns = Heap<Turn>()
    private var stamp = 0
    private var starts: [Duration] = []
    private var nextTicket = 0

    private struct Line {
        var tickets: [Int] = []
        /// The first of the tickets that was not admitted.
        var first = 0
        var waiting = 0
        var running = 0
        var stamp = 0
    }

    private struct Turn: Comparable {
        let running: Int
        let stamp: Int
        let run: RunID

        static func < (left: Turn, right: Turn) -> Bool {
            (left.running, left.stamp) < (right.running, right.stamp)
        }
    }

    init(concurrency: Int, perMinute: Int?, reserved: Int = 0, longest: Int = .max) {
        self.concurrency = max(1, concurrency)
        self.perMinute = perMinute.map { max(1, $0) }
        self.longest = max(1, longest)
        reserve(reserved)
    }

    /// Lowers the limits to these, where they are greater.
    mutating func tighten(concurrency: Int, perMinute: Int?) {
        self.concurrency = min(self.concurrency, max(1, concurrency))
        guard let perMinute else { return }
        self.perMinute = min(self.perMinute ?? .max, max(1, perMinute))
    }

    /// Keeps so many places for runs that have nothing under way, and one at least for the others.
    mutating func reserve(_ places: Int) { reserved = max(0, min(places, concurrency - 1)) }

    /// Gives the next ticket; those of one run are admitted in this order.
    mutating func draw() -> Int {
        defer { nextTicket += 1 }
        return nextTicket
    }

    /// Queues a ticket of a run and returns the tickets that may go now, or `nil` when too many wait.
    mutating func enter(_ ticket: Int, of run: RunID) -> [Int]? {
        guard waiting < longest else { return nil }
        waiting += 1
        owners[ticket] = run
        lines[run, default: Line()].tickets.append(ticket)
        lines[run]?.waiting += 1
        if lines[run]?.waiting == 1 { queue(run) }
        return admit()
    }

    /// Takes a waiting ticket out; false when it waits no more.
    mutating func withdraw(_ ticket: Int) -> Bool {
        // It stays in its line and is passed over there: looking for it would cost as much as the line is long.
        guard let run = owners.removeValue(forKey: ticket) else { return false }
        waiting -= 1
        lines[run]?.waiting -= 1
        forget(run)
        return true
    }

    /// Ends one of a run that was admitted and returns the tickets that may go now.
    mutating func leave(_ run: RunID) -> [Int] {
        running -= 1
        lines[run]?.running -= 1
        if let line = lines[run], line.waiting > 0 { queue(run) }
        forget(run)
        return admit()
    }

    /// Books the next free moment to begin a request and returns how long it is until then.
    ///
    /// The window slides: a request may begin a minute after the one that is as many places before it as may begin in a
    /// minute.
    mutating func book(now: Duration) -> Duration {
        guard let perMinute else { return .zero }
        starts.removeAll { $0 + .seconds(60) <= now }
        let moment = starts.count < perMinute ? now : max(now, starts[starts.count - perMinute] + .seconds(60))
        starts.append(moment)
        return moment - now
    }

    private mutating func admit() -> [Int] {
        var admitted: [Int] = []
        while running < concurrency, let turn = turns.first {
            guard let line = lines[turn.run], line.stamp == turn.stamp, line.waiting > 0 else {
                turns.removeFirst()
                continue
            }
            // Whoever has something under way leaves the last places to those who have nothing.
            guard line.running == 0 || concurrency - running > reserved else { break }
            turns.removeFirst()
            guard let ticket = next(of: turn.run) else { continue }
            admitted.append(ticket)
        }
        return admitted
    }

    /// Admits the first ticket of a line that was not withdrawn, and has the line queue anew for its next.
    private mutating func next(of run: RunID) -> Int? {
        guard var line = lines[run] else { return nil }
        var found: Int?
        while found == nil, line.first < line.tickets.count {
            if owners.removeValue(forKey: line.tickets[line.first]) != nil { found = line.tickets[line.first] }
            line.first += 1
        }
        if line.first > 64, line.first * 2 > line.tickets.count {
            line.tickets.removeFirst(line.first)
            line.first = 0
        }
        if found != nil {
            waiting -= 1
            running += 1
            line.waiting -= 1
            line.running += 1
        }
        lines[run] = line
        if line.waiting > 0 { queue(run) }
        return found
    }

    private mutating func queue(_ run: RunID) {
        guard let count = lines[run]?.running else { return }
        stamp += 1
        lines[run]?.stamp = stamp
        turns.insert(Turn(running: count, stamp: stamp, run: run))
        // Void turns are dropped when they come up; those that never do must not pile up.
        if turns.count > 64, turns.count > 4 * lines.count {
            turns = Heap(turns.elements.filter { lines[$0.run]?.stamp == $0.stamp })
        }
    }

    private mutating func forget(_ run: RunID) {
        if let line = lines[run], line.running == 0, line.waiting == 0 { lines[run] = nil }
    }
}
