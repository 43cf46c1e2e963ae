// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Copies a ledger to another place.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy all runs of a ledger into another, and verify the copy.",
        discussion: """
            A ledger is a folder (with ledger.sqlite in it), a file, or postgresql://USER@HOST/DATABASE. Events keep their \
            bytes and hashes, so that whatever was proved of the one holds of the other: the checkpoints that were signed \
            are checked against the copy. The first ledger is only read, and its runs are locked until all are copied; while \
            somebody works on one, nothing is copied, and what goes on in it meanwhile all the same is noticed. The \
            command may be repeated after an interruption, and goes on from where it was. The folders of the runs \
            (workspaces, settings, checkpoints) stay where they are: go on with --home and --ledger. Let nobody work on the \
            first ledger afterwards.
            """
    )

    @Argument(help: "The ledger that is copied.")
    var from: String
    @Argument(help: "The ledger that it is copied into; made when it is not there.")
    var to: String
    @Option(
        help:
            "The folder of what belongs to the runs (default: that of the first ledger, else $AGENCY_HOME or .agency)."
    )
    var home: String?
    @Flag(help: "Print JSON, a line for each run.")
    var json = false

    func run() async throws {
        let source = LedgerLocation(from)
        let target = LedgerLocation(to)
        let places = (try source.shown(), try target.shown())
        guard places.0 != places.1 else {
            throw RuntimeError(.badInput, "both are \(places.0); name two ledgers")
        }
        guard !source.isMissing else { throw RuntimeError(.notFound, "there is no ledger at \(places.0)") }
        let old = try await source.open()
        let home = Home(path: folder)
        let locks = try await lock(old, home)
        defer { for lock in locks { lock.close() } }
        // Only now, when nobody changes them any more.
        let rows = try await old.runs()
        let new = try await target.open()
        var heads: [RunID: Head] = [:]
        // The oldest first, so that lists grow as they did.
        for row in rows.reversed() {
            let report = try await copy(row, from: old, to: new, home)
            Terminal.out(json ? Self.json(report).canonicalText : VerificationText.line(report))
            guard report.isSound else { throw ExitStatus.badInput }
            heads[row.run] = report.head
        }
        if try await !old.head(of: Register.run).isEmpty {
            let report = try await old.copy(unlisted: Register.run, to: new)
            Terminal.out(json ? Self.json(report).canonicalText : VerificationText.line(report))
        }
        try await Self.requireUnchanged(old, rows, heads)
        if !json {
            let count = rows.count == 1 ? "1 run is" : "\(rows.count) runs are"
            Terminal.out("\(count) in \(places.1) as in \(places.0)")
        }
    }

    /// Keeps all others of this machine off all runs, and makes sure that no worker has one.
    private func lock(_ old: any LedgerStore, _ home: Home) async throws -> [RunLock] {
        OpenFiles.allowMost()
        var locks: [RunLock] = []
        for row in try await old.runs() {
            if let lock = try home.lockIfHere(row.run, "agency migrate") { locks.append(lock) }
        }
        if let holder = try await (old as? any LeaseStore)?.holders().first {
            throw RuntimeError(.busy, "worker \(holder.worker) has run \(holder.run); end it, and migrate again")
        }
        return locks
    }

    /// Makes sure that what was copied is all there is: people and workers elsewhere know nothing of the locks.
    private static func requireUnchanged(
        _ old: any LedgerStore,
        _ rows: [RunRow],
        _ heads: [RunID: Head]
    ) async throws {
        let copied = Set(rows)
        for row in try await old.runs() {
            if copied.contains(row), try await old.head(of: row.run) == heads[row.run] { continue }
            let what = heads[row.run] == nil ? "was begun" : "went on"
            throw RuntimeError(
                .busy,
                "run \(row.run) \(what) in the first ledger while that was copied; see that nobody works on it, and migrate again"
            )
        }
    }

    private func copy(
        _ row: RunRow,
        from old: any LedgerStore,
        to new: any LedgerStore,
        _ place: Home
    ) async throws -> Verification {
        let redacted = Set(try place.redactions(row.run).keys)
        let report = try await old.copy(row, to: new, redacted: redacted)
        let keys = try place.signingKey().map { [$0.verifierKey] } ?? []
        let checkpoints = try place.shelf(row.run).checkpoints(signedBy: keys)
        guard !checkpoints.isEmpty else { return report }
        return try await new.verify(run: row.run, checkpoints: checkpoints, redacted: redacted)
    }

    private var folder: String {
        if let home { return home }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: from, isDirectory: &isFolder), isFolder.boolValue { return from }
        return ProcessInfo.processInfo.environment["AGENCY_HOME"] ?? ".agency"
    }

    private static func json(_ report: Verification) -> JSONValue {
        [
            "run": .string(report.run.rawValue), "events": .integer(Int64(report.entriesChecked)),
            "artefacts": .integer(Int64(report.artefactsChecked)), "head": .string(report.head.hash.hex),
            "redacted": .integer(Int64(report.artefactsRedacted)),
            "checkpoint": report.checkpoint.map { .integer(Int64($0.size)) } ?? .null,
            "faults": .array(report.faults.map { .string("\($0)") }),
        ]
    }
}

extension Home {
    /// Keeps all other processes of this machine off a run that has a folder here, until the lock is closed.
    func lockIfHere(_ run: RunID, _ purpose: String) throws -> RunLock? {
        guard FileManager.default.fileExists(atPath: runPath(run)) else { return nil }
        return try RunLock.acquire(path: runPath(run) + "/lock", holder: purpose)
    }
}
