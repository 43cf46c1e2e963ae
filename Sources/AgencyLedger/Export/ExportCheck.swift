// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// A check of an exported run that is fed line by line, in memory that does not grow with the number of events.
///
/// It holds the artefact or event that is being read and 32 bytes for each artefact that was. Whatever is not exactly as an
/// export writes it is refused: there is no other spelling of any line, nothing that no event refers to, and nothing after
/// the end.
public final class ExportCheck {
    private let outside: [Checkpoint]
    private let keys: [VerifierKey]
    private let digest = RunningDigest()
    private var number = 0
    private var header: ExportHeader?
    private var said: Checkpoint?
    private var tree = CheckpointCheck(run: "", against: [])
    private var head = Head(sequence: -1, hash: MerkleHash.empty)
    private var first: Digest?
    private var seen: Set<Digest> = []
    private var pending: Set<Digest> = []
    private var open: Open?
    private var redactedArtefacts = 0
    private var redactedEvents = 0
    private var isOver = false

    /// Something that comes in pieces.
    private struct Open {
        var line: ExportLine
        var length: Int
        var pieces: Int
        var read = 0
        var bytes: [UInt8] = []
    }

    /// Begins a check at the first line.
    ///
    /// - Parameters:
    ///   - checkpoints: Verified checkpoints that were kept elsewhere.
    ///   - keys: The keys that the verifier holds: the file's own checkpoint counts only if one of them has signed it.
    public init(against checkpoints: [Checkpoint] = [], keys: [VerifierKey] = []) {
        outside = checkpoints
        self.keys = keys
    }

    /// Takes the next line, without its line feed.
    ///
    /// - Returns: What it completes; `nil` when more lines belong to it.
    /// - Throws: ``ProofError`` that names the line; the file is not what it says, and nothing in it is to be used.
    public func take(_ line: [UInt8]) throws(ProofError) -> ExportItem? {
        number += 1
        do throws(ProofError) {
            guard !isOver else { throw ProofError(.malformed, "there is more after the end") }
            let item = try take(try ExportLine(line))
            digest.update(line)
            digest.update([0x0A])
            return item
        } catch {
            throw ProofError(error.code, error.description, line: number)
        }
    }

    /// Ends the check.
    ///
    /// - Throws: ``ProofError`` with `.cut` when the end has not come.
    public func finish() throws(ProofError) {
        guard isOver else {
            let expected = header.map { "after \(head.sequence + 1) of \($0.events) events" } ?? "before it has begun"
            throw ProofError(.cut, "the file ends \(expected); get the whole of it", line: number + 1)
        }
    }

    private func take(_ line: ExportLine) throws(ProofError) -> ExportItem? {
        if let open { return try take(piece: line, of: open) }
        switch line {
        case .header(let header): return try begin(header)
        case .artefact(let digest, let content):
            try require(begun: seen.insert(digest).inserted, "artefact \(digest.short) is there twice")
            pending.insert(digest)
            switch content {
            case .whole(let bytes): return try complete(line, bytes)
            case .pieces(let count, let length):
                return try open(line, count, length, atMost: LedgerBounds.maximumArtefactBytes)
            case .redacted(let length, _):
                redactedArtefacts += 1
                return .redactedArtefact(digest, length: length)
            }
        case .event(let sequence, let hash, let content):
            let header = try require(begun: true, "")
            guard sequence == head.sequence + 1, sequence < header.events else {
                throw ProofError(
                    .mismatch,
                    "this is event \(sequence), where \(head.sequence + 1) of \(header.events) is due"
                )
            }
            switch content {
            case .whole(let bytes): return try complete(line, bytes)
            case .pieces(let count, let length):
                return try open(line, count, length, atMost: LedgerBounds.maximumEventBytes)
            case .redacted(let length, let digest):
                try follow(sequence, hash, length, digest)
                guard pending.isEmpty else { throw unreferred() }
                redactedEvents += 1
                return .redactedEvent(sequence, hash: hash)
            }
        case .piece: throw ProofError(.malformed, "this is a piece of nothing")
        case .end(let end): return .end(try conclude(end))
        }
    }

    @discardableResult
    private func require(begun isRight: Bool, _ message: String) throws(ProofError) -> ExportHeader {
        guard let header else { throw ProofError(.malformed, "the first line is not that of an exported run") }
        guard isRight else { throw ProofError(.mismatch, message) }
        return header
    }

    private func begin(_ header: ExportHeader) throws(ProofError) -> ExportItem {
        guard self.header == nil else { throw ProofError(.malformed, "the file begins twice") }
        self.header = header
        head = Head(emptyRun: header.run)
        var trusted = outside
        if let note = header.checkpoint {
            let checkpoint = try Checkpoint(note.text)
            guard checkpoint.run == header.run, checkpoint.log == header.log, checkpoint.size <= header.events else {
                throw ProofError(.mismatch, "the file's own checkpoint is of another record")
            }
            said = checkpoint
            do throws(ProofError) {
                try note.verified(by: keys)
                trusted.append(checkpoint)
            } catch {
                guard error.code == .untrusted else { throw error }
            }
        }
        tree = CheckpointCheck(run: header.run, against: trusted)
        return .header(header)
    }

    private func open(
        _ line: ExportLine,
        _ pieces: Int,
        _ length: Int,
        atMost limit: Int
    ) throws(ProofError)
        -> ExportItem?
    {
        guard length <= limit else {
            throw ProofError(.malformed, "\(length) bytes are more than the \(limit) that there may be")
        }
        // Room is made as the pieces come: what a file says of itself costs nothing.
        open = Open(line: line, length: length, pieces: pieces)
        return nil
    }

    private func take(piece line: ExportLine, of known: Open) throws(ProofError) -> ExportItem? {
        guard case .piece(let number, let bytes) = line, number == known.read,
            bytes.count == min(ExportContent.pieceBytes, known.length - known.read * ExportContent.pieceBytes)
        else { throw ProofError(.mismatch, "piece \(known.read) of \(known.pieces) is due") }
        open?.bytes += bytes
        open?.read += 1
        guard known.read + 1 == known.pieces else { return nil }
        let whole = open?.bytes ?? []
        open = nil
        return try complete(known.line, whole)
    }

    private func complete(_ line: ExportLine, _ bytes: [UInt8]) throws(ProofError) -> ExportItem? {
        switch line {
        case .artefact(let digest, _):
            let artefact = Artefact(bytes)
            guard artefact.digest == digest else {
                throw ProofError(.mismatch, "artefact \(digest.short) does not have its digest")
            }
            return .artefact(artefact)
        case .event(let sequence, let hash, _):
            let previous = head.hash
            try follow(sequence, hash, bytes.count, Digest(of: bytes))
            for reference in ArtefactReference.all(inEvent: bytes) {
                pending.remove(reference.digest)
                guard seen.contains(reference.digest) else {
                    throw ProofError(
                        .mismatch,
                        "event \(sequence) refers to artefact \(reference.digest.short), which is not in the file"
                    )
                }
            }
            guard pending.isEmpty else { throw unreferred() }
            let run = header?.run ?? ""
            return .event(Entry(run: run, sequence: sequence, previous: previous, hash: hash, bytes: bytes))
        default: return nil
        }
    }

    private func unreferred() -> ProofError {
        ProofError(.mismatch, "artefact \(pending.min()?.short ?? "") comes before an event that does not refer to it")
    }

    private func follow(_ sequence: Int, _ hash: Digest, _ length: Int, _ digest: Digest) throws(ProofError) {
        let run = header?.run ?? ""
        let found = HashChain.hash(run: run, sequence: sequence, previous: head.hash, length: length, digest: digest)
        guard found == hash else {
            throw ProofError(
                .mismatch,
                "event \(sequence) does not have its hash, or does not follow the one before it"
            )
        }
        head = Head(sequence: sequence, hash: hash)
        first = first ?? hash
        tree.visit(hash)
        if let said, said.size == tree.frontier.size, said.root != tree.frontier.root || said.head != hash {
            throw ProofError(.mismatch, "the file's own checkpoint speaks of other events")
        }
    }

    private func conclude(_ end: ExportEnd) throws(ProofError) -> ExportSummary {
        let header = try require(begun: true, "")
        guard head.sequence + 1 == header.events, pending.isEmpty else {
            throw ProofError(.cut, "the file ends after \(head.sequence + 1) of \(header.events) events")
        }
        guard head.hash == header.head, first == header.log, tree.frontier.root == header.root else {
            throw ProofError(.mismatch, "the events are not those that the first line speaks of")
        }
        guard end.artefacts == seen.count - redactedArtefacts, end.redactedArtefacts == redactedArtefacts,
            end.redactedEvents == redactedEvents
        else { throw ProofError(.mismatch, "what there is was counted otherwise when it was exported") }
        guard end.digest == digest.finish() else {
            throw ProofError(.mismatch, "a line before this one was changed, though its event was not")
        }
        tree.finish()
        isOver = true
        return ExportSummary(
            header: header,
            artefacts: end.artefacts,
            redactedArtefacts: redactedArtefacts,
            redactedEvents: redactedEvents,
            checkpoint: tree.passed,
            faults: tree.faults
        )
    }
}
