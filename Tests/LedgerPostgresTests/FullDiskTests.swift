// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres && os(Linux)
import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import LedgerPostgres
import Testing

/// A server whose disk is full.
@Suite(.needsPostgres, .timeLimit(.minutes(5))) struct FullDiskTests {
    /// A file system in memory that belongs to the server; `nil` where this process may not make one.
    private func withSmallDisk(megabytes: Int, _ body: (_ folder: String) async throws -> Void) async throws -> Bool {
        try await withTemporaryDirectory { folder in
            guard let user = getpwnam("postgres")?.pointee else { return false }
            let owner = "uid=\(user.pw_uid),gid=\(user.pw_gid),mode=700"
            guard mount("tmpfs", folder, "tmpfs", 0, "size=\(megabytes)m,\(owner)") == 0 else { return false }
            defer { umount2(folder, Int32(MNT_DETACH)) }
            try await body(folder)
            return true
        }
    }

    /// Appends events that do not shrink, each with an artefact, until one is refused.
    private func fill(_ store: PostgresLedgerStore, from head: Head) async throws -> (Head, LedgerError?) {
        var generator = SplitMix64(seed: 12)
        var head = head
        for number in 0..<400 {
            let artefact = Artefact((0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
            let event = Array(#"{"number":\#(number),"prompt":"\#(artefact.reference)"}"#.utf8)
            do {
                let made = try await store.append([event], artefacts: [artefact], to: "r", after: head, row: nil)
                head = made.last.map(Head.init(_:)) ?? head
            } catch let error as LedgerError {
                return (head, error)
            }
        }
        return (head, nil)
    }

    @Test(.enabled(if: geteuid() == 0))
    func `a disk that fills up in mid-append refuses the append whole, and takes more when there is room again`()
        async throws
    {
        let could = try await withSmallDisk(megabytes: 16) { folder in
            try await withOwnServer(.init(timeout: .seconds(30))) { _, server in
                try await server.psql(server.url(), "CREATE TABLESPACE small LOCATION '\(folder)'")
                try await server.psql(server.url(), "CREATE DATABASE small TABLESPACE small")
                let store = try await PostgresLedgerStore.open(try PostgresLocation(server.url("small")))
                let (acknowledged, failure) = try await fill(store, from: Head(emptyRun: "r"))
                let error = try #require(failure)
                #expect(error.code == .full, "\(error)")
                #expect(error.retry == .afterRereading)
                #expect(error.message.contains("make room on its disk"), "\(error)")
                #expect(acknowledged.sequence > 5)
                #expect(try await store.head(of: "r") == acknowledged)
                #expect(try await store.verify(run: "r", against: acknowledged).isSound)

                #expect(mount("tmpfs", folder, "tmpfs", UInt(MS_REMOUNT), "size=64m") == 0)
                _ = try await store.append([numbered(1)], artefacts: [], to: "r", after: acknowledged, row: nil)
                let report = try await store.verify(run: "r", against: acknowledged)
                #expect(report.isSound && report.entriesChecked == acknowledged.sequence + 2)
                await store.close()
            }
        }
        withKnownIssue("this process may not mount", isIntermittent: true) { try #require(could) }
    }
}
#endif
