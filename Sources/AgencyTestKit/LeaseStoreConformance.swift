// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencyLedger

/// What every lease store has to do, as a list of checks to run against a new, empty store each.
///
/// Time is moved by whoever runs the checks, so that nothing sleeps: with a clock that is passed in, or by making all
/// leases in the database end so much earlier.
///
/// ```swift
/// @Test(arguments: LeaseStoreConformance.checks)
/// func `my leases conform`(_ check: LeaseStoreConformance.Check) async throws {
///     let clock = SteppedClock()
///     let store = MyStore(now: { clock.nowMilliseconds })
///     #expect(await check.faults(in: store, advance: { clock.advance(by: $0) }) == [])
/// }
/// ```
public enum LeaseStoreConformance {
    /// A ledger that also shares its runs out.
    public typealias Store = LedgerStore & LeaseStore

    /// One thing that a store has to do.
    public struct Check: Sendable, CustomStringConvertible {
        /// What it has to do, as a sentence.
        public let description: String
        private let body: @Sendable (Bench, inout LedgerStoreConformance.Findings) async throws -> Void

        init(
            _ description: String,
            _ body: @escaping @Sendable (Bench, inout LedgerStoreConformance.Findings) async throws -> Void
        ) {
            self.description = description
            self.body = body
        }

        /// Runs the check.
        ///
        /// - Parameters:
        ///   - store: A store without entries that nobody else uses.
        ///   - advance: Moves the time by which its leases end.
        /// - Returns: What the store did wrong; nothing when it conforms.
        public func faults(
            in store: any Store,
            advance: @escaping @Sendable (Duration) async throws -> Void
        ) async -> [String] {
            var findings = LedgerStoreConformance.Findings()
            do {
                try await body(Bench(store: store, advance: advance), &findings)
            } catch {
                findings.faults.append("threw where it must not: \(error)")
            }
            return findings.faults
        }
    }

    /// All checks.
    public static let checks: [Check] = claimingChecks + wakingChecks

    /// A store to be checked, with what the checks do to it.
    struct Bench: Sendable {
        let store: any Store
        let advance: @Sendable (Duration) async throws -> Void

        /// Appends an event with a row that says whether the run is due.
        func record(_ run: RunID, isDue: Bool, started: Int64 = 0) async throws {
            let head = try await store.head(of: run)
            let row = RunRow(
                run: run,
                title: "",
                architecture: "",
                status: "",
                updatedAtMilliseconds: started,
                startedAtMilliseconds: started,
                events: head.sequence + 2,
                isDue: isDue
            )
            _ = try await store.append([[1]], artefacts: [], to: run, after: head, row: row)
        }
    }
}
