// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Synchronization
import Testing

@Suite struct CopyingTests {
    private let row = RunRow(
        run: "r",
        title: "a run",
        architecture: "board",
        status: "done",
        updatedAtMilliseconds: 2,
        startedAtMilliseconds: 1,
        events: 300
    )

    private func filled() async throws -> InMemoryLedgerStore {
        let store = InMemoryLedgerStore()
        let artefacts = (0..<300).map { Artefact(Array("artefact \($0 / 2)".utf8)) }
        let events = artefacts.map { Array("{\"transcript\":\"\($0.reference)\"}".utf8) }
        _ = try await store.append(events, artefacts: artefacts, to: "r", after: Head(emptyRun: "r"), row: row)
        return store
    }

    @Test func `a copy has the same head, events, artefacts and row`() async throws {
        let (source, target) = (try await filled(), InMemoryLedgerStore())
        let report = try await source.copy(row, to: target)
        #expect(report == (try await source.verify(run: "r")))
        #expect(report.artefactsChecked == 150)
        #expect(
            await target.entries(of: "r", from: 0, limit: 999) == (await source.entries(of: "r", from: 0, limit: 999))
        )
        #expect(await target.runs() == [row])
    }

    @Test(arguments: 1...4)
    func `a copy that was interrupted goes on from where it was`(_ crash: Int) async throws {
        let (source, target) = (try await filled(), InMemoryLedgerStore())
        let broken = CrashingLedgerStore(target, crashAt: crash, crash.isMultiple(of: 2) ? .before : .after)
        await #expect(throws: SimulatedFault.self) { _ = try await source.copy(row, to: broken) }
        // What is not all there has no row, so that nobody takes it up.
        if crash < 4 { #expect(await target.runs() == []) }
        #expect(try await source.copy(row, to: target) == (try await source.verify(run: "r")))
        #expect(await target.runs() == [row])
    }

    @Test func `another record under the same name is left as it is`() async throws {
        let (source, target) = (try await filled(), InMemoryLedgerStore())
        let theirs = try await target.append([[1]], artefacts: [], to: "r", after: Head(emptyRun: "r"), row: nil)
        let error = await #expect(throws: LedgerError.self) { _ = try await source.copy(row, to: target) }
        #expect(error?.code == .conflict)
        #expect(await target.entries(of: "r", from: 0, limit: 9) == theirs)
    }

    @Test func `a record that does not verify is not copied as if it did`() async throws {
        var record = makeRecord(5, run: "r")
        record[3] = record[3].with(bytes: [7])
        let target = InMemoryLedgerStore()
        let error = await #expect(throws: LedgerError.self) {
            _ = try await TamperedStore(record: record).copy(row, to: target)
        }
        #expect(error?.code == .corrupt)
        #expect(await target.runs() == [])
    }

    @Test func `a run that goes on while it is copied is not listed where it is copied to, until all of it is there`()
        async throws
    {
        let (source, target) = (GrowingStore(try await filled()), InMemoryLedgerStore())
        let error = await #expect(throws: LedgerError.self) { _ = try await source.copy(row, to: target) }
        #expect(error?.code == .busy)
        #expect(error?.retry == .afterRereading)
        #expect(await target.runs() == [])
        #expect(try await source.copy(row, to: target).entriesChecked == 301)
        #expect(await target.runs() == [row])
    }
}

/// A ledger in which somebody goes on with a run, once, as soon as its end has been read.
private final class GrowingStore: WrappingLedgerStore {
    let store: any LedgerStore
    private let hasGrown = Mutex(false)

    init(_ store: any LedgerStore) { self.store = store }

    func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
        let entries = try await store.entries(of: run, from: sequence, limit: limit)
        let grows = hasGrown.withLock { hasGrown in
            defer { hasGrown = hasGrown || entries.isEmpty }
            return entries.isEmpty && !hasGrown
        }
        if grows {
            _ = try await store.append([[1]], artefacts: [], to: run, after: try await store.head(of: run), row: nil)
        }
        return entries
    }
}
