// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// That something hides in a text of a run.
public struct HiddenText: Hashable, Sendable {
    /// Which text.
    public var place: String
    /// What hides in it, in words.
    public var summary: String

    /// Says so.
    public init(place: String, summary: String) {
        self.place = place
        self.summary = summary
    }
}

extension RunState {
    /// The texts of the run in which something hides or passes for something else, as it stands at a choice.
    public var hiddenTexts: [HiddenText] {
        let texts: [(place: String, text: JSONValue?)] =
            [("the brief", started.flatMap { try? JSONValue(encoding: $0.brief) })]
            + proposals.values.sorted { $0.id < $1.id }.map { ("proposal \($0.id)", try? JSONValue(encoding: $0)) }
            + critiques.sorted { $0.key < $1.key }.map {
                ("the critique of \($0.key)", try? JSONValue(encoding: $0.value))
            }
            + evaluations.map { ("the evaluation of \($0.proposal) by \($0.role)", try? JSONValue(encoding: $0)) }
            + dissents.map { ("a dissent of \($0.role)", .string($0.statement)) }
            + [("the explanation", explanation.flatMap { try? JSONValue(encoding: $0) })]
            + enactment.trials.map {
                ("what step \($0.step.id) showed, try \($0.attempt)", $0.result.map { .string($0.output) })
            }
        return texts.compactMap { place, text in
            text.flatMap { TextScan.summary(of: $0.scanned) }.map { HiddenText(place: place, summary: $0) }
        }
    }
}
