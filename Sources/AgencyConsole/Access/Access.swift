// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime

/// Who asks for something, and what they may do.
struct Access: Sendable {
    let person: Person
    let grants: Set<Permission>
    /// Where a person is signed in; `nil` for a program that shows its token.
    let browser: Browser?
    /// What is kept of a program's token; `nil` for a person.
    let program: Digest?

    /// The word that every form on a page of theirs carries.
    var formToken: String { browser?.session.formToken ?? "" }

    struct Browser: Sendable {
        /// The word of the session.
        let token: String
        let session: Session
    }
}
