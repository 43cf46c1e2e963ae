// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import Foundation

extension Home {
    /// Where the key is that signs checkpoints: `$AGENCY_SIGNING_KEY`, else in the folder of the ledger.
    var signingKeyPath: String {
        ProcessInfo.processInfo.environment["AGENCY_SIGNING_KEY"] ?? path + "/signing-key"
    }

    /// The key that signs checkpoints, if there is one.
    ///
    /// - Throws: `ProofError` with `.badKey` for a file that is no key or that others may read.
    func signingKey() throws -> SigningKey? {
        guard let bytes = try PrivateFile.read(signingKeyPath, limit: 4096, isSecret: true) else { return nil }
        do {
            return try SigningKey(secret: String(decoding: bytes, as: UTF8.self).trimmingWhitespace)
        } catch {
            throw ProofError(error.code, "\(signingKeyPath): \(error)")
        }
    }

    /// What is said to somebody who needs a key and has none.
    var noKey: RuntimeError {
        RuntimeError(.notFound, "there is no key at \(signingKeyPath); make one with: agency key new")
    }

    /// A store that signs checkpoints of what is appended to a ledger.
    func checkpointing(_ ledger: any LedgerStore, with key: SigningKey) -> CheckpointingLedgerStore {
        CheckpointingLedgerStore(
            ledger,
            signer: key,
            shelf: shelf,
            isMilestone: Self.isMilestone,
            report: { run, error in
                Terminal.error("agency: no checkpoint of run \(run) was signed: " + Escape.terminal("\(error)"))
            }
        )
    }

    private static let milestones = ["choice_recorded", "run_finished", "run_stopped"]

    /// Whether an event is a choice or the end of a run: its type is the last but one member of its canonical form.
    @Sendable private static func isMilestone(_ event: [UInt8]) -> Bool {
        let tail = String(decoding: event.suffix(48), as: UTF8.self)
        return milestones.contains { tail.contains("\"type\":\"\($0)\",") }
    }
}
