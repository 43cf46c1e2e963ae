// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import AgencySchema

/// A file that was verified without a ledger.
enum VerifiedFile {
    /// An exported run.
    case run(ExportSummary)
    /// A proof of one event.
    case event(EventProof, EventProof.Finding)
    /// A proof that a record has only grown.
    case growth(GrowthProof.Finding)

    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - checkpoints: Verified checkpoints that the verifier has kept.
    ///   - keys: The keys that the verifier trusts.
    /// - Throws: `ProofError` that names the file and the line.
    init(path: String, against checkpoints: [Checkpoint], keys: [VerifierKey]) throws(ProofError) {
        do throws(ProofError) {
            let lines = try ExportLines(path: path)
            guard let first = try lines.next() else { throw ProofError(.cut, "the file is empty", line: 1) }
            guard !RecordProof.isOne(first) else {
                guard try lines.next() == nil else {
                    throw ProofError(.malformed, "there is more after the proof", line: 2)
                }
                self = try Self.proof(try RecordProof(first), against: checkpoints, keys: keys)
                return
            }
            self = .run(try Self.check(first, lines, ExportCheck(against: checkpoints, keys: keys)))
        } catch {
            throw ProofError(error.code, "\(path): \(error)")
        }
    }

    private static func check(
        _ first: [UInt8],
        _ lines: ExportLines,
        _ check: ExportCheck
    ) throws(ProofError) -> ExportSummary {
        var found: ExportSummary?
        var line: [UInt8]? = first
        while let next = line {
            if case .end(let summary)? = try check.take(next) { found = summary }
            line = try lines.next()
        }
        try check.finish()
        guard let found else { throw ProofError(.cut, "the file has no end") }
        return found
    }

    private static func proof(
        _ proof: RecordProof,
        against checkpoints: [Checkpoint],
        keys: [VerifierKey]
    ) throws(ProofError) -> VerifiedFile {
        // What nobody has signed proves nothing, whatever else may be right about it.
        guard !keys.isEmpty else { throw ProofError(.untrusted, "say whose checkpoints you trust, with --key") }
        switch proof {
        case .event(let proof):
            let found = try proof.verified(by: keys)
            for kept in checkpoints { try kept.compare(with: [found.checkpoint]) }
            return .event(proof, found)
        case .growth(let proof):
            let found = try proof.verified(by: keys)
            for kept in checkpoints { try kept.compare(with: [found.first, found.second]) }
            return .growth(found)
        }
    }

    func line(_ file: String) -> String {
        switch self {
        case .run(let summary): VerificationText.line(file, summary)
        case .event(let proof, let found): VerificationText.line(file, proof, found)
        case .growth(let found): VerificationText.line(file, found)
        }
    }

    var json: JSONValue {
        switch self {
        case .run(let summary): VerificationText.json(summary)
        case .event(let proof, let found): VerificationText.json(proof, found)
        case .growth(let found): VerificationText.json(found)
        }
    }
}
