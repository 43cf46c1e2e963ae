// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// What it takes to decide a call by where its values come from.
enum PolicyCost {
    static func measure(calls: Int, count: Int) throws {
        let tools = [
            ToolManifest(
                name: "mail.read",
                about: "Shows a letter.",
                parameters: .object(["which": .string()]),
                effect: .read,
                repeatability: .pure,
                reach: .local,
                arguments: ["which": .none],
                results: ["": ResultLabel(writers: [.anyone], readers: .person, repeats: [])],
                place: "mail"
            ),
            ToolManifest(
                name: "mail.send",
                about: "Sends a letter.",
                parameters: .object(["to": .string(), "text": .string()]),
                effect: .write,
                repeatability: .blind,
                reach: .leaves,
                isDestructive: false,
                pays: false,
                arguments: ["to": .recipient, "text": .none],
                place: "mail"
            ),
        ]
        let trace = trace(calls: calls)
        guard
            PolicyEvaluation.account(tools: tools, trace: trace).calls.count(where: { $0.decision == .asks }) == calls
                / 2
        else { throw UsageFault("the calls are not decided as they should be") }
        let sample = Sample(
            (0..<count).map { _ in seconds { _ = PolicyEvaluation.account(tools: tools, trace: trace) } / Double(calls)
            }
        )
        Figure.report("policy: a call decided, of \(calls) in a trace, p50", sample.median * 1e6, "µs")
    }

    /// Letters that are read and answered, each with a text and to an address from the letter.
    private static func trace(calls: Int) -> Trace {
        let about = String(repeating: "The office answers every letter within a day and keeps a copy. ", count: 100)
        var trace = Trace(brief: TraceBrief(text: about), plan: TracePlan(steps: []))
        for number in stride(from: 1, to: calls, by: 2) {
            let read = StepID("s\(number)")
            let answer = StepID("s\(number + 1)")
            let field = { (name: String) in Derivation.result(ResultID(read.rawValue), FieldPath(name), as: nil) }
            trace.plan.steps.append(
                TraceStep(id: read, tool: "mail.read", arguments: ["which": .model("the latest", reads: [])], after: [])
            )
            trace.plan.steps.append(
                TraceStep(
                    id: answer,
                    tool: "mail.send",
                    arguments: ["to": field("sender"), "text": .extract([field("body")], as: nil)],
                    after: [read]
                )
            )
            let sender: JSONValue = .string("writer\(number)@example.org")
            trace.results.append(
                TraceResult(
                    id: ResultID("r\(number)"),
                    call: CallID("c\(number)"),
                    value: ["sender": sender, "body": "Good day, could you tell me when the library opens on Sunday?"]
                )
            )
            trace.calls.append(
                TraceCall(id: CallID("c\(number)"), step: read, tool: "mail.read", arguments: ["which": "the latest"])
            )
            trace.calls.append(
                TraceCall(
                    id: CallID("c\(number + 1)"),
                    step: answer,
                    tool: "mail.send",
                    arguments: ["to": sender, "text": "Good day, it opens at ten on Sunday, and closes at six."]
                )
            )
        }
        return trace
    }
}
