// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Role.Kind {
    /// The inputs that make sense for episodes of this kind, in the order in which declarations list them.
    public var sensibleReads: [Role.Input] {
        switch self {
        case .propose: [.brief, .actions, .tree, .reason, .proposal, .critique, .observations]
        case .critique: [.brief, .actions, .tree, .proposal, .reason]
        // No other evaluation and no critique: evaluations are independent of one another.
        case .evaluate, .redTeam: [.brief, .actions, .tree, .proposal, .changes, .observations, .reason]
        case .explain:
            [.brief, .actions, .tree, .proposals, .evaluations, .changes, .observations, .reason, .question]
        case .update: [.brief, .actions, .tree, .proposal, .observations, .reason]
        case .verify:
            [
                .brief, .actions, .tree, .proposal, .critique, .proposals, .evaluations, .observations, .reason,
                .question,
                .changes, .output,
            ]
        case .advance: [.brief]
        case .enact: []
        }
    }

    /// The inputs without which episodes of this kind cannot do their work.
    public var neededReads: [Role.Input] {
        switch self {
        case .propose: [.brief, .actions]
        case .critique, .evaluate, .redTeam: [.brief, .proposal]
        case .explain: [.brief, .proposals]
        case .update: [.brief, .actions, .proposal, .observations]
        case .verify: [.output]
        case .advance, .enact: []
        }
    }
}
