// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser

/// Drops what nothing in the ledger needs.
struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Say what the ledger holds for nothing, and drop it.",
        discussion: """
            Without --drop it only says what would go: snapshots that no version of agency here can use, artefacts that no \
            event refers to, and, if asked for, runs whose import was cut off and never gone on with. What an event of a \
            run refers to is never dropped, nor is any event of a run that agency status shows. The file does not become \
            smaller; its free pages are used again.
            """
    )

    @Flag(help: "Drop what is found.")
    var drop = false
    @Flag(help: "All snapshots, also those that are of use; opening a long run then takes longer, once.")
    var snapshots = false
    @Flag(help: "Also runs whose import was cut off.")
    var unfinishedImports = false
    @Option(help: "Leave alone what came in the last so many hours.")
    var olderThan = 24
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var home: HomeOptions

    func validate() throws {
        guard (0...1_000_000).contains(olderThan) else {
            throw ValidationError("--older-than takes a number of hours, from 0")
        }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        guard let store = setup.ledger as? any GarbageCollectingStore else {
            throw RuntimeError(.badInput, "a ledger of this kind drops nothing; agency gc is for a ledger in a file")
        }
        let scope = Garbage.Scope(
            keepingSnapshotsOf: snapshots ? nil : Snapshot.stateForm,
            unfinishedImports: unfinishedImports,
            age: .seconds(olderThan * 3600)
        )
        let found = try await store.collect(scope, dropping: drop)
        Terminal.out(json ? value(found).canonicalText : text(found))
    }

    private func value(_ found: Garbage) -> JSONValue {
        [
            "dropped": .bool(drop), "bytes": .integer(Int64(found.bytes)),
            "snapshots": .array(found.snapshots.map { .string($0.rawValue) }),
            "artefacts": .array(found.artefacts.map { .string($0.hex) }), "chunks": .integer(Int64(found.chunks)),
            "imports": .array(found.imports.map { .string($0.rawValue) }),
            "import_events": .integer(Int64(found.importEvents)),
        ]
    }

    private func text(_ found: Garbage) -> String {
        guard !found.isEmpty else { return "nothing in the ledger is there for nothing" }
        let verb = drop ? "dropped" : "would drop"
        var lines: [String] = []
        for run in found.snapshots { lines.append("\(verb) the snapshot of \(Escape.terminal(run.rawValue))") }
        for run in found.imports { lines.append("\(verb) \(Escape.terminal(run.rawValue)), whose import was cut off") }
        if !found.imports.isEmpty { lines.append("\(verb) \(found.importEvents) events of cut-off imports") }
        if !found.artefacts.isEmpty {
            lines.append(
                "\(verb) \(found.artefacts.count) artefacts that no event refers to, and \(found.chunks) chunks"
            )
        }
        lines.append("\(found.bytes) bytes in all")
        if !drop { lines.append("nothing was dropped; agency gc --drop does") }
        return lines.joined(separator: "\n")
    }
}
