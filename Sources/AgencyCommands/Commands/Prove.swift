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
            agency export or agency prove wrote is verified without a ledger.

            The record is verified, which is what counts. A long run is opened from a snapshot of its state, which whoever can \
            write the ledger could have forged; --snapshots compares it with what the record comes to, by folding that again.
            """
    )

    @Argument(help: "A run, or a file of agency export or prove; all runs are verified when left out.")
    var run: String?
    @OptionGroup var trust: TrustOptions
    @Flag(
        help:
            "Compare the snapshots from which runs are opened with their records too; takes as long as replaying them."
    )
    var snapshots = false
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
            let snapshot = try await snapshot(of: id, verification, setup.agency)
            isGood = isGood && verification.isSound && past?.faults.isEmpty != false && snapshot.fault == nil
            guard !json else {
                Terminal.out(VerificationText.json(verification, past, snapshot).canonicalText)
                continue
            }
            Terminal.out(VerificationText.line(verification))
            if let past { Terminal.out("  " + VerificationText.line(past)) }
            if let line = VerificationText.line(snapshot) { Terminal.out("  " + line) }
        }
        if run == nil, try await !setup.agency.store.head(of: Register.run).isEmpty {
            let verification = try await setup.verify(Register.run, against: checkpoints, keys)
            isGood = isGood && verification.isSound
            Terminal.out(
                json
                    ? VerificationText.json(verification, nil, .none).canonicalText
                    : VerificationText.line(verification)
            )
        }
        if runs.isEmpty, !json { Terminal.out("no runs") }
        guard isGood else { throw ExitStatus.badInput }
    }

    private func snapshot(of run: RunID, _ found: Verification, _ agency: Agency) async throws -> SnapshotFinding {
        // A record with faults need not be readable as events; the faults are what has to be said then.
        guard found.isSound, try await agency.opensFromSnapshot(run) else { return .none }
        guard snapshots else { return .notCompared }
        return try await agency.snapshotFault(of: run).map { .other($0) } ?? .asRecorded
    }

    private func verify(file: String, _ checkpoints: [Checkpoint], _ keys: [VerifierKey]) throws {
        let found = try VerifiedFile(path: file, against: checkpoints, keys: keys)
        Terminal.out(json ? found.json.canonicalText : found.line(file))
        guard case .run(let summary) = found else { return }
        guard summary.isSound else { throw ExitStatus.badInput }
        if !trust.key.isEmpty, summary.checkpoint == nil {
            throw ProofError(.untrusted, "\(file): it bears no checkpoint of a key that you named")
        }
    }
}

/// Proves to others, who have no ledger, what a record holds.
struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a proof of one event, or that a record has only grown since a checkpoint.",
        discussion: """
            It is a line of a few kilobytes that agency verify FILE checks without a ledger, for a run of any length. Who has \
            kept a checkpoint learns with --since that nothing before it was rewritten.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "The number of the event to prove.")
    var event: Int?
    @Option(help: "The checkpoint from which the record is to go on: a file.")
    var since: String?
    @Option(help: "The checkpoint that is to vouch for it: a file (default: one is signed now).")
    var checkpoint: String?
    @Flag(help: "Leave the bytes of the event out, and show their digest only.")
    var redact = false
    @Option(name: .shortAndLong, help: "Write it to this file, which must not be there yet.")
    var out: String?
    @OptionGroup var home: HomeOptions

    func validate() throws {
        guard (event == nil) != (since == nil) else { throw ValidationError("say either --event or --since") }
        if redact, event == nil { throw ValidationError("--redact goes with --event") }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let note = try await vouching(for: id, in: setup)
        let proof: RecordProof
        if let event {
            proof = .event(try await setup.ledger.proof(ofEvent: event, under: note, isRedacted: redact))
        } else {
            proof = .growth(try await setup.ledger.proof(from: try Self.note(since ?? "", of: id), to: note))
        }
        guard let out else { return Terminal.out(String(decoding: proof.bytes, as: UTF8.self)) }
        try PrivateFile.create(proof.bytes + [0x0A], at: out)
        Terminal.out("wrote \(Escape.terminal(out))")
    }

    private func vouching(for run: RunID, in setup: Setup) async throws -> SignedNote {
        if let checkpoint { return try Self.note(checkpoint, of: run) }
        guard let checkpoints = setup.checkpoints else { throw setup.home.noKey }
        return try await checkpoints.checkpoint(of: run)
    }

    private static func note(_ path: String, of run: RunID) throws -> SignedNote {
        do {
            let note = try SignedNote(parsing: try readFile(path))
            let checkpoint = try Checkpoint(note.text)
            guard checkpoint.run == run else {
                throw ProofError(.mismatch, "it is a checkpoint of run \(checkpoint.run), and not of \(run)")
            }
            return note
        } catch let error as ProofError {
            throw ProofError(error.code, "\(path): \(error)")
        }
    }
}
