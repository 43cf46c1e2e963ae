// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension StepTrial {
    /// One thing that is known of an effect.
    struct EffectLine: Hashable, Sendable {
        var lead: String
        var text: String
        var tone: TextStyle.Tone
    }

    /// What is known of an effect that a checkpoint does not undo; empty for one that stays in the workspace.
    func effectLines(in state: RunState) -> [EffectLine] {
        guard state.leavesWorkspace(step) else { return [] }
        let what = "\(state.effects(of: step).words); effect \(effect.short)"
        var lines = [EffectLine(lead: effectState.words, text: what, tone: effectState.tone)]
        if let question, effectState == .unknown {
            lines.append(EffectLine(lead: "? did it happen?", text: question.why, tone: .bad))
        }
        lines += reconciliations.map { one in
            let who = one.person ?? one.means.words
            return EffectLine(lead: "≟ \(one.finding.words), by \(who):", text: one.note, tone: .caution)
        }
        if reverted != nil, effectState != .undone {
            let text = "what it did outside the workspace is not undone by going back"
            lines.append(EffectLine(lead: "!", text: text, tone: .caution))
        }
        return lines
    }
}

extension EffectClass {
    /// What can be done when nobody knows whether such an effect happened, in words.
    var words: String {
        switch self {
        case .pure: "has no effect"
        case .transactional: "stays in the workspace"
        case .keyed: "its target recognises its key"
        case .probeable: "a probe can look for it"
        case .blind: "only a person can tell whether it happened"
        }
    }
}

extension EffectState {
    /// The state in words.
    var words: String {
        switch self {
        case .intended: "… intended, not observed;"
        case .done: "✓ done;"
        case .failed: "✗ failed;"
        case .unknown: "? unknown;"
        case .undone: "↩ did not happen;"
        }
    }

    var tone: TextStyle.Tone {
        switch self {
        case .done: .good
        case .failed, .unknown: .bad
        case .intended, .undone: .caution
        }
    }
}
