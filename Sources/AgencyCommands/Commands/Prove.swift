// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Proves that the ledger holds what was written.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that nothing in the ledger was changed, and name the first bad event.",
        discussion: """
            Against a checkpoint that was kept elsewhere it also finds a record that was cut, rewritten before the \
            checkpoint, or is that of another log. Whose checkpoints count is said by --key, never by the file. A file that \
            agency export wrote is verified without a ledger.
            """
    )

    @Argument(help: "A run, or a file that agency export wrote; all runs are verified when left out.")
    var run: String?
    @OptionGroup var trust: TrustOptions
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var home: HomeOptions

    func validate() throws {
        if run == nil, !trust.checkpoint.isEmpty { throw ValidationError("name the run that the checkpoint is of") }
    }

    func run() async throws {
        let keys = try trust.keys(home.folder)
        let checkpoints = try trust.checkpoints(keys)
        var isFolder: ObjCBool = false
        if let run, FileManager.default.fileExists(atPath: run, isDirectory: &isFolder), !isFolder.boolValue {
            return try verify(file: run, checkpoints, keys)
        }
        let setup = try await Setup.existing(home.folder)
        let all = try await setup.agency.store.runs().map(\.run)
        let runs = run == nil ? all : [try await setup.resolve(run)]
        var isGood = true
        for id in runs {
            let verification = try await setup.verify(id, against: checkpoints, keys)
            let past = try await setup.agency.store.comparePast(of: id)
            isGood = isGood && verification.faults.isEmpty && past?.faults.isEmpty != false
            guard !json else {
                Terminal.out(VerificationText.json(verification, past).canonicalText)
                continue
            }
            Terminal.out(VerificationText.line(verification))
            if let past { Terminal.out("  " + VerificationText.line(past)) }
        }
        if runs.isEmpty, !json { Terminal.out("no runs") }
        guard isGood else { throw ExitStatus.badInput }
    }

    private func verify(file: String, _ checkpoints: [Checkpoint], _ keys: [VerifierKey]) throws {
        let check = ExportCheck(against: checkpoints, keys: keys)
        let lines = try ExportLines(path: file)
        var found: ExportSummary?
        do throws(ProofError) {
            while let line = try lines.next() {
                if case .end(let summary)? = try check.take(line) { found = summary }
            }
            try check.finish()
        } catch {
            throw ProofError(error.code, "\(file): \(error)")
        }
        guard let found else { throw ExitStatus.ourFault }
        Terminal.out(json ? VerificationText.json(found).canonicalText : VerificationText.line(file, found))
        guard found.isSound else { throw ExitStatus.badInput }
        if !trust.key.isEmpty, found.checkpoint == nil {
            throw ProofError(.untrusted, "\(file): it bears no checkpoint of a key that you named")
        }
    }
}

extension Setup {
    /// Verifies a run, also against the checkpoints that this home keeps of it.
    func verify(
        _ run: RunID,
        against checkpoints: [Checkpoint] = [],
        _ keys: [VerifierKey]? = nil
    ) async throws -> Verification {
        let trusted = try keys ?? home.signingKey().map { [$0.verifierKey] } ?? []
        let kept = try home.shelf(run).checkpoints(signedBy: trusted)
        let known = checkpoints + kept
        return try await agency.store.verify(
            run: run,
            checkpoints: known.isEmpty ? nil : known,
            redacted: Set(try home.redactions(run).keys)
        )
    }
}

/// What is said of a verification.
enum VerificationText {
    static func line(_ found: Verification) -> String {
        guard found.faults.isEmpty else {
            // A fault of the chain and one against a checkpoint may both be there; each says something of its own.
            return found.faults.prefix(3).map { "\(found.run): ✗ \(Escape.terminal("\($0)"))" }.joined(separator: "\n")
        }
        var text =
            "\(found.run): ✓ \(found.entriesChecked) events and \(found.artefactsChecked) artefacts are as they were written; head \(found.head.hash)"
        if found.artefactsRedacted > 0 {
            text += "; \(found.artefactsRedacted) artefacts were redacted and are not here"
        }
        guard let checkpoint = found.checkpoint else { return text }
        let after = found.entriesChecked - checkpoint.size
        text += "; checkpoint of \(checkpoint.time) holds for the first \(checkpoint.size) events"
        return after == 0 ? text : text + ", and nobody has signed the \(after) after it"
    }

    /// What comparing a fork's past showed, in a line.
    static func line(_ past: SharedPast) -> String {
        if let fault = past.faults.first { return "✗ forked from \(past.run): \(fault)" }
        guard past.isParentHere else { return "? forked from \(past.run), which is not here to compare with" }
        return "✓ forked from \(past.run): the \(past.compared) shared events are that run's"
    }

    static func line(_ file: String, _ found: ExportSummary) -> String {
        let name = Escape.terminal(file)
        guard found.faults.isEmpty else {
            return found.faults.prefix(3).map { "\(name): ✗ \(Escape.terminal("\($0)"))" }.joined(separator: "\n")
        }
        let header = found.header
        var text =
            "\(name): ✓ run \(header.run), \(header.events) events and \(found.artefacts) artefacts are as they were exported; head \(header.head)"
        if found.redactedArtefacts > 0 { text += "; \(found.redactedArtefacts) artefacts were redacted" }
        if found.redactedEvents > 0 { text += "; \(found.redactedEvents) events were redacted" }
        guard let checkpoint = found.checkpoint else {
            return text + "; nobody whom you trust has signed it, so all of it may have been made up"
        }
        let after = header.events - checkpoint.size
        text += "; checkpoint of \(checkpoint.time) holds for the first \(checkpoint.size) events"
        return after == 0 ? text : text + ", and nobody has signed the \(after) after it"
    }

    static func json(_ found: ExportSummary) -> JSONValue {
        [
            "run": .string(found.header.run.rawValue), "events": .integer(Int64(found.header.events)),
            "artefacts": .integer(Int64(found.artefacts)), "redacted": .integer(Int64(found.redactedArtefacts)),
            "redacted_events": .integer(Int64(found.redactedEvents)), "head": .string(found.header.head.hex),
            "root": .string(found.header.root.hex),
            "checkpoint": found.checkpoint.map { ["events": .integer(Int64($0.size)), "time": .string($0.time)] }
                ?? .null,
            "faults": .array(found.faults.map { .string("\($0)") }),
        ]
    }

    static func json(_ found: Verification, _ past: SharedPast?) -> JSONValue {
        [
            "shared_past": past.map { past in
                [
                    "run": .string(past.run.rawValue), "events": .integer(Int64(past.compared)),
                    "is_here": .bool(past.isParentHere),
                    "faults": .array(past.faults.map { .string("\($0)") }),
                ]
            } ?? .null,
            "run": .string(found.run.rawValue), "events": .integer(Int64(found.entriesChecked)),
            "artefacts": .integer(Int64(found.artefactsChecked)),
            "redacted": .integer(Int64(found.artefactsRedacted)), "head": .string(found.head.hash.hex),
            "root": found.root.map { .string($0.hex) } ?? .null,
            "checkpoint": found.checkpoint.map { ["events": .integer(Int64($0.size)), "time": .string($0.time)] }
                ?? .null,
            "faults": .array(found.faults.map { .string("\($0)") }),
        ]
    }
}

/// Signs a checkpoint of a run.
struct CheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign a checkpoint of a run as it stands, to be kept elsewhere.",
        discussion: """
            Whoever keeps it can tell later, with agency verify RUN --checkpoint FILE, that the record was cut or rewritten. \
            Without a change since, the same checkpoint is printed again. They are also signed by themselves at every \
            choice, at the end of a run and every \(CheckpointingLedgerStore.usualInterval) events.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(name: .shortAndLong, help: "Write it to this file, which must not be there yet.")
    var out: String?
    @OptionGroup var home: HomeOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        guard let checkpoints = setup.checkpoints else {
            throw RuntimeError(
                .notFound,
                "there is no key at \(setup.home.signingKeyPath); make one with: agency key new"
            )
        }
        let note = try await checkpoints.checkpoint(of: try await setup.resolve(run))
        guard let out else { return Terminal.out(String(note.description.dropLast())) }
        try PrivateFile.create(Array(note.description.utf8), at: out)
        Terminal.out("wrote \(out)")
    }
}

/// Makes and shows the key that signs checkpoints.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make the key that signs checkpoints, or show its public half.",
        subcommands: [New.self, Show.self],
        defaultSubcommand: Show.self
    )

    /// Makes a key.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key, and print the verifier key to give to those who are to trust it."
        )

        @Option(help: "The name of the key, which stands in every signature.")
        var name = "openagency"
        @OptionGroup var home: HomeOptions

        func run() async throws {
            let home = home.folder
            var generator = SystemRandomNumberGenerator()
            let key = try SigningKey.make(name: name, using: &generator)
            try FileManager.default.createDirectory(
                atPath: home.path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try PrivateFile.create(Array((key.secret + "\n").utf8), at: home.signingKeyPath)
            Terminal.out(key.verifierKey.description)
            Terminal.error("the secret is in \(home.signingKeyPath); give the line above to those who verify")
        }
    }

    /// Shows the public half.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the verifier key.")

        @OptionGroup var home: HomeOptions

        func run() async throws {
            let home = home.folder
            guard let key = try home.signingKey() else {
                throw RuntimeError(
                    .notFound,
                    "there is no key at \(home.signingKeyPath); make one with: agency key new"
                )
            }
            Terminal.out(key.verifierKey.description)
        }
    }
}
