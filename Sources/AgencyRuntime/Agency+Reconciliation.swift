// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

extension Agency {
    /// What a person can say of an action of which nobody knows whether it happened.
    public enum Word: String, Sendable, Hashable, CaseIterable {
        /// It happened: the step is settled and enactment goes on.
        case happened
        /// It did not happen: the step is due again.
        case didNotHappen = "did-not-happen"
        /// It stays open: the step is given up and enactment halts.
        case leave
    }

    /// Records a person's word on whether a step's action happened.
    ///
    /// - Parameters:
    ///   - word: What the person says.
    ///   - step: The step that the person was asked about.
    ///   - run: The run.
    ///   - question: The position in the ledger of the question that the person saw; `nil` for the one that is open.
    ///   - person: Who says so.
    ///   - reason: How the person knows; must say something.
    /// - Returns: The state after it.
    /// - Throws: ``RuntimeError``: `.notNow` when nobody is asked about that step, `.stale` when another question is open
    ///   than the one that was seen, `.badInput` without a reason.
    @discardableResult
    public func reconcile(
        _ word: Word,
        step: StepID,
        in run: RunID,
        question: Int? = nil,
        by person: Person,
        reason: String
    ) async throws -> RunState {
        guard !reason.trimmingWhitespace.isEmpty else {
            throw RuntimeError(.badInput, "this needs a reason: say how you know")
        }
        var journal = try await journal(of: run)
        try await journal.append { state in
            guard state.status == .running || state.status == .paused else {
                throw RuntimeError(.notNow, "run \(run) is over: \(state.statusWord)")
            }
            guard let (asked, sequence) = state.openQuestion, asked.step == step else {
                throw RuntimeError(
                    .notNow,
                    "run \(run) does not ask whether \(step) happened; it is at: \(state.whereabouts)"
                )
            }
            guard question == nil || question == sequence else {
                throw RuntimeError(
                    .stale,
                    "another question is open than the one you saw; look again: agency show \(run)"
                )
            }
            let event = StepReconciled(
                step: step,
                effect: asked.effect,
                finding: word.finding,
                means: .person,
                result: word == .happened ? ToolResult(status: 0, output: "\(person.name) says that it happened") : nil,
                note: reason,
                person: person.name,
                identifiedBy: person.identifiedBy
            )
            return [.stepReconciled(event)]
        }
        return journal.state
    }
}

extension Agency.Word {
    fileprivate var finding: StepReconciled.Finding {
        switch self {
        case .happened: .happened
        case .didNotHappen: .absent
        case .leave: .left
        }
    }
}
