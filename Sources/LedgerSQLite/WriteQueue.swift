// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// The appends that wait to be written, in the order in which they will be.
struct WriteQueue {
    /// The most appends of one transaction, so that the first of them does not wait long for the last.
    static let maximumAppends = 2048
    /// The most bytes of one transaction, for the same reason; a single larger append still goes alone.
    static let maximumBytes = 16 << 20
    /// How many appends may wait that nobody waits for; beyond, a relaxed append is made to wait for its own commit.
    static let maximumRelaxed = 4096
    /// How many bytes of appends may wait that nobody waits for.
    static let maximumRelaxedBytes = 8 << 20
    /// With this many appends or bytes, relaxed ones are written although they could still wait.
    static let enough = 512
    static let enoughBytes = 512 << 10
    private static let maximumTails = 100_000

    typealias Answer = CheckedContinuation<Result<Void, LedgerError>, Never>

    struct Item {
        /// `nil` for somebody who only waits for those before.
        let append: PendingAppend?
        /// `nil` when nobody waits to be told.
        let answer: Answer?
        /// Whether it was answered as soon as it had its place.
        var isRelaxed = false
    }

    /// What is known of the end of a run here.
    private struct Tail {
        /// Where the run ends once everything that waits is written; `nil` when only the writer can tell.
        var head: Head?
        var waiting = 0
        var relaxed = 0
        /// Whether an append was lost that its caller had been told would be written.
        var isBroken = false
    }

    private(set) var items: [Item] = []
    private(set) var bytes = 0
    /// How many of the items somebody waits for.
    private(set) var answers = 0
    /// How many items were placed and not yet settled.
    private(set) var openCount = 0
    private var relaxedInFlight = 0
    private var relaxedBytes = 0
    private var tails: [RunID: Tail] = [:]

    enum Place {
        /// It will be written, or the run is broken for those who follow.
        case accepted
        /// Whether it is written is for the writer to say.
        case mustWait
        case refused(LedgerError)
    }

    /// Gives a relaxed append its place, if it can be promised one now.
    mutating func placeRelaxed(_ append: PendingAppend) -> Place {
        if let error = fault(of: append.run, expected: append.head) { return .refused(error) }
        guard relaxedInFlight < Self.maximumRelaxed, relaxedBytes + append.byteCount <= Self.maximumRelaxedBytes,
            var tail = tails[append.run], tail.head == append.head
        else { return .mustWait }
        tail.head = append.newHead
        tail.waiting += 1
        tail.relaxed += 1
        tails[append.run] = tail
        relaxedInFlight += 1
        relaxedBytes += append.byteCount
        push(Item(append: append, answer: nil, isRelaxed: true))
        return .accepted
    }

    /// Gives an append its place whose caller waits for what comes of it.
    mutating func place(_ append: PendingAppend, _ answer: Answer) {
        follow(append)
        answers += 1
        push(Item(append: append, answer: answer))
    }

    /// Takes an append whose caller writes it itself, when there are no others.
    mutating func placeAlone(_ append: PendingAppend) -> Item {
        follow(append)
        openCount += 1
        return Item(append: append, answer: nil)
    }

    private mutating func follow(_ append: PendingAppend) {
        var tail = tails[append.run] ?? Tail()
        // Of two that follow one head the second will be refused, but that is not certain before the first is written.
        tail.head = tail.head == append.head ? append.newHead : nil
        tail.waiting += 1
        tails[append.run] = tail
    }

    mutating func placeBarrier(_ answer: Answer) {
        answers += 1
        push(Item(append: nil, answer: answer))
    }

    private mutating func push(_ item: Item) {
        items.append(item)
        openCount += 1
        bytes += item.append?.byteCount ?? 0
    }

    /// Takes the next batch; the items of broken runs are among it, for the caller to refuse.
    mutating func takeBatch() -> [Item] {
        var count = 0
        var taken = 0
        for item in items.prefix(Self.maximumAppends) {
            let size = item.append?.byteCount ?? 0
            guard count == 0 || taken + size <= Self.maximumBytes else { break }
            taken += size
            count += 1
            if item.answer != nil { answers -= 1 }
        }
        bytes -= taken
        if count == items.count {
            defer { items = [] }
            return items
        }
        defer { items.removeFirst(count) }
        return Array(items.prefix(count))
    }

    /// Takes note of what came of an item that was taken.
    mutating func settle(_ item: Item, _ result: Result<Void, LedgerError>) {
        openCount -= 1
        guard let append = item.append, var tail = tails[append.run] else { return }
        tail.waiting -= 1
        if item.isRelaxed {
            tail.relaxed -= 1
            relaxedInFlight -= 1
            relaxedBytes -= append.byteCount
        }
        switch result {
        case .success:
            if tail.waiting == 0 { tail.head = append.newHead }
        case .failure:
            tail.head = nil
            if item.isRelaxed { tail.isBroken = true }
        }
        tails[append.run] = tail
        if tails.count > Self.maximumTails { tails = tails.filter { $0.value.waiting > 0 || $0.value.isBroken } }
    }

    /// Why an append to a run cannot be right: its caller builds on one that was lost.
    func fault(of run: RunID, expected head: Head) -> LedgerError? {
        guard tails[run]?.isBroken == true else { return nil }
        return LedgerError(
            .conflict,
            "an earlier append to run \(run) could not be written after all; read it again and decide again",
            retry: .afterRereading,
            run: run,
            sequence: head.sequence
        )
    }

    /// Whether appends wait to be written whose callers take them for written: of one run, or of any.
    func hasRelaxed(_ run: RunID?) -> Bool {
        guard let run else { return relaxedInFlight > 0 }
        return tails[run]?.relaxed ?? 0 > 0
    }

    /// Lets a run that has been read again be appended to.
    mutating func mend(_ run: RunID) {
        if tails[run]?.isBroken == true { tails[run]?.isBroken = false }
    }
}
