// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// How consumption grew over time, and what it was bounded by beforehand.
struct CostCurve: Sendable {
    /// What had been consumed at a moment.
    struct Point: Hashable, Sendable {
        var at: Int64
        var usage: Usage
    }

    /// A bound, and who set it.
    struct Bound: Hashable, Sendable {
        var amount: Double
        var words: String
    }

    /// The sums after each event with which something was consumed, in order.
    private(set) var points: [Point] = []
    /// What bounds the tokens, as far as the record says.
    private(set) var tokenBounds: [Bound] = []
    /// What bounds the money, as far as the record says.
    private(set) var moneyBounds: [Bound] = []

    /// Whether nothing was consumed that is counted in tokens or money.
    var isFlat: Bool { points.last.map { $0.usage.tokens == 0 && $0.usage.money == .zero } ?? true }

    /// What is said instead of a picture where nothing was consumed.
    var flatWords: String {
        let bounds = tokenBounds.map { "tokens: \($0.words)" } + moneyBounds.map { "money: \($0.words)" }
        return "Nothing was consumed that is counted in tokens or money"
            + (bounds.isEmpty ? "." : "; it was bounded all the same: \(bounds.joined(separator: "; ")).")
    }

    init(_ state: RunState, events: [RecordedEvent]) {
        var sum = Usage()
        var latest: Int64 = 0
        for recorded in events {
            guard let usage = recorded.event.consumed else { continue }
            sum += usage
            // A clock that was set back does not take back what was consumed.
            latest = max(latest, recorded.drawnAtMilliseconds)
            points.append(Point(at: latest, usage: sum))
        }
        guard let started = state.started else { return }
        let resources = started.brief.resources
        // Profiles and their prices are not on the record; without them the tokens are bounded all the same, from above.
        let worst = started.architecture.bounds(for: started.brief, profiles: [])
        if let tokens = resources.tokens {
            tokenBounds.append(Bound(amount: Double(tokens), words: "the brief allows \(tokens.grouped)"))
        }
        if worst.tokens > 0, worst.tokens < .max {
            let words = "worst case computed from the architecture \(worst.tokens.grouped)"
            tokenBounds.append(Bound(amount: Double(worst.tokens), words: words))
        }
        if let money = resources.money {
            moneyBounds.append(Bound(amount: Double(money.microdollars), words: "the brief allows \(money)"))
        }
        if let money = worst.money, money > .zero {
            let words = "worst case computed from the architecture \(money)"
            moneyBounds.append(Bound(amount: Double(money.microdollars), words: words))
        }
    }
}

extension Event {
    /// What was consumed by what the event tells of; `nil` for events that tell of nothing that is paid for.
    var consumed: Usage? {
        switch self {
        case .episodeCompleted(let event): event.usage
        case .episodeFailed(let event): event.usage
        case .stateAdvanced(let event): event.usage
        case .advanceFailed(let event): event.usage
        case .lateResult(let event): event.usage
        default: nil
        }
    }
}
