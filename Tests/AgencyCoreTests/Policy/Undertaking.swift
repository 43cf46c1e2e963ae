// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A trace under construction, with the tools of an office.
struct Undertaking {
    var brief = "Read Bob's letter and answer carol@example.com. Pay 98.70 to DE89370400440532013000 for the desk."
    var steps: [TraceStep] = []
    var results: [TraceResult] = []
    var calls: [TraceCall] = []
    var endorsements: [Endorsement] = []
    var mandates: [Mandate] = []
    var isChosen = true

    var trace: Trace {
        Trace(
            brief: TraceBrief(text: brief),
            plan: TracePlan(steps: steps, isChosen: isChosen),
            results: results,
            calls: calls,
            endorsements: endorsements,
            mandates: mandates
        )
    }

    /// Plans a call and attempts it with the same values; what is read is attempted with what is given.
    mutating func does(
        _ tool: ToolName,
        _ arguments: [String: Derivation] = [:],
        with values: JSONObject = [:],
        under: [TraceStep.Guard] = [],
        origin: [Derivation] = []
    ) {
        let number = steps.count + 1
        steps.append(TraceStep(id: "s\(number)", tool: tool, arguments: arguments, under: under, origin: origin))
        var complete = values
        for (name, derivation) in arguments where complete[name] == nil {
            switch derivation {
            case .brief(let value), .model(let value, _): complete[name] = value
            default: break
            }
        }
        calls.append(TraceCall(id: "c\(number)", step: "s\(number)", tool: tool, arguments: .object(complete)))
    }

    /// Reads the letter, which anybody could have written, in the first step.
    mutating func readsLetter(_ body: String = "Dear Ann, the desk is 98.70.", sender: String = "bob@evil.test") {
        does("mail.read", ["which": .brief("Bob")])
        let letter: JSONValue = ["sender": .string(sender), "body": .string(body), "amount": 98.7, "number": "m1"]
        results.append(TraceResult(id: "letter", call: "c\(calls.count)", value: letter))
    }

    func rulings(_ policy: Policy = .standard, tools: [ToolManifest] = Self.tools) -> [PolicyRuling] {
        PolicyEvaluation.account(policy: policy, tools: tools, trace: trace).calls
    }

    /// What becomes of the last call.
    func last(_ policy: Policy = .standard, tools: [ToolManifest] = Self.tools) -> PolicyRuling? {
        rulings(policy, tools: tools).last
    }

    static let body = Derivation.result("letter", FieldPath("body"), as: nil)
    static let sender = Derivation.result("letter", FieldPath("sender"), as: nil)
    static let number = Derivation.result("letter", FieldPath("number"), as: nil)

    static let anyone = ResultLabel(writers: [.anyone], readers: .person, repeats: [])
    static let own = ResultLabel(writers: [.tool], readers: .person, repeats: [])

    static let tools: [ToolManifest] = [
        tool("mail.read", .read, ["which": .none], .local, "mail", results: ["": anyone, "number": own]),
        tool("mail.send", .write, ["to": .recipient, "body": .none], .leaves, "mail", isGrave: false),
        tool("bank.pay", .write, ["to": .recipient, "amount": .amount, "note": .none], .leaves, "bank", isGrave: true),
        tool("files.read", .read, ["path": .object], .local, "files", results: ["": own]),
        tool("files.write", .write, ["path": .object, "text": .none], .local, "files", isGrave: false),
        tool("files.run", .run, ["command": .code], .local, "files", isGrave: false),
        tool("web.fetch", .read, ["url": .recipient], .leaves, "web"),
        tool("wall.post", .write, ["text": .none], .leaves, "wall", isGrave: false),
        ToolManifest(name: "riddle", about: "", parameters: .any, effect: .write),
    ]

    private static func tool(
        _ name: ToolName,
        _ effect: ToolManifest.Effect,
        _ arguments: [String: Authority],
        _ reach: Reach,
        _ place: String,
        isGrave: Bool? = nil,
        results: [String: ResultLabel]? = nil
    ) -> ToolManifest {
        ToolManifest(
            name: name,
            about: "",
            parameters: .any,
            effect: effect,
            repeatability: effect == .read ? .pure : reach == .local ? .transactional : .blind,
            reach: reach,
            isDestructive: isGrave.map { _ in false },
            pays: isGrave,
            arguments: arguments,
            results: results,
            place: place
        )
    }
}
