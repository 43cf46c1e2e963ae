// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Where the values come from with which steps were tried, and what the policy knows of them.
struct ValueOrigins: Sendable {
    /// One argument of one try.
    struct Argument: Hashable, Sendable {
        /// The way to it, as policies write it.
        var path: String
        /// What it was.
        var value: JSONValue?
        /// Where it comes from; `nil` where nobody has said.
        var derivation: Derivation?
        /// What is known of who could have written it and who may read it.
        var label: Label?
    }

    /// The arguments of each try, in the order of the tries.
    private(set) var tries: [[Argument]] = []
    /// Which try a result is of, by its name in the trace.
    private(set) var results: [ResultID: Int] = [:]

    init(_ state: RunState) {
        let trials = state.enactment.trials
        guard !trials.isEmpty else { return }
        let (policy, tools) = (state.started?.policy ?? .standard, state.started?.tools ?? [])
        let trace = state.trace
        let rulings = PolicyEvaluation.account(policy: policy, tools: tools, trace: trace).calls
        var next = trace.calls.startIndex
        for (number, trial) in trials.enumerated() {
            // The trace has the calls in the order of the tries, and leaves out a try that it cannot name.
            var call: TraceCall?
            var labels: [String: Label] = [:]
            if next < trace.calls.endIndex, trace.calls[next].arguments == trial.step.action.arguments,
                trace.calls[next].tool == trial.step.action.tool
            {
                call = trace.calls[next]
                labels = rulings.indices.contains(next) ? rulings[next].labels : [:]
                next += 1
            }
            if let call { results[ResultID(call.id.rawValue)] = number }
            let planned = trace.plan.steps.first { $0.id == call?.step }?.arguments ?? [:]
            tries.append(Self.arguments(of: trial.step.action.arguments, planned, labels))
        }
    }

    private static func arguments(
        of value: JSONValue,
        _ planned: [String: Derivation],
        _ labels: [String: Label]
    ) -> [Argument] {
        func byPath<Element>(_ all: [String: Element]) -> [FieldPath: Element] {
            Dictionary(all.map { (FieldPath($0.key), $0.value) }) { first, _ in first }
        }
        let (planned, labels) = (byPath(planned), byPath(labels))
        let told = (value.object ?? [:]).map { FieldPath("/" + $0.key.pointerEscaped) }
        return Set(told + planned.keys + labels.keys).sorted { $0.description < $1.description }.map { path in
            Argument(
                path: path.description,
                value: path.parts(of: value).first,
                derivation: planned[path],
                label: labels[path]
            )
        }
    }
}

extension Label {
    /// Who could have written a value and who may read it, in words.
    var words: String {
        let writers = writers.isEmpty ? "nobody" : self.writers.sorted().map(\.rawValue).inWords
        let readers =
            switch self.readers {
            case .anyone: "anyone"
            case .only(let names): names.isEmpty ? "nobody" : names.sorted().inWords
            }
        return "could be written by \(writers) · may be read by \(readers)"
            + (isClosed ? " · one of a closed set, so it can carry no order" : "")
    }
}
