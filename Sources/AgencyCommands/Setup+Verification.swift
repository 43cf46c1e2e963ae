// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime

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
