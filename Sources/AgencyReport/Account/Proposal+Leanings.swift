// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension Proposal {
    /// What the plan decides by values that a role wrote after reading what anybody could have written, and that the brief
    /// does not name; `nil` where there is none.
    public func leanings(in state: RunState) -> String? {
        let steps = Dictionary(grouping: state.leanings(of: self)) { $0.askedAt?.rawValue ?? "" }
        let places = (plan.ordered ?? plan.steps).compactMap { step in
            steps[step.id.rawValue].map { reasons in
                "\(step.id) " + reasons.compactMap { $0.argument?.description }.joined(separator: ", ")
            }
        }
        return places.isEmpty ? nil : places.joined(separator: "; ")
    }
}

extension Notice {
    /// What the options that matter decide by values that were written after reading the workspace.
    static func leanings(_ state: RunState) -> [Notice] {
        let chosen = state.enactment.proposal.flatMap { state.proposals[$0] }
        return (state.choice == nil ? state.options : [chosen].compactMap(\.self)).compactMap { option in
            option.leanings(in: state).map {
                Notice(
                    weight: .note,
                    kind: "values from reading",
                    place: option.id.rawValue,
                    text: "Chosen by a role that had read the workspace, and not named in the brief: \($0)."
                )
            }
        }
    }
}
