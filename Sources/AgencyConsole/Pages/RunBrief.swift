// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime

/// What the inbox says of a run besides its row: what is at stake, what is asked, what is alarming, and what it has cost.
struct RunBrief: Sendable {
    let stakes: Stakes
    /// Where it is, and what it waits for.
    let whereabouts: String
    /// What nobody may pass over, most of it only counted.
    let alarms: [String]
    /// What was spent, of what was computed beforehand.
    let cost: String
    /// Until when there is time to choose, in milliseconds since 1970 UTC, where that ends.
    let deadline: Int64?
    /// How many persons have to choose, where that is more than one, and how many have.
    let persons: String?

    init(_ state: RunState) {
        stakes = state.stakes
        deadline = state.openDeadline
        whereabouts = state.whereabouts
        alarms = Report.alarms(of: state)
        var cost = "\(state.episodes.values.count(where: \.isOver)) episodes"
        if let started = state.started {
            cost += " of \(started.architecture.bounds(for: started.brief, profiles: []).episodes) at most"
        }
        self.cost = cost + ", \(state.spent.inputTokens + state.spent.outputTokens) tokens, \(state.spent.money)"
        if state.currentStage?.word == "choose", state.personsNeeded > 1 {
            persons = "\(state.votes.count) of \(state.personsNeeded) persons have chosen"
        } else {
            persons = nil
        }
    }
}
