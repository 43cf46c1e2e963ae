// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyLedger

/// What every ledger store has to do, as a list of checks to run against a new, empty store each.
///
/// The suite knows no test framework:
///
/// ```swift
/// @Test(arguments: LedgerStoreConformance.checks)
/// func `my store conforms`(_ check: LedgerStoreConformance.Check) async throws {
///     #expect(try await check.faults(in: MyStore()) == [])
/// }
/// ```
public enum LedgerStoreConformance {
    /// One thing that a store has to do.
    public struct Check: Sendable, CustomStringConvertible {
        /// What it has to do, as a sentence.
        public let description: String
        private let body: @Sendable (any LedgerStore, inout Findings) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (any LedgerStore, inout Findings) async throws -> Void)
        {
            self.description = description
            self.body = body
        }

        /// Runs the check.
        ///
        /// - Parameter store: A store without entries that nobody else uses.
        /// - Returns: What the store did wrong; nothing when it conforms.
        public func faults(in store: any LedgerStore) async -> [String] {
            var findings = Findings()
            do {
                try await body(store, &findings)
            } catch {
                findings.faults.append("threw where it must not: \(error)")
            }
            return findings.faults
        }
    }

    /// All checks.
    public static let checks: [Check] = readingChecks + appendingChecks + concurrencyChecks

    /// What a check found so far.
    struct Findings {
        var faults: [String] = []

        mutating func expect(_ condition: Bool, _ fault: @autoclosure () -> String) {
            if !condition { faults.append(fault()) }
        }

        mutating func expect<Value: Equatable>(_ found: Value, equals wanted: Value, _ what: String) {
            expect(found == wanted, "\(what): found \(Self.brief(found)), wanted \(Self.brief(wanted))")
        }

        /// Expects the body to fail with that code.
        mutating func expect(
            _ code: LedgerError.Code,
            _ what: String,
            from body: () async throws -> Void
        ) async {
            do {
                try await body()
                faults.append("\(what): did not fail with \(code)")
            } catch let error as LedgerError where error.code == code {
                return
            } catch {
                faults.append("\(what): failed with \(error) instead of \(code)")
            }
        }

        private static func brief(_ value: some Any) -> String { String(String(describing: value).prefix(200)) }
    }
}
