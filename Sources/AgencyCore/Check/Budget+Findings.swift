// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Budget {
    /// The limits that are no limits.
    var outOfRange: [(key: String, message: String, hint: String)] {
        var found: [(key: String, message: String, hint: String)] = []
        if let tokens, !Limits.tokens.contains(tokens) {
            found.append(("tokens", "\(tokens) is out of range", "from \(Limits.tokens.words)"))
        }
        if let calls, !Limits.calls.contains(calls) {
            found.append(("calls", "\(calls) is out of range", "from \(Limits.calls.words)"))
        }
        if let seconds, !Limits.seconds.contains(seconds) {
            found.append(("seconds", "\(seconds.shortText) is out of range", "from \(Limits.seconds.words)"))
        }
        let most = Money(microdollars: Int64(Limits.dollars.upperBound) * 1_000_000)
        if let money, money < .zero || money > most {
            found.append(("money", "the amount of money is out of range", "from \(Limits.dollars.words) dollars"))
        }
        return found
    }
}
