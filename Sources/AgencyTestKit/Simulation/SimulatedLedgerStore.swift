// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import Synchronization

/// A ledger in memory whose disk forgets: what was appended without waiting for it to be durable can be lost in a crash.
///
/// Appends go into one log of frames, as into a write-ahead log. A full append syncs the log up to and including itself; a
/// relaxed one stays in the part that the machine would lose. A crash leaves of that part what it likes: nothing, a
/// beginning, frames without those before them, half a frame. Recovery reads the log and ends it at the first frame that
/// is missing or broken.
public final class SimulatedLedgerStore: LedgerStore {
    /// Something that has become visible to every reader.
    public enum Change: Sendable {
        /// Entries were appended.
        case appended([Entry], to: RunID, Durability)
        /// A crash took the end of a record away; so many entries are left.
        case cut(RunID, to: Int)
    }

    struct Frame {
        var number: Int
        var run: RunID
        var entries: [Entry]
        var artefacts: [Artefact]
        var row: RunRow?
        var isTorn = false
    }

    struct State {
        var log: [Frame] = []
        var synced = 0
        var records: [RunID: [Entry]] = [:]
        var artefacts: [Digest: [UInt8]] = [:]
        var rows: [RunID: RunRow] = [:]
        var snapshots: [RunID: Snapshot] = [:]
        var tenures: [RunID: Tenure] = [:]
        var turn = 0

        mutating func show(_ frame: Frame) {
            for artefact in frame.artefacts { artefacts[artefact.digest] = artefact.bytes }
            records[frame.run, default: []] += frame.entries
            if let row = frame.row { rows[frame.run] = row }
        }

        func head(of run: RunID) -> Head { records[run]?.last.map(Head.init(_:)) ?? Head(emptyRun: run) }
    }

    let state = Mutex(State())
    let now: @Sendable () -> Int64
    let board = WakeUpBoard()
    private let observe: @Sendable (Change) -> Void

    /// Makes an empty ledger.
    ///
    /// - Parameters:
    ///   - now: The time in milliseconds since 1970 UTC, by which leases end.
    ///   - observe: Is told of each change as it becomes visible, before whoever made it.
    public init(
        now: @escaping @Sendable () -> Int64 = { 0 },
        observe: @escaping @Sendable (Change) -> Void = { _ in }
    ) {
        self.now = now
        self.observe = observe
    }

    /// How many appends would be lost in a crash.
    public var unsynced: Int { state.withLock { $0.log.count - $0.synced } }

    /// Whether an entry outlives a crash.
    public func isDurable(_ sequence: Int, of run: RunID) -> Bool {
        state.withLock { state in
            !state.log[state.synced...].contains { $0.run == run && $0.entries.contains { $0.sequence <= sequence } }
        }
    }

    /// Makes everything that was appended durable, as a store does by itself some moments later.
    public func sync() { state.withLock { $0.synced = $0.log.count } }

    /// Crashes and recovers.
    ///
    /// - Parameter generator: Draws what is left of what was not synced.
    /// - Returns: How many appends were lost.
    @discardableResult
    public func crash(using generator: inout some RandomNumberGenerator) -> Int {
        let (changes, lost) = state.withLock { state -> ([Change], Int) in
            let before = state.records.mapValues(\.count)
            let count = state.log.count
            var recovered = Self.recovered(from: Self.remains(of: state, using: &generator))
            recovered.tenures = state.tenures
            recovered.turn = state.turn
            // A snapshot may have got to the disk before what it is of.
            for run in state.snapshots.keys.sorted() where Bool.random(using: &generator) {
                recovered.snapshots[run] = state.snapshots[run]
            }
            state = recovered
            let changes = before.keys.sorted().compactMap { run -> Change? in
                let left = state.records[run]?.count ?? 0
                return left == before[run] ? nil : .cut(run, to: left)
            }
            return (changes, count - state.log.count)
        }
        changes.forEach(observe)
        return lost
    }

    func crash(_ chance: Chance) -> Int {
        var generator = chance.split()
        return crash(using: &generator)
    }

    /// What is on the disk after a crash: every synced frame, and of the others whatever got there in time.
    private static func remains(of state: State, using generator: inout some RandomNumberGenerator) -> [Frame] {
        var frames = Array(state.log[..<state.synced])
        for var frame in state.log[state.synced...] {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: continue
            case 1:
                frame.isTorn = true
                if let last = frame.entries.popLast() {
                    let kept = last.bytes.prefix(Int.random(in: 0...max(0, last.bytes.count - 1), using: &generator))
                    let torn = Entry(
                        run: last.run,
                        sequence: last.sequence,
                        previous: last.previous,
                        hash: last.hash,
                        bytes: Array(kept)
                    )
                    frame.entries.append(torn)
                }
            default: break
            }
            frames.append(frame)
        }
        return frames
    }

    /// Reads the log up to the first frame that is not what was written there.
    private static func recovered(from frames: [Frame]) -> State {
        var state = State()
        for frame in frames {
            guard frame.number == state.log.count else { break }
            let entries = HashChain.entries(
                of: frame.entries.map(\.bytes),
                run: frame.run,
                after: state.head(of: frame.run)
            )
            // A frame without entries that is torn has lost its artefacts or its row; the checksum of a frame tells.
            guard entries == frame.entries, !(frame.isTorn && frame.entries.isEmpty) else { break }
            state.show(frame)
            state.log.append(frame)
        }
        state.synced = state.log.count
        return state
    }

    /// Appends events; see ``LedgerStore/append(_:artefacts:to:after:row:durability:)``.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        try LedgerBounds.check(events, artefacts: artefacts, run: run, row: row)
        let (entries, becameDue) = try state.withLock { state in
            let found = state.head(of: run)
            guard found == head else { throw LedgerError.conflict(run, expected: head, found: found) }
            let entries = HashChain.entries(of: events, run: run, after: head)
            let wasDue = state.rows[run]?.isDue == true
            let frame = Frame(number: state.log.count, run: run, entries: entries, artefacts: artefacts, row: row)
            state.show(frame)
            state.log.append(frame)
            if durability == .full { state.synced = state.log.count }
            return (entries, state.rows[run]?.isDue == true && !wasDue)
        }
        if becameDue { board.tell(run) }
        if !entries.isEmpty { observe(.appended(entries, to: run, durability)) }
        return entries
    }

    /// Reads where a run's record ends.
    public func head(of run: RunID) async throws -> Head { state.withLock { $0.head(of: run) } }

    /// Reads entries in order.
    public func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
        guard limit > 0 else { return [] }
        return state.withLock { Array(($0.records[run] ?? []).dropFirst(max(0, sequence)).prefix(limit)) }
    }

    /// Reads an artefact.
    public func artefact(_ digest: Digest) async throws -> [UInt8]? { state.withLock { $0.artefacts[digest] } }

    /// Reads the rows, newest first.
    public func runs() async throws -> [RunRow] { state.withLock { $0.rows.values.sorted { $0.precedes($1) } } }

    /// Reads the rows of certain runs.
    public func rows(of runs: [RunID]) async throws -> [RunRow] {
        state.withLock { state in runs.compactMap { state.rows[$0] } }
    }

    /// Reads the snapshot that is kept of a run.
    public func snapshot(of run: RunID) async throws -> Snapshot? { state.withLock { $0.snapshots[run] } }

    /// Keeps a snapshot; a crash may take it.
    public func keep(_ snapshot: Snapshot, of run: RunID) async throws {
        state.withLock { $0.snapshots[run] = snapshot }
    }
}
