// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime

/// Words that nobody can guess; what is kept of one is its digest, so that looking one up tells nothing about it.
enum Tokens {
    /// Makes a word of 64 hexadecimal digits from the system's randomness.
    @Sendable static func random() -> String { Nonces.random() + Nonces.random() }

    /// What is kept of a word.
    static func digest(_ token: String) -> Digest { Digest(of: Array(token.utf8)) }
}
