// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import GRDB

extension SQLiteLedgerStore {
    /// Finds what nothing in the ledger needs, and drops it if asked to.
    ///
    /// Events of runs that lists show are never touched, nor is anything that such an event refers to. Appends by others wait
    /// until it is over.
    ///
    /// - Parameters:
    ///   - scope: What to look for.
    ///   - dropping: Whether to drop what is found.
    /// - Returns: What was found.
    /// - Throws: ``LedgerError`` with `.corrupt` when what an artefact needs cannot be told (nothing is dropped then), `.busy`
    ///   or `.unavailable` as appending does.
    public func collect(_ scope: Garbage.Scope, dropping: Bool) async throws -> Garbage {
        await writer.flush(nil)
        do {
            // A connection of its own, so that the writer notices that others have written.
            let queue = try DatabaseQueue(path: path, configuration: pool.configuration)
            let found = try await queue.writeWithoutTransaction { db in
                var found = Garbage()
                try db.inTransaction(.immediate) {
                    var collection = GarbageCollection(db, scope)
                    try collection.run()
                    found = collection.found
                    return dropping ? .commit : .rollback
                }
                return found
            }
            try queue.close()
            return found
        } catch let error as DatabaseError {
            throw SQLiteFault.ledgerError(error, path: path)
        }
    }
}
