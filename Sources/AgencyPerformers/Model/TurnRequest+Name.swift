// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension TurnRequest {
    /// A name for this request that is the same on every try and differs between episodes, runs and bodies.
    func name(with body: [UInt8]) -> String {
        let digest = Digest(of: ["\(run)", "\(episode)", "\(turn)", Digest(of: body).hex].joined(separator: "\n"))
        return String(digest.hex.prefix(32))
    }
}
