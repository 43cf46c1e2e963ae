// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

extension LeaseStoreConformance {
    static let claimingChecks = [
        Check("only runs that are due are claimed, and each once") { bench, findings in
            try await bench.record("due", isDue: true)
            try await bench.record("waits", isDue: false)
            let none = try await bench.store.claimDue(limit: 0, worker: "w", for: .seconds(100))
            findings.expect(none, equals: [], "leases with a limit of 0")
            let first = try await bench.store.claimDue(limit: 9, worker: "w", for: .seconds(100))
            findings.expect(first.map(\.run), equals: ["due"], "runs")
            findings.expect(first.map(\.worker), equals: ["w"], "workers")
            findings.expect(first.map(\.epoch), equals: [1], "epochs")
            let second = try await bench.store.claimDue(limit: 9, worker: "v", for: .seconds(100))
            findings.expect(second, equals: [], "leases of runs that are held")
            try await bench.record("waits", isDue: true)
            let third = try await bench.store.claimDue(limit: 9, worker: "v", for: .seconds(100))
            findings.expect(third.map(\.run), equals: ["waits"], "runs that became due")
            let holders = try await bench.store.holders()
            findings.expect(holders, equals: first + third, "holders")
        },
        Check("a run that is no longer due stays held until it is released") { bench, findings in
            try await bench.record("r", isDue: true)
            let held = try await bench.store.claimDue(limit: 1, worker: "w", for: .seconds(100))
            try await bench.record("r", isDue: false)
            let holders = try await bench.store.holders()
            findings.expect(holders, equals: held, "holders")
            for lease in held { try await bench.store.release(lease) }
            let left = try await bench.store.holders()
            findings.expect(left, equals: [], "holders after the release")
            let again = try await bench.store.claimDue(limit: 1, worker: "w", for: .seconds(100))
            findings.expect(again, equals: [], "leases of what is not due")
        },
        Check("a lease ends by itself, and whoever takes the run gets a greater number") { bench, findings in
            try await bench.record("r", isDue: true)
            let lost = try await bench.store.claimDue(limit: 1, worker: "w", for: .seconds(100))
            try await bench.advance(.seconds(60))
            let early = try await bench.store.claimDue(limit: 1, worker: "v", for: .seconds(100))
            findings.expect(early, equals: [], "leases before the end")
            try await bench.advance(.seconds(50))
            let holders = try await bench.store.holders()
            findings.expect(holders, equals: [], "holders after the end")
            for lease in lost {
                let renewed = try await bench.store.renew(lease, for: .seconds(100))
                findings.expect(renewed, equals: nil, "renewal of what has ended")
            }
            let taken = try await bench.store.claimDue(limit: 1, worker: "v", for: .seconds(100))
            findings.expect(taken.map(\.epoch), equals: [2], "epochs")
            for lease in lost {
                let renewed = try await bench.store.renew(lease, for: .seconds(100))
                findings.expect(renewed, equals: nil, "renewal of what another holds")
                try await bench.store.release(lease)
            }
            let kept = try await bench.store.holders()
            findings.expect(kept, equals: taken, "holders after the loser released")
        },
        Check("a renewed lease lasts from the renewal") { bench, findings in
            try await bench.record("r", isDue: true)
            guard let lease = try await bench.store.claim("r", worker: "w", for: .seconds(100)) else {
                return findings.faults.append("a free run was not claimed")
            }
            try await bench.advance(.seconds(60))
            guard let renewed = try await bench.store.renew(lease, for: .seconds(100)) else {
                return findings.faults.append("a lease was not renewed in time")
            }
            findings.expect(renewed.epoch, equals: lease.epoch, "epoch")
            try await bench.advance(.seconds(60))
            let again = try await bench.store.renew(lease, for: .seconds(100))
            findings.expect(again?.epoch, equals: lease.epoch, "epoch of the second renewal")
            let rival = try await bench.store.claim("r", worker: "v", for: .seconds(100))
            findings.expect(rival, equals: nil, "claim of a run that is held")
        },
        Check("of leases that are renewed together, those that were lost are left out") { bench, findings in
            for run in ["a", "b", "c"] { try await bench.record(RunID(run), isDue: true) }
            let leases = try await bench.store.claimDue(limit: 3, worker: "w", for: .seconds(100))
            findings.expect(leases.map(\.run), equals: ["a", "b", "c"], "runs")
            let none = try await bench.store.renew([], for: .seconds(100))
            findings.expect(none, equals: [], "renewal of nothing")
            guard leases.count == 3 else { return }
            try await bench.store.release(leases[0])
            try await bench.store.release(leases[1])
            let other = try await bench.store.claim("b", worker: "v", for: .seconds(300))
            try await bench.advance(.seconds(60))
            let renewed = try await bench.store.renew(leases.reversed(), for: .seconds(100))
            findings.expect(renewed.map(\.run), equals: ["c"], "what was renewed")
            try await bench.advance(.seconds(60))
            let holders = try await bench.store.holders()
            findings.expect(holders.map(\.run), equals: ["b", "c"], "holders")
            findings.expect(holders.first?.worker, equals: "v", "holder of what was lost")
            findings.expect(holders.first?.epoch, equals: other?.epoch, "its number")
        },
        Check("one run is claimed whether or not it is due, and by one worker") { bench, findings in
            let none = try await bench.store.claim("nobody", worker: "w", for: .seconds(100))
            findings.expect(none, equals: nil, "lease of a run that has no row")
            try await bench.record("r", isDue: false)
            let lease = try await bench.store.claim("r", worker: "w", for: .seconds(100))
            findings.expect(lease?.epoch, equals: 1, "epoch")
            let same = try await bench.store.claim("r", worker: "w", for: .seconds(100))
            findings.expect(same, equals: nil, "second lease under the same name")
        },
        Check("what was claimed longest ago comes first") { bench, findings in
            for (number, run) in (["a", "b", "c"] as [RunID]).enumerated() {
                try await bench.record(run, isDue: true, started: Int64(number))
            }
            var order: [RunID] = []
            for _ in 0..<6 {
                for lease in try await bench.store.claimDue(limit: 1, worker: "w", for: .seconds(100)) {
                    order.append(lease.run)
                    try await bench.store.release(lease)
                }
            }
            findings.expect(order, equals: ["a", "b", "c", "a", "b", "c"], "order")
        },
        Check("workers that claim at once share the runs without overlap") { bench, findings in
            for number in 0..<40 { try await bench.record(RunID("run-\(number)"), isDue: true) }
            let leases = try await withThrowingTaskGroup(of: [Lease].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var mine: [Lease] = []
                        while true {
                            let more = try await bench.store.claimDue(
                                limit: 3,
                                worker: "w\(worker)",
                                for: .seconds(100)
                            )
                            // Rivals may hold for a moment what they are looking at.
                            if more.isEmpty { return mine }
                            mine += more
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let rest = try await bench.store.claimDue(limit: 40, worker: "last", for: .seconds(100))
            let all = leases + rest
            findings.expect(all.count, equals: 40, "leases")
            findings.expect(Set(all.map(\.run)).count, equals: 40, "runs")
        },
        Check("a name or duration beyond the bounds is refused") { bench, findings in
            try await bench.record("r", isDue: true)
            for name in ["", "a b", "é", String(repeating: "x", count: 129)] {
                await findings.expect(.invalid, "worker's name of \(name.utf8.count) bytes") {
                    _ = try await bench.store.claimDue(limit: 1, worker: name, for: .seconds(100))
                }
            }
            for duration: Duration in [.zero, .seconds(-1), .seconds(100_000)] {
                await findings.expect(.invalid, "lease of \(duration)") {
                    _ = try await bench.store.claim("r", worker: "w", for: duration)
                }
            }
            let holders = try await bench.store.holders()
            findings.expect(holders, equals: [], "holders")
        },
    ]
}
