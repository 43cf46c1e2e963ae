// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension Leanings {
    /// What a plan decides by values that a role wrote after reading what anybody could have written, and that the brief
    /// does not name; `nil` where there is none.
    public func inWords(_ option: Proposal) -> String? {
        let steps = Dictionary(grouping: of(option)) { $0.askedAt?.rawValue ?? "" }
        let places = (option.plan.ordered ?? option.plan.steps).compactMap { step in
            // What was read and is asked about now was chosen by no role.
            let read = option.parent.flatMap { state.proposals[$0]?.plan.step(step.id)?.holes }?.map(\.argument) ?? []
            let names = (steps[step.id.rawValue] ?? []).compactMap { $0.argument?.description }
                .filter { !read.contains($0) }
            return names.isEmpty ? nil : "\(step.id) " + names.joined(separator: ", ")
        }
        return places.isEmpty ? nil : places.joined(separator: "; ")
    }
}

extension Proposal {
    /// What is filled with what is read while the plan is carried out; `nil` where there is none.
    public var holesInWords: String? {
        let holes = (plan.ordered ?? plan.steps).flatMap { step in
            (step.holes ?? []).map { "\(step.id) \($0.argument) from \($0.step) \($0.field)" }
        }
        return holes.isEmpty ? nil : holes.joined(separator: "; ")
    }
}

extension Proposal {
    /// From when its judgements are, where it is asked about in the middle of a run: `judged as p1, before this was known`.
    public func judgedInWords(in state: RunState) -> String { "judged as \(state.judged(self)), before this was known" }
}

extension Notice {
    /// What the options that matter decide by values that were written after reading the workspace.
    static func leanings(_ state: RunState) -> [Notice] {
        let chosen = state.enactment.proposal.flatMap { state.proposals[$0] }
        let leanings = Leanings(state)
        return (state.choice == nil ? state.options : [chosen].compactMap(\.self)).compactMap { option in
            leanings.inWords(option).map {
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
