// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The state machine behind ``Limiter``: who runs, who waits, and when requests were begun.
struct LimiterState: Sendable {
    /// Requests in flight at once.
    var concurrency: Int
    /// Requests begun in a minute, or `nil` for no limit.
    var perMinute: Int?
    private(set) var running = 0
    private(set) var queue: [Int] = []
    private var starts: [Duration] = []
    private var nextTicket = 0

    init(concurrency: Int, perMinute: Int?) {
        self.concurrency = max(1, concurrency)
        self.perMinute = perMinute.map { max(1, $0) }
    }

    /// Gives the next ticket; tickets are admitted in this order.
    mutating func draw() -> Int {
        defer { nextTicket += 1 }
        return nextTicket
    }

    /// Queues a ticket and returns the tickets that may go now.
    mutating func enter(_ ticket: Int) -> [Int] {
        queue.append(ticket)
        return admit()
    }

    /// Takes a waiting ticket out; false when it waits no more.
    mutating func withdraw(_ ticket: Int) -> Bool {
        guard let index = queue.firstIndex(of: ticket) else { return false }
        queue.remove(at: index)
        return true
    }

    /// Ends one that was admitted and returns the tickets that may go now.
    mutating func leave() -> [Int] {
        running -= 1
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
        let count = min(max(0, concurrency - running), queue.count)
        let admitted = Array(queue.prefix(count))
        queue.removeFirst(count)
        running += count
        return admitted
    }
}
