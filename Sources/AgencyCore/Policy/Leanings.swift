// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What the options of a run would decide by values that untrusted text may have had a hand in: what a person should look at.
///
/// What the brief names is read once for all options.
public struct Leanings {
    /// The run.
    public let state: RunState
    private let builder: TraceBuilder

    /// Reads what the brief of a run names, and who has read what anybody could have written.
    public init(_ state: RunState) {
        self.state = state
        builder = TraceBuilder(state)
    }

    /// The arguments of an option that are to be looked at; ``PolicyReason/askedAt`` names the step of each.
    public func of(_ proposal: Proposal) -> [PolicyReason] {
        var builder = builder
        for var step in proposal.plan.ordered ?? proposal.plan.steps {
            // What fills holes is asked about when it is known.
            step.holes = nil
            builder.attempt(step, as: step.id, by: proposal)
        }
        builder.trace.endorsements = []
        return builder.rulings.flatMap { ruling in
            ruling.reasons.filter { $0.rule == .untrustedAuthority }
                .map { reason in
                    var reason = reason
                    reason.askedAt = ruling.call
                    return reason
                }
        }
    }
}
