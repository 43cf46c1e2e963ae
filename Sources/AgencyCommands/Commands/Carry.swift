// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import ArgumentParser
import Foundation

/// Writes a run as one file that anyone can verify.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a run as one file that anyone can verify, without the ledger.",
        discussion: """
            What is redacted leaves its length and its digest, so that every proof still holds. A short text can be guessed \
            from its digest. A run of which events are redacted can be verified, and not imported.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(name: .shortAndLong, help: "The file, which must not be there yet.")
    var out: String
    @Option(help: "What to take out: prompts, transcripts, or both with a comma between.")
    var redact: String?
    @Option(help: "The number of an event whose bytes to take out; may be repeated.")
    var redactEvent: [Int] = []
    @OptionGroup var home: HomeOptions

    private static let members = ["prompts": ["prompt"], "transcripts": ["transcript", "verdict"]]

    func validate() throws { _ = try redaction() }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let redaction = try redaction()
        let file = try DraftFile(out)
        let export = RunExport(
            of: id,
            from: setup.agency.store,
            redaction: redaction,
            missing: try setup.home.redactions(id),
            checkpoint: try await setup.checkpoints?.checkpoint(of: id)
        )
        let summary = try await export.write(file.write)
        try file.keep()
        var text = "wrote \(out): \(summary.header.events) events and \(summary.artefacts) artefacts"
        if summary.redactedArtefacts > 0 { text += ", \(summary.redactedArtefacts) artefacts redacted" }
        if summary.redactedEvents > 0 { text += ", \(summary.redactedEvents) events redacted" }
        Terminal.out(Escape.terminal(text + "; root \(summary.header.root)"))
    }

    private func redaction() throws -> Redaction {
        var redaction = Redaction(events: Set(redactEvent))
        for word in redact?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
            guard let members = Self.members[String(word)] else {
                throw ValidationError("--redact takes prompts, transcripts, or prompts,transcripts")
            }
            redaction.members.formUnion(members)
        }
        return redaction
    }
}

/// Takes an exported run into the ledger.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take an exported run into the ledger: all of it, or nothing that is shown.",
        discussion: """
            The file is verified to its end before anything is stored; an import that was cut off is gone on with by the \
            same command. Nothing works on the run until agency resume says so. Whoever wrote the file wrote the choices in \
            it: name with --key whose checkpoint it has to bear.
            """
    )

    @Argument(help: "The file, as agency export wrote it.")
    var file: String
    @OptionGroup var trust: TrustOptions
    @OptionGroup var home: HomeOptions

    func run() async throws {
        let setup = try await Setup(home.folder)
        let keys = try trust.keys(setup.home)
        let checkpoints = try trust.checkpoints(keys)
        let path = file
        let carrier = RunImport(into: setup.ledger) { try ExportLines(path: path) }
        var state: RunState?
        let finding: RunImport.Finding
        do {
            finding = try await carrier.examine(against: checkpoints, keys: keys) { entry in
                do {
                    let event = try RecordedEvent(sequence: entry.sequence, storedBytes: entry.bytes)
                    if state == nil { state = RunState(run: entry.run) }
                    state?.apply(event)
                } catch {
                    throw ProofError(.unusable, "event \(entry.sequence) is none that this agency can read: \(error)")
                }
            }
        } catch let error as ProofError {
            throw ProofError(error.code, "\(path): \(error)")
        }
        let run = finding.summary.header.run
        guard var row = state?.row, state?.started != nil else {
            throw ProofError(.unusable, "the file does not begin as a run does")
        }
        try Self.requireSafe(run)
        if !trust.key.isEmpty, finding.summary.checkpoint == nil {
            throw ProofError(.untrusted, "the file bears no checkpoint of a key that you named")
        }
        // A worker takes up what is due; an imported run waits for a person to say so.
        row.isDue = false
        let waiting = row
        let outcome = try await setup.holding(run, "agency import") {
            let known = try setup.home.redactions(run)
            try setup.home.note(finding.redacted.merging(known) { $1 }, of: run)
            let outcome = try await carrier.carryOut(finding, row: waiting, filling: Set(known.keys))
            // What another export brought along is not missing any longer.
            var missing: [Digest: Int] = [:]
            for (digest, length) in finding.redacted.merging(known, uniquingKeysWith: { $1 })
            where try await setup.ledger.artefact(digest) == nil { missing[digest] = length }
            try setup.home.note(missing, of: run)
            return outcome
        }
        tell(run, outcome, finding.summary)
        if let began = state?.started?.workspace, state?.agenda() != .nothing,
            try RunSettings.read(run, in: setup.home).workspace == nil
        {
            let way = state?.enactment.base == nil ? "agency resume \(run)" : "agency fork \(run) --at EVENT"
            Terminal.out(
                "it works on \(Escape.terminal(began)), which did not come with it; go on with: \(way) -w DIRECTORY"
            )
        }
    }

    private func tell(_ run: RunID, _ outcome: ImportOutcome, _ summary: ExportSummary) {
        switch outcome {
        case .imported(let events): Terminal.out("imported run \(run): \(events) events")
        case .extended(let events): Terminal.out("run \(run) was here in part, and has \(events) more events")
        case .alreadyHere(let beyond):
            let more = beyond > 0 ? ", and has \(beyond) more events" : ""
            Terminal.out("run \(run) is here already, the same\(more)")
        }
        if summary.redactedArtefacts > 0 { Terminal.out("\(summary.redactedArtefacts) artefacts were redacted") }
        if let checkpoint = summary.checkpoint {
            Terminal.out("checkpoint of \(checkpoint.time) holds for the first \(checkpoint.size) events")
        } else {
            Terminal.error("nobody whom you trust has signed it: its choices are those of whoever wrote the file")
        }
    }

    /// A run has a folder of its own, which its name must not lead out of.
    private static func requireSafe(_ run: RunID) throws {
        let name = run.rawValue.utf8
        let isSafe = name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isSafe, name.first != UInt8(ascii: "-") else {
            throw ProofError(.unusable, "the name of the run, \(run), cannot be that of a folder; it is not imported")
        }
    }
}
