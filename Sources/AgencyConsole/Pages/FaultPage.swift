// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyReport
import HTTPTypes

/// What went wrong, and the way back.
struct FaultPage {
    let fault: Fault
    /// Whether there is a password to sign in with.
    let hasAccounts: Bool
    /// The run that it is about, as the address has it.
    let run: String?

    var frame: Frame {
        guard fault.status != .unauthorized else { return SignInPage(link: nil, hasAccounts: hasAccounts).frame }
        return Frame(title: fault.status.reasonPhrase) {
            tag("main", id: "main") {
                tag("h1") { fault.status.reasonPhrase }
                tag("p") { fault.message }
                if let run { tag("p") { tag("a", with: [("href", "/runs/" + run)]) { "Look at the run again" } } }
                tag("p") { tag("a", with: [("href", "/")]) { "Back to the inbox" } }
            }
        }
    }
}
#endif
