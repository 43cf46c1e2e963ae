// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension RunState {
    /// How the run stands, in one sentence.
    var outcomeSentence: String {
        if let finished { return "\(finished.outcome.rawValue.capitalizedFirst): \(finished.summary)".asSentence }
        switch status {
        case .notStarted: return "Nothing has happened yet."
        case .stopped: return "Stopped by a person at stage “\(currentStage?.word ?? "the end")”."
        case .paused: return "Paused by a person at stage “\(currentStage?.word ?? "the end")”."
        case .running, .finished: break
        }
        switch agenda() {
        case .perform(let orders):
            return "Under way at stage “\(currentStage?.word ?? "?")”: \(orders.count.counted("episode")) to perform."
        case .iterate: return "Under way: \((iteration?.number ?? 0).grouped) small steps taken."
        case .requestChoice, .wait(.choice):
            return "Waiting for a person to choose: \(options.map(\.id.rawValue).inWords), or none of it."
        case .wait(.stalled(let why)): return "Stalled: \(why)".asSentence
        case .wait(.paused): return "Paused by a person."
        case .wait(.reconcile(let step)): return "Waiting for a person to say whether step \(step) happened."
        case .reconcile(let step): return "Nobody knows yet whether step \(step) happened; resuming finds out."
        case .uphold, .checkpoint, .fill, .enact, .settle, .revert: return "Being enacted: \(enactmentWords)."
        case .settleGoals: return "Enacted; the goals are being settled."
        case .finish(let end): return end.summary.asSentence
        case .nothing: return "Nothing is due."
        }
    }

    private var enactmentWords: String {
        let count = enactment.plan?.steps.count ?? 0
        return
            "\(enactment.done.count) of \(count.counted("step")) of \(enactment.proposal?.rawValue ?? "the plan") done"
    }

    /// Whether the outcome is good, bad or open.
    var outcomeTone: TextStyle.Tone {
        switch finished?.outcome {
        case .done, .chosen: .good
        case .declined: .quiet
        case .halted, .unmet: .bad
        case nil: status == .stopped ? .bad : .caution
        }
    }

    /// The goals with their depth in the tree, from the top.
    var goalRows: [(depth: Int, goal: Goal, outcome: Settlement?)] {
        func rows(_ goals: [Goal], _ depth: Int) -> [(Int, Goal, Settlement?)] {
            goals.flatMap { goal in
                [(depth, goal, goalOutcomes.first { $0.goal == goal.id }?.settlement)] + rows(goal.goals, depth + 1)
            }
        }
        return rows(goals, 0)
    }

    /// Whether a goal is reached: by its own check, and by all goals below it; `nil` while that is not known.
    func isReached(_ goal: Goal) -> Bool? {
        var all: [Bool?] = goal.goals.map(isReached)
        if goal.check != nil { all.append(goalOutcomes.first { $0.goal == goal.id }?.settlement.outcome) }
        if all.contains(false) { return false }
        return all.isEmpty || all.contains(nil) ? nil : true
    }
}

extension Choice.Verdict {
    /// The verdict in words.
    var words: String {
        switch self {
        case .option(let id): "chose \(id)"
        case .sendBack: "sent the work back"
        case .none: "chose none"
        }
    }
}

extension Plan {
    /// The steps in the order of enactment, or as written when they wait for one another in a circle.
    var inOrder: [Step] { ordered ?? steps }

    /// The first step that nothing undoes.
    var pointOfNoReturn: Step? { inOrder.first { $0.reversibility == .irreversible } }

    /// What the plan is, in a line.
    var outline: String {
        let stakes = steps.map(\.stakes).max()
        return [
            steps.count.counted("step"), stakes.map { "stakes up to \($0.rawValue)" },
            pointOfNoReturn.map { "point of no return: \($0.id)" } ?? "every step can be undone or made up for",
        ].compactMap(\.self).joined(separator: " · ")
    }
}

extension StepTrial {
    /// What became of the try, in a line.
    var fate: String {
        if let reverted { return "reverted: \(reverted.reason.title)" }
        if checkpoint != nil { return "kept" }
        if halt != nil { return "halted" }
        return result == nil ? "under way" : "observed"
    }

    /// Whether it stands, was undone, or is open.
    var tone: TextStyle.Tone {
        if reverted != nil || halt != nil { return .bad }
        return checkpoint == nil ? .caution : .good
    }
}
