// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// The worst case of a run, computed before anything runs.
public struct Bounds: Hashable, Sendable, Codable {
    /// Episodes.
    public var episodes: Int
    /// Requests to performers.
    public var calls: Int
    /// Tokens in both directions.
    public var tokens: Int
    /// Money, or `nil` when a performer without known prices plays a role without a limit of money.
    public var money: Money?
    /// Seconds of performing, with episodes side by side where the flow allows it; neither people's time nor the effects'.
    public var seconds: Double
    /// Steps that may be carried out.
    public var effects: Int
    /// How the numbers come about, a line for each part.
    public var derivation: [String]
    /// Where the worst case is beyond what the brief allows; empty when it is not.
    public var exceeded: [String]

    /// Makes bounds.
    public init(
        episodes: Int = 0,
        calls: Int = 0,
        tokens: Int = 0,
        money: Money? = .zero,
        seconds: Double = 0,
        effects: Int = 0,
        derivation: [String] = [],
        exceeded: [String] = []
    ) {
        self.episodes = episodes
        self.calls = calls
        self.tokens = tokens
        self.money = money
        self.seconds = seconds
        self.effects = effects
        self.derivation = derivation
        self.exceeded = exceeded
    }

    /// The worst case in a line: `31 episodes, 372 calls, 620,000 tokens, $4.20, 52 min, 160 effects`.
    public var summary: String {
        [
            "\(episodes.grouped) episodes", "\(calls.grouped) calls", "\(tokens.grouped) tokens",
            money.map(\.boundWords) ?? "money unknown", seconds.durationWords, "\(effects.grouped) effects",
        ].joined(separator: ", ")
    }
}

extension Money {
    /// The amount, or that it is beyond what a worst case can say.
    var boundWords: String {
        microdollars > 1_000_000_000_000_000 ? "more than $1,000,000,000" : description
    }
}

extension Int {
    /// The number with commas between thousands: `20,000`.
    public var grouped: String {
        let digits = String(magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return (self < 0 ? "-" : "") + result
    }
}

extension Double {
    /// A number of seconds for people: `45 s`, `52 min`, `3.5 h`.
    public var durationWords: String {
        guard isFinite, self >= 0 else { return "no limit" }
        if self < 120 { return "\(rounded(.up).shortText) s" }
        if self < 7200 { return "\((self / 60).rounded(.up).shortText) min" }
        return "\(((self / 360).rounded(.up) / 10).shortText) h"
    }
}
