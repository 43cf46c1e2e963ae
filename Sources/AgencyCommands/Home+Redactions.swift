// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

extension Home {
    /// Where it is written which artefacts of an imported run were taken out before it came here.
    func redactionsPath(_ run: RunID) -> String { runPath(run) + "/redacted" }

    /// The artefacts of a run that were taken out before it came here, with the lengths that they are said to have had.
    ///
    /// - Throws: `ProofError` with `.malformed` when the file is spoilt; import the run again.
    func redactions(_ run: RunID) throws -> [Digest: Int] {
        guard let bytes = try PrivateFile.read(redactionsPath(run), limit: 1 << 30) else { return [:] }
        var found: [Digest: Int] = [:]
        for (number, line) in bytes.split(separator: 0x0A).enumerated() {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
            guard words.count == 2, let digest = Digest(hex: words[0]), let length = Int(words[1]) else {
                throw ProofError(.malformed, "\(redactionsPath(run)) is spoilt; import the run again", line: number + 1)
            }
            found[digest] = length
        }
        return found
    }

    /// Writes down which artefacts of a run were taken out.
    func note(_ redactions: [Digest: Int], of run: RunID) throws {
        guard try !redactions.isEmpty || !self.redactions(run).isEmpty else { return }
        try makeRunFolder(run)
        let lines = redactions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
        try PrivateFile.write(Array(lines.joined().utf8), to: redactionsPath(run))
    }
}
