// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import GRDB
import LedgerSQLite
import Testing

@Suite struct CollectionTests {
    private static let run: RunID = "r"
    private let row = RunRow(
        run: run,
        title: "t",
        architecture: "a",
        status: "s",
        updatedAtMilliseconds: 1,
        startedAtMilliseconds: 1,
        events: 1
    )
    private func scope(_ form: String? = "f", imports: Bool = false, age: Duration = .zero) -> Garbage.Scope {
        Garbage.Scope(keepingSnapshotsOf: form, unfinishedImports: imports, age: age)
    }

    private func withStore(_ body: (SQLiteLedgerStore, String) async throws -> Void) async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            try await body(store, path)
            try store.close()
        }
    }

    private func artefact(_ seed: UInt64, _ count: Int = 9000) -> Artefact {
        var generator = SplitMix64(seed: seed)
        return Artefact(generator.bytes(count))
    }

    @Test func `what an event refers to is kept, however it does`() async throws {
        try await withStore { store, _ in
            let all = (0..<8).map { artefact(UInt64($0)) }
            let hex = all.map(\.digest.hex)
            let events = [
                #"{"body":{"prompt":"sha256:\#(hex[0])"}}"#,
                #"{"body":{"elsewhere":{"deep":["sha256:\#(hex[1])"]}}}"#,
                #"{"note":"see \#(hex[2].uppercased()), please"}"#,
                #"{"note":"\u0073ha256:\u00\#(String(hex[3].utf8.first ?? 0, radix: 16))\#(hex[3].dropFirst())"}"#,
                hex[4],
                #"{"\#(hex[5])":1}"#,
                #"{"note":"00\#(hex[6])"}"#,
            ]
            var head = Head(emptyRun: Self.run)
            // First without an event, as an import that fills up what is missing does.
            head = Head(try await store.append([[1]], artefacts: [], to: Self.run, after: head, row: row)[0])
            _ = try await store.append([], artefacts: all, to: Self.run, after: head, row: nil)
            _ = try await store.append(
                events.map { Array($0.utf8) },
                artefacts: [],
                to: Self.run,
                after: head,
                row: row
            )
            let found = try await store.collect(scope(), dropping: true)
            #expect(found.artefacts == [all[7].digest])
            #expect(found.chunks > 0)
            #expect(found.artefactBytes == 9000)
            for kept in all.dropLast() { #expect(try await store.artefact(kept.digest) == kept.bytes) }
            #expect(try await store.artefact(all[7].digest) == nil)
            #expect(try await store.verify(run: Self.run).isSound)
            #expect(try await store.collect(scope(), dropping: true).isEmpty)
        }
    }

    @Test func `a look changes nothing, and what has just come is left alone`() async throws {
        try await withStore { store, _ in
            let loose = artefact(1)
            let head = Head(
                try await store.append([[1]], artefacts: [], to: Self.run, after: Head(emptyRun: Self.run), row: row)[0]
            )
            _ = try await store.append([], artefacts: [loose], to: Self.run, after: head, row: nil)
            let snapshot = Snapshot(head: head, form: "old", bytes: [1, 2, 3])
            try await store.keep(snapshot, of: Self.run)
            #expect(try await store.collect(scope(age: .seconds(3600)), dropping: true).artefacts.isEmpty)
            try await store.keep(snapshot, of: Self.run)
            for _ in 0..<2 {
                let found = try await store.collect(scope(), dropping: false)
                #expect(found.artefacts == [loose.digest])
                #expect(found.snapshots == [Self.run])
                #expect(found.snapshotBytes == 3)
            }
            #expect(try await store.artefact(loose.digest) == loose.bytes)
            #expect(try await store.snapshot(of: Self.run) == snapshot)
            #expect(try await store.collect(scope(), dropping: true).artefacts == [loose.digest])
            #expect(try await store.snapshot(of: Self.run) == nil)
            // What was dropped can come back.
            _ = try await store.append([], artefacts: [loose], to: Self.run, after: head, row: nil)
            #expect(try await store.artefact(loose.digest) == loose.bytes)
        }
    }

    @Test func `chunks that another artefact shares are kept`() async throws {
        try await withStore { store, path in
            let kept = artefact(2, 50_000)
            let loose = Artefact(kept.bytes + artefact(3, 20_000).bytes)
            let event = Array(#"{"prompt":"\#(kept.reference)"}"#.utf8)
            let head = Head(
                try await store.append(
                    [event],
                    artefacts: [kept],
                    to: Self.run,
                    after: Head(emptyRun: Self.run),
                    row: row
                )[0]
            )
            _ = try await store.append([], artefacts: [loose], to: Self.run, after: head, row: nil)
            let found = try await store.collect(scope(), dropping: true)
            #expect(found.artefacts == [loose.digest])
            #expect((20_000...30_000).contains(found.artefactBytes), "\(found.artefactBytes)")
            #expect(try await store.artefact(kept.digest) == kept.bytes)
            #expect(try await store.verify(run: Self.run).isSound)
        }
    }

    @Test func `only snapshots that are of use are kept`() async throws {
        try await withStore { store, _ in
            var heads: [RunID: Head] = [:]
            for run in [RunID("good"), "outdated", "elsewhere"] {
                heads[run] = Head(
                    try await store.append([[1]], artefacts: [], to: run, after: Head(emptyRun: run), row: nil)[0]
                )
            }
            let good = Snapshot(head: try #require(heads["good"]), form: "f", bytes: [1])
            try await store.keep(good, of: "good")
            try await store.keep(Snapshot(head: try #require(heads["outdated"]), form: "e", bytes: [1]), of: "outdated")
            try await store.keep(good, of: "elsewhere")
            #expect(try await store.collect(scope(), dropping: true).snapshots == ["outdated", "elsewhere"])
            #expect(try await store.snapshot(of: "good") == good)
            #expect(try await store.collect(scope(nil), dropping: true).snapshots == ["good"])
            #expect(try await store.snapshot(of: "good") == nil)
        }
    }

    @Test func `an import that was cut off goes only when that is asked for, and can be begun again`() async throws {
        try await withStore { store, _ in
            let (own, shared) = (artefact(4), artefact(5))
            let kept = Array(#"{"prompt":"\#(shared.reference)"}"#.utf8)
            _ = try await store.append(
                [kept],
                artefacts: [shared],
                to: "kept",
                after: Head(emptyRun: "kept"),
                row: row.named("kept")
            )
            let cut: RunID = "cut"
            let events = [Array(#"{"prompt":"\#(own.reference)","verdict":"\#(shared.reference)"}"#.utf8), [2]]
            let head = Head(
                try await store.append(
                    events,
                    artefacts: [own, shared],
                    to: cut,
                    after: Head(emptyRun: cut),
                    row: nil
                )[1]
            )
            #expect(try await store.collect(scope(), dropping: true).isEmpty)
            #expect(try await store.collect(scope(imports: true, age: .seconds(60)), dropping: true).isEmpty)
            let found = try await store.collect(scope(imports: true), dropping: true)
            #expect(found.imports == [cut])
            #expect(found.importEvents == 2)
            #expect(found.artefacts == [own.digest])
            #expect(try await store.head(of: cut).isEmpty)
            #expect(try await store.artefact(shared.digest) == shared.bytes)
            #expect(try await store.verify(run: "kept").isSound)
            // Whoever was about to go on with it is told; and it can be begun anew.
            let error = await #expect(throws: LedgerError.self) {
                _ = try await store.append([[3]], artefacts: [], to: cut, after: head, row: nil)
            }
            #expect(error?.code == .conflict)
            _ = try await store.append(
                events,
                artefacts: [own],
                to: cut,
                after: Head(emptyRun: cut),
                row: row.named(cut)
            )
            #expect(try await store.verify(run: cut).isSound)
            #expect(try await store.collect(scope(imports: true), dropping: true).isEmpty)
        }
    }

    @Test func `nothing is dropped where a recipe is spoilt`() async throws {
        try await withLedgerPath { path in
            var store = try SQLiteLedgerStore(path: path)
            let (one, loose) = (artefact(6), artefact(7))
            let event = Array(#"{"prompt":"\#(one.reference)"}"#.utf8)
            let head = Head(
                try await store.append(
                    [event],
                    artefacts: [one],
                    to: Self.run,
                    after: Head(emptyRun: Self.run),
                    row: row
                )[0]
            )
            _ = try await store.append([], artefacts: [loose], to: Self.run, after: head, row: nil)
            try store.close()
            let digest = one.digest.hex
            try intrude(
                path,
                "DROP TRIGGER artefacts_are_never_updated; UPDATE artefacts SET bytes = x'80' WHERE digest = x'\(digest)'"
            )
            store = try SQLiteLedgerStore(path: path)
            let error = await #expect(throws: LedgerError.self) { _ = try await store.collect(scope(), dropping: true) }
            #expect(error?.code == .corrupt)
            #expect(try await store.artefact(loose.digest) == loose.bytes)
            try store.close()
        }
    }
}

extension RunRow {
    fileprivate func named(_ run: RunID) -> RunRow {
        RunRow(
            run: run,
            title: title,
            architecture: architecture,
            status: status,
            updatedAtMilliseconds: updatedAtMilliseconds,
            startedAtMilliseconds: startedAtMilliseconds,
            events: events
        )
    }
}
