// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

extension LedgerStoreConformance {
    static let concurrencyChecks = [
        Check("of appenders at one head exactly one wins") { store, findings in
            var head = Head(emptyRun: "r")
            for round in 0..<5 {
                let base = head
                let won = try await withThrowingTaskGroup(of: [Entry].self) { group in
                    for rival in UInt8(0)..<20 {
                        group.addTask {
                            do {
                                let event = [UInt8(round), rival]
                                return try await store.append([event], artefacts: [], to: "r", after: base, row: nil)
                            } catch let error as LedgerError where error.code == .conflict {
                                return []
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                findings.expect(won.count, equals: 1, "winners of round \(round)")
                head = won.first.map(Head.init(_:)) ?? head
            }
            let entries = try await store.entries(of: "r", from: 0, limit: 100)
            findings.expect(entries.count, equals: 5, "entries")
            findings.expect(HashChain.verify(entries, of: "r", against: head), equals: [], "faults of the chain")
        },
        Check("a hundred runs appended to at once do not disturb one another") { store, findings in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let run = RunID("run-\(number)")
                        var head = Head(emptyRun: run)
                        for event in 0..<5 {
                            let bytes = Array("\(number).\(event)".utf8)
                            let entries = try await store.append(
                                [bytes, bytes],
                                artefacts: [Artefact(bytes)],
                                to: run,
                                after: head,
                                row: nil
                            )
                            head = entries.last.map(Head.init(_:)) ?? head
                        }
                    }
                }
                try await group.waitForAll()
            }
            for number in 0..<100 {
                let run = RunID("run-\(number)")
                let entries = try await store.entries(of: run, from: 0, limit: 100)
                let wanted = (0..<10).map { Array("\(number).\($0 / 2)".utf8) }
                findings.expect(entries.map(\.bytes), equals: wanted, "events of \(run)")
                findings.expect(HashChain.verify(entries, of: run), equals: [], "faults of \(run)")
            }
        },
        Check("readers beside a writer see whole appends only") { store, findings in
            async let writing: Void = {
                var head = Head(emptyRun: "r")
                for _ in 0..<30 {
                    let entries = try await store.append(
                        [[1], [2], [3]],
                        artefacts: [],
                        to: "r",
                        after: head,
                        row: nil
                    )
                    head = entries.last.map(Head.init(_:)) ?? head
                }
            }()
            for _ in 0..<50 {
                let count = try await store.entries(of: "r", from: 0, limit: 1000).count
                findings.expect(count % 3, equals: 0, "entries of a torn append")
            }
            try await writing
        },
        Check("an append of a cancelled task is carried out") { store, findings in
            let entries = try await withThrowingTaskGroup(of: [Entry].self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await store.append([[1]], artefacts: [], to: "r", after: Head(emptyRun: "r"), row: nil)
                }
                return try await group.next() ?? []
            }
            let stored = try await store.entries(of: "r", from: 0, limit: 10)
            findings.expect(stored, equals: entries, "entries")
            findings.expect(stored.count, equals: 1, "number of entries")
        },
    ]
}
