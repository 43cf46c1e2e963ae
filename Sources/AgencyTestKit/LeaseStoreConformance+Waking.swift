// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

extension LeaseStoreConformance {
    static let wakingChecks = [
        Check("a run that becomes due wakes whoever listens") { bench, findings in
            try await bench.record("r", isDue: false)
            var wakeUps = await bench.store.wakeUps().makeAsyncIterator()
            try await bench.record("r", isDue: true)
            let first = await wakeUps.next()
            findings.expect(first, equals: "r", "first run")
            try await bench.record("new", isDue: true)
            var second = await wakeUps.next()
            while second == "r" { second = await wakeUps.next() }
            findings.expect(second, equals: "new", "second run")
        },
        Check("a run that is given back and still due wakes whoever listens") { bench, findings in
            try await bench.record("r", isDue: true)
            let leases = try await bench.store.claimDue(limit: 1, worker: "w", for: .seconds(100))
            var wakeUps = await bench.store.wakeUps().makeAsyncIterator()
            for lease in leases { try await bench.store.release(lease) }
            let run = await wakeUps.next()
            findings.expect(run, equals: "r", "run")
        },
        Check("listening ends when the task is cancelled") { bench, findings in
            let ended = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    for await _ in await bench.store.wakeUps() {}
                    return true
                }
                group.cancelAll()
                return await group.next() ?? false
            }
            findings.expect(ended, "listening did not end")
        },
    ]
}
