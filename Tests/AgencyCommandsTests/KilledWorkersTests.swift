// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyTestKit
import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct KilledWorkersTests {
    @Test(.enabled(if: PostgresServer.isInstalled, Comment(rawValue: PostgresServer.installation)))
    func `two of three workers on one server are killed again and again, and nothing is lost or there twice`()
        async throws
    {
        try await Gate.long.pass {
            let script = URL(fileURLWithPath: Binary.fixtures + "/../../../scripts/kill-workers").standardized.path
            let variables = [
                "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "USER": "tester",
            ]
            let outcome = try await Outcome.of(
                Binary.python,
                ["-B", script, "3", "8", "1"],
                in: "/",
                environment: variables.merging(["AGENCY_PROGRAM": Binary.agency]) { $1 }
            )
            #expect(outcome.status == 0, "\(outcome.testDescription)")
            #expect(outcome.out.contains("8 workers killed; 3 runs passed, 0 failed"), "\(outcome.testDescription)")
        }
    }
}
#endif
