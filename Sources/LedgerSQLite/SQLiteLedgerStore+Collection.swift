// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyLedger
import GRDB

extension SQLiteLedgerStore: GarbageCollectingStore {
    /// Finds what nothing in the ledger needs, and drops it if asked to; see
    /// ``GarbageCollectingStore/collect(_:dropping:)``.
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
