// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How a chosen plan is carried out, and what halts it.
public struct Enacting: Hashable, Sendable, Codable {
    /// The role that enacts.
    public var role: RoleName
    /// How improbable one observation must have been to halt enactment by itself, between 0.5 and 1; `nil` where the test
    /// of all of them decides alone.
    public var surprise: Double?
    /// The chance with which the test of all forecasts of a plan may ever halt it without cause, between 0 and 1; `nil`
    /// where there is no such test.
    public var falseAlarms: Double?

    /// Makes the terms of an enactment.
    public init(role: RoleName, surprise: Double?, falseAlarms: Double? = nil) {
        self.role = role
        self.surprise = surprise
        self.falseAlarms = falseAlarms
    }

    private enum CodingKeys: String, CodingKey { case role, surprise, falseAlarms = "false-alarms" }
}

extension Enacting {
    /// What halts it, after the word “halts”.
    public var haltWords: String {
        let one = surprise.map { "when a forecast of \(percent($0)) fails" }
        let all = falseAlarms.map {
            "when all forecasts together are too far off (without cause in \(percent($0)) of plans)"
        }
        return [one, all].compactMap(\.self).joined(separator: ", or ")
    }

    private func percent(_ share: Double) -> String {
        let percents = (share * 10_000).rounded() / 100
        // Whatever a declaration says, also what the check refuses.
        return percents == percents.rounded() && abs(percents) < 1e6 ? "\(Int(percents))%" : "\(percents)%"
    }
}

extension Stage {
    /// The chosen plan is carried out; what was held as improbable as `surprise`, or a row of forecasts that the test with
    /// this chance of a false alarm finds too far off, halts it.
    public static func enact(role: RoleName, surprise: Double?, falseAlarms: Double? = nil) -> Stage {
        .enact(Enacting(role: role, surprise: surprise, falseAlarms: falseAlarms))
    }
}
