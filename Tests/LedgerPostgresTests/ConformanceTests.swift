// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyLedger
import AgencyTestKit
import LedgerPostgres
import Testing

@Suite(.needsPostgres, .timeLimit(.minutes(5))) struct ConformanceTests {
    @Test(arguments: LedgerStoreConformance.checks)
    func `the store in PostgreSQL conforms`(_ check: LedgerStoreConformance.Check) async throws {
        try await withStore { store, _, _ in #expect(await check.faults(in: store) == []) }
    }

    @Test(arguments: LeaseStoreConformance.checks)
    func `the leases in PostgreSQL conform`(_ check: LeaseStoreConformance.Check) async throws {
        try await withStore { store, server, url in
            let faults = await check.faults(in: store) { duration in
                // The server's clock cannot be moved, so everything in it ends so much earlier.
                let milliseconds = duration / .milliseconds(1)
                try await server.psql(
                    url,
                    "UPDATE openagency.leases SET expires = expires - \(milliseconds) * interval '1 millisecond'"
                )
            }
            #expect(faults == [])
        }
    }
}
#endif
