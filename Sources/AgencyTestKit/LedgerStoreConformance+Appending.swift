// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

extension LedgerStoreConformance {
    static let appendingChecks = [
        Check("an append after any other head than the last is a conflict and stores nothing") { store, findings in
            let first = try await store.append([[1]], artefacts: [], to: "r", after: Head(emptyRun: "r"), row: nil)
            let second = try await store.append([[2]], artefacts: [], to: "r", after: Head(first[0]), row: nil)
            let last = Head(second[0])
            let stale = [
                Head(emptyRun: "r"), Head(first[0]), Head(sequence: 2, hash: last.hash),
                Head(sequence: last.sequence, hash: Digest(of: "another history")), Head(emptyRun: "other"),
            ]
            let artefact = Artefact([7])
            let row = RunRow(
                run: "r",
                title: "",
                architecture: "",
                status: "",
                updatedAtMilliseconds: 0,
                startedAtMilliseconds: 0,
                events: 3
            )
            for head in stale {
                await findings.expect(.conflict, "append after \(head)") {
                    _ = try await store.append([[3]], artefacts: [artefact], to: "r", after: head, row: row)
                }
            }
            let head = try await store.head(of: "r")
            findings.expect(head, equals: last, "head after the conflicts")
            let kept = try await store.artefact(artefact.digest)
            findings.expect(kept, equals: nil, "artefact of a refused append")
            let rows = try await store.runs()
            findings.expect(rows, equals: [], "rows of refused appends")
        },
        Check("input beyond a bound is refused whole") { store, findings in
            for name in ["", "a b", "é", "line\nbreak", "nul\0", String(repeating: "x", count: 129)] {
                await findings.expect(.invalid, "run name of \(name.utf8.count) bytes") {
                    let head = Head(emptyRun: RunID(name))
                    _ = try await store.append([[1]], artefacts: [], to: RunID(name), after: head, row: nil)
                }
            }
            let big = [UInt8](repeating: 0, count: LedgerBounds.maximumEventBytes + 1)
            await findings.expect(.invalid, "an event that is too large") {
                _ = try await store.append([[1], big], artefacts: [], to: "r", after: Head(emptyRun: "r"), row: nil)
            }
            let head = try await store.head(of: "r")
            findings.expect(head, equals: Head(emptyRun: "r"), "head after the refusals")
        },
        Check("an event and an artefact of 5 MB come back byte for byte") { store, findings in
            var generator = SplitMix64(seed: 5)
            let event = generator.bytes(5_000_000)
            let artefact = Artefact(generator.bytes(5_000_000))
            _ = try await store.append([event], artefacts: [artefact], to: "r", after: Head(emptyRun: "r"), row: nil)
            let entries = try await store.entries(of: "r", from: 0, limit: 1)
            findings.expect(entries.first?.bytes == event, "the event has changed")
            let bytes = try await store.artefact(artefact.digest)
            findings.expect(bytes == artefact.bytes, "the artefact has changed")
            findings.expect(HashChain.verify(entries, of: "r"), equals: [], "faults of the chain")
        },
        Check("equal events of different runs have different hashes") { store, findings in
            var hashes: Set<Digest> = []
            for run in ["a", "b", "ab"] {
                let head = Head(emptyRun: RunID(run))
                for entry in try await store.append([[1]], artefacts: [], to: RunID(run), after: head, row: nil) {
                    hashes.insert(entry.hash)
                }
            }
            findings.expect(hashes.count, equals: 3, "different hashes")
        },
        Check("verification and replay accept what was appended") { store, findings in
            let artefact = Artefact(Array("context".utf8))
            let event = Array("{\"transcript\":\"\(artefact.reference)\"}".utf8)
            let events = Array(repeating: event, count: 300)
            let entries = try await store.append(
                events,
                artefacts: [artefact],
                to: "r",
                after: Head(emptyRun: "r"),
                row: nil
            )
            let report = try await store.verify(run: "r", against: Head(entries[200]))
            findings.expect(report.faults, equals: [], "faults")
            findings.expect(report.entriesChecked, equals: 300, "entries checked")
            findings.expect(report.artefactsChecked, equals: 1, "artefacts checked")
            var visited = 0
            let head = try await store.replay("r") { _ in visited += 1 }
            findings.expect(visited, equals: 300, "entries replayed")
            findings.expect(head, equals: report.head, "head of the replay")
            await findings.expect(.notFound, "verification of a run that nobody has begun") {
                _ = try await store.verify(run: "nobody")
            }
        },
    ]
}
