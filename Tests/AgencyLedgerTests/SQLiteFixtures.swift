// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import GRDB
import LedgerSQLite

/// Runs a body with the path at which a ledger may be made.
func withLedgerPath<Result>(_ body: (_ path: String) async throws -> Result) async throws -> Result {
    try await withTemporaryDirectory { folder in try await body(folder + "/ledger.sqlite") }
}

/// Makes a ledger with one run of some events that all refer to one artefact, and closes it.
@discardableResult
func makeLedger(at path: String, events: Int, run: RunID = "r") async throws -> Verification {
    let store = try SQLiteLedgerStore(path: path)
    let artefact = Artefact(Array("an artefact".utf8))
    let bytes = (0..<events).map { Array("{\"event\":\($0),\"transcript\":\"\(artefact.reference)\"}".utf8) }
    _ = try await store.append(bytes, artefacts: [artefact], to: run, after: Head(emptyRun: run), row: nil)
    let report = try await store.verify(run: run)
    try store.close()
    return report
}

/// Runs SQL on the file behind the ledger's back, as an intruder with a SQLite shell would.
func intrude(_ path: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in try db.execute(sql: sql) }
    try queue.close()
}

/// An event that is numbered, so that a record shows what was acknowledged.
func numbered(_ number: Int) -> [UInt8] { Array("{\"number\":\(number)}".utf8) }

/// Appends an event that is numbered.
///
/// - Returns: Where the run ends then.
func append(
    _ number: Int,
    to run: RunID = "r",
    after head: Head,
    of store: SQLiteLedgerStore,
    _ durability: Durability = .full,
    artefacts: [Artefact] = []
) async throws -> Head {
    let entries = try await store.append(
        [numbered(number)],
        artefacts: artefacts,
        to: run,
        after: head,
        row: nil,
        durability: durability
    )
    return entries.last.map(Head.init(_:)) ?? head
}

/// Appends one event to wherever the run ends, however often others come first.
func appendWhereverItEnds(_ event: [UInt8], to run: RunID, of store: any LedgerStore) async throws {
    while true {
        do {
            let head = try await store.head(of: run)
            _ = try await store.append([event], artefacts: [], to: run, after: head, row: nil)
            return
        } catch let error as LedgerError where error.retry == .afterRereading && error.code == .conflict {
            continue
        }
    }
}
