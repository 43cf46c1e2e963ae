// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

extension LedgerStoreConformance {
    static let readingChecks = [
        Check("a run that nobody has begun is empty") { store, findings in
            let head = try await store.head(of: "nobody")
            findings.expect(head, equals: Head(emptyRun: "nobody"), "head")
            let entries = try await store.entries(of: "nobody", from: 0, limit: 10)
            findings.expect(entries, equals: [], "entries")
            let artefact = try await store.artefact(Digest(of: "nothing"))
            findings.expect(artefact, equals: nil, "artefact")
            let rows = try await store.runs()
            findings.expect(rows, equals: [], "rows")
        },
        Check("events come back in order, byte for byte, in a chain that verifies") { store, findings in
            let events: [[UInt8]] = [Array("{\"a\":1}".utf8), [], [0], Array(0...255), Array("{\"a\":1}".utf8)]
            var head = Head(emptyRun: "r")
            for event in events {
                guard let entry = try await store.append([event], artefacts: [], to: "r", after: head, row: nil).first
                else { return findings.faults.append("append returned no entry") }
                head = Head(entry)
            }
            let entries = try await store.entries(of: "r", from: 0, limit: 100)
            findings.expect(entries.map(\.bytes), equals: events, "bytes")
            findings.expect(entries.map(\.sequence), equals: Array(0..<5), "sequences")
            findings.expect(HashChain.verify(entries, of: "r", against: head), equals: [], "faults of the chain")
            let stored = try await store.head(of: "r")
            findings.expect(stored, equals: head, "head")
        },
        Check("pages of entries begin and end where they were asked to") { store, findings in
            let events = (0..<10).map { [UInt8($0)] }
            _ = try await store.append(events, artefacts: [], to: "r", after: Head(emptyRun: "r"), row: nil)
            for (from, limit) in [(0, 10), (0, 3), (3, 3), (9, 5), (10, 5), (-4, 2), (5, 0), (0, .max)] {
                let page = try await store.entries(of: "r", from: from, limit: limit).map(\.bytes)
                let wanted = Array(events.dropFirst(max(0, from)).prefix(limit))
                findings.expect(page, equals: wanted, "entries from \(from) limit \(limit)")
            }
        },
        Check("an artefact is stored once and comes back byte for byte") { store, findings in
            let artefact = Artefact(Array("the same bytes".utf8))
            let empty = Artefact([])
            var head = Head(emptyRun: "r")
            for (event, artefacts) in [(UInt8(1), [artefact, empty, artefact]), (2, [artefact])] {
                let entries = try await store.append([[event]], artefacts: artefacts, to: "r", after: head, row: nil)
                head = entries.last.map(Head.init(_:)) ?? head
            }
            for wanted in [artefact, empty] {
                let found = try await store.artefact(wanted.digest)
                findings.expect(found, equals: wanted.bytes, "artefact")
            }
        },
        Check("the rows of certain runs are found, and no others") { store, findings in
            for run in ["a", "b", "c", "unlisted"] as [RunID] {
                let row = RunRow(
                    run: run,
                    title: "",
                    architecture: "",
                    status: "",
                    updatedAtMilliseconds: 1,
                    startedAtMilliseconds: 1,
                    events: 1
                )
                let shown = run == "unlisted" ? nil : row
                _ = try await store.append([[1]], artefacts: [], to: run, after: Head(emptyRun: run), row: shown)
            }
            let found = try await store.rows(of: ["c", "a", "nobody", "unlisted", "’; --\0"])
            findings.expect(found.map(\.run).sorted(), equals: ["a", "c"], "rows")
            let none = try await store.rows(of: [])
            findings.expect(none, equals: [], "rows of nothing")
        },
        Check("rows are replaced whole and listed newest first") { store, findings in
            func row(_ run: RunID, _ started: Int64, _ status: String) -> RunRow {
                RunRow(
                    run: run,
                    title: "title of \(run) “’; --",
                    architecture: "board",
                    status: status,
                    updatedAtMilliseconds: started + 5,
                    startedAtMilliseconds: started,
                    events: 1
                )
            }
            for row in [row("a", 100, "new"), row("c", 300, "new"), row("b", 300, "new"), row("d", 200, "new")] {
                _ = try await store.append([[1]], artefacts: [], to: row.run, after: Head(emptyRun: row.run), row: row)
            }
            let head = try await store.head(of: "a")
            _ = try await store.append([], artefacts: [], to: "a", after: head, row: row("a", 100, "done"))
            let rows = try await store.runs()
            let wanted = [row("b", 300, "new"), row("c", 300, "new"), row("d", 200, "new"), row("a", 100, "done")]
            findings.expect(rows, equals: wanted, "rows")
        },
        Check("the last snapshot of a run comes back as it was kept") { store, findings in
            func snapshot(_ head: Head, _ bytes: [UInt8]) -> Snapshot {
                Snapshot(head: head, form: "f.1", bytes: bytes)
            }
            let none = try await store.snapshot(of: "r")
            findings.expect(none, equals: nil, "snapshot of a run that nobody has begun")
            for run: RunID in ["r", "other"] {
                _ = try await store.append([[1], [2]], artefacts: [], to: run, after: Head(emptyRun: run), row: nil)
            }
            let unkept = try await store.snapshot(of: "r")
            findings.expect(unkept, equals: nil, "snapshot before one is kept")
            let head = try await store.head(of: "r")
            let last = snapshot(head, Array(0...255))
            for one in [snapshot(head, []), snapshot(Head(sequence: 0, hash: head.hash), [1]), last] {
                try await store.keep(one, of: "r")
            }
            let found = try await store.snapshot(of: "r")
            findings.expect(found, equals: last, "snapshot")
            let other = try await store.snapshot(of: "other")
            findings.expect(other, equals: nil, "snapshot of another run")
            let after = try await store.head(of: "r")
            findings.expect(after, equals: head, "head after snapshots were kept")
        },
    ]
}
