// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyRuntime

/// What a word in an address is good for, once.
struct Link: Sendable {
    var use: Use
    var until: Int64

    enum Use: Sendable {
        /// Signs in whoever reads the terminal.
        case terminal(Person)
        /// Lets a person set the password of their account, and signs them in.
        case invitation(String)
    }

    /// For how long one from the terminal is good, in milliseconds.
    static let terminalLife: Int64 = 10 * 60 * 1000
    /// For how long an invitation is, which somebody has to hand over.
    static let invitationLife: Int64 = 24 * 60 * 60 * 1000
}
