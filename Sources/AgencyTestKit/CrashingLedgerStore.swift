// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import Synchronization

/// A store that fails at one append, once, as a machine that loses power would.
public final class CrashingLedgerStore: WrappingLedgerStore {
    /// On which side of storing an append fails.
    public enum Side: String, Sendable, CaseIterable {
        /// Nothing is stored.
        case before
        /// Everything is stored, and nobody is told.
        case after
    }

    /// Where everything is kept.
    public let store: any LedgerStore
    private let side: Side
    private let state: Mutex<State>

    private struct State {
        var appends = 0
        var crashAt: Int?
        var isDown = false
    }

    /// Makes a store over another.
    ///
    /// - Parameters:
    ///   - store: Where everything is kept.
    ///   - append: Which append fails, counted from 1; `nil` for none.
    ///   - side: On which side of storing it fails.
    public init(_ store: any LedgerStore, crashAt append: Int? = nil, _ side: Side = .before) {
        self.store = store
        self.side = side
        state = Mutex(State(crashAt: append))
    }

    /// How many appends were asked for.
    public var appends: Int { state.withLock { $0.appends } }

    /// Whether the failure has come about; from then on nothing can be appended through this store.
    public var hasCrashed: Bool { state.withLock { $0.isDown } }

    /// Appends, or fails.
    ///
    /// - Throws: ``SimulatedFault`` at the append that is to fail, and at every one after it; what the store throws.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        let (isDown, isDue) = state.withLock { state in
            state.appends += 1
            let wasDown = state.isDown
            if state.appends == state.crashAt { state.isDown = true }
            return (wasDown, state.isDown && !wasDown)
        }
        if isDown || (isDue && side == .before) { throw SimulatedFault("the store is down") }
        let entries = try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
        if isDue { throw SimulatedFault("the store went down after storing") }
        return entries
    }
}
