// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Timeline.Kind {
    /// The class of its bars.
    var look: String {
        switch self {
        case .completed: "oa-span"
        case .recorded: "oa-span-hollow"
        case .failed: "oa-span-failed"
        case .underWay: "oa-span-open"
        case .waiting: "oa-span-wait"
        case .paused: "oa-span-paused"
        case .kept: "oa-span-kept"
        case .undone: "oa-span-undone"
        }
    }
}

extension Timeline.Mark.Sign {
    var look: String {
        switch self {
        case .choice, .question, .act: "oa-bold"
        case .stop: "oa-bold oa-caution"
        case .back: "oa-bold oa-bad"
        }
    }

    /// What it stands for.
    var words: String {
        switch self {
        case .choice: "choice"
        case .question: "question"
        case .act: "another act of a person"
        case .stop: "pause, stop or lapse"
        case .back: "steps undone"
        }
    }
}
