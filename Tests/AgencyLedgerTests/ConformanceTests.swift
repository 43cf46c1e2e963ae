// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import AgencyTestKit
import LedgerSQLite
import Testing

#if !hasFeature(NonisolatedNonsendingByDefault) || !hasFeature(MemberImportVisibility)
#error("an upcoming feature that the manifest turns on is not on")
#endif
#if !hasFeature(ExistentialAny) || !hasFeature(InternalImportsByDefault) || !hasFeature(InferIsolatedConformances)
#error("an upcoming feature that the manifest turns on is not on")
#endif

@Suite struct ConformanceTests {
    @Test(arguments: LedgerStoreConformance.checks)
    func `the store in memory conforms`(_ check: LedgerStoreConformance.Check) async {
        #expect(await check.faults(in: InMemoryLedgerStore()) == [])
    }

    @Test(.timeLimit(.minutes(1)), arguments: LeaseStoreConformance.checks)
    func `the leases in memory conform`(_ check: LeaseStoreConformance.Check) async {
        let clock = SteppedClock()
        let store = InMemoryLedgerStore(now: { clock.nowMilliseconds })
        #expect(await check.faults(in: store, advance: { clock.advance(by: $0) }) == [])
    }

    @Test(arguments: LedgerStoreConformance.checks)
    func `the store in SQLite conforms`(_ check: LedgerStoreConformance.Check) async throws {
        try await withTemporaryDirectory { folder in
            let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite")
            #expect(await check.faults(in: store) == [])
            try store.close()
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: LeaseStoreConformance.checks)
    func `the leases in SQLite conform`(_ check: LeaseStoreConformance.Check) async throws {
        try await withTemporaryDirectory { folder in
            let clock = SteppedClock()
            let store = try SQLiteLedgerStore(path: folder + "/ledger.sqlite", machineTime: .stepped(clock))
            #expect(await check.faults(in: store, advance: { clock.advance(by: $0) }) == [])
            try store.close()
        }
    }
}
