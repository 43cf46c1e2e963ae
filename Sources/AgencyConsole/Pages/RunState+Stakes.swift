// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension RunState {
    /// How much is at stake with an option: as much as the brief says, or the step that says most.
    func stakes(of option: ProposalID) -> Stakes {
        let steps = options.first { $0.id == option }?.plan.steps.map(\.stakes) ?? []
        return ([started?.brief.stakes ?? .low] + steps).max() ?? .low
    }

    /// How much is at stake with the option that has most at stake.
    var stakes: Stakes { options.map { stakes(of: $0.id) }.max() ?? started?.brief.stakes ?? .low }
}
