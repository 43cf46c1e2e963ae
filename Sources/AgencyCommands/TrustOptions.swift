// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import ArgumentParser

/// Whom the verifier trusts, and what the verifier has kept.
struct TrustOptions: ParsableArguments {
    @Option(name: .long, help: "A checkpoint that was kept elsewhere; may be repeated.")
    var checkpoint: [String] = []

    @Option(
        name: .long,
        help: "A verifier key to trust, or a file that holds one; may be repeated (default: the key of this home)."
    )
    var key: [String] = []

    /// The keys that are trusted: what the command line says, else the home's own.
    func keys(_ home: Home) throws -> [VerifierKey] {
        guard key.isEmpty else { return try key.map(Self.read) }
        return try home.signingKey().map { [$0.verifierKey] } ?? []
    }

    /// The checkpoints that were kept elsewhere, each signed by a key that is trusted.
    func checkpoints(_ keys: [VerifierKey]) throws -> [Checkpoint] {
        guard checkpoint.isEmpty || !keys.isEmpty else {
            throw RuntimeError(.badInput, "say whose checkpoints you trust, with --key")
        }
        return try checkpoint.map { path in
            do {
                return try Checkpoint(SignedNote(parsing: try readFile(path)), signedByOneOf: keys)
            } catch let error as ProofError {
                throw ProofError(error.code, "\(path): \(error)")
            }
        }
    }

    private static func read(_ text: String) throws -> VerifierKey {
        if text.contains("+"), let key = try? VerifierKey(text) { return key }
        if text.split(separator: "+", omittingEmptySubsequences: false).count > 2 { return try VerifierKey(text) }
        do {
            return try VerifierKey(String(decoding: try readFile(text), as: UTF8.self).trimmingWhitespace)
        } catch let error as ProofError {
            throw ProofError(error.code, "\(text): \(error)")
        }
    }
}
