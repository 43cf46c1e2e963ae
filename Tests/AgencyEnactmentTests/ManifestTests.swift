// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencySchema
import Testing

/// What the tools declare of themselves: nothing of it may be made to look less dangerous without a test that fails.
@Suite struct ManifestTests {
    /// What the tools have to declare, by what they do: written down apart from them.
    private static let needed:
        [ToolName: (effect: ToolManifest.Effect, effects: EffectClass, deciding: [String: Authority])] = [
            "files.list": (.read, .pure, ["path": .object]), "files.read": (.read, .pure, ["path": .object]),
            "files.search": (.read, .pure, ["path": .object]),
            "sqlite.query": (.read, .pure, ["database": .object, "sql": .code]), "git.log": (.read, .pure, [:]),
            "git.show": (.read, .pure, ["revision": .object]), "git.diff": (.read, .pure, [:]),
            "shell.run": (.run, .transactional, ["command": .code]),
            "files.write": (.write, .transactional, ["path": .object]),
            "files.patch": (.write, .transactional, ["path": .object]),
            "files.delete": (.write, .transactional, ["path": .object]),
            "files.move": (.write, .transactional, ["from": .object, "to": .object]),
            "sqlite.execute": (.write, .transactional, ["database": .object, "sql": .code]),
            "git.commit": (.write, .transactional, [:]),
        ]

    /// What is wrong with the declarations, by what becomes of calls under them.
    private static func faults(of tools: [ToolManifest]) -> [String] {
        var faults: [String] = []
        if Set(tools.map(\.name)) != Set(needed.keys) { faults.append("other tools") }
        for tool in tools {
            guard let needed = needed[tool.name] else { continue }
            if tool.effect != needed.effect { faults.append("\(tool.name) is \(tool.effect)") }
            if tool.repeatability?.effects != needed.effects { faults.append("\(tool.name) is of another class") }
            if tool.reach == nil || tool.pays == nil || tool.isDestructive == nil {
                faults.append("\(tool.name) is silent")
            }
            let arguments = tool.parameters.json["properties"]?.object?.keys ?? []
            for argument in arguments {
                let authority = tool.arguments?[argument] ?? .undeclared
                if authority != needed.deciding[argument] ?? .none {
                    faults.append("\(tool.name) \(argument) is \(authority)")
                }
                if tool.effect != .read, authority.decides != asks(argument, of: tool, in: tools) {
                    faults.append("\(tool.name) \(argument) decides, and is not asked about")
                }
            }
            if showsToStrangers(tool, in: tools) { faults.append("what \(tool.name) shows is trusted") }
        }
        return faults
    }

    /// Whether an argument that comes from what a file holds goes back to the person.
    private static func asks(_ argument: String, of tool: ToolManifest, in tools: [ToolManifest]) -> Bool {
        let read = TraceStep(id: "s1", tool: "files.read", arguments: ["path": .brief("notes")])
        let text = Derivation.result("s1", FieldPath("output"), as: nil)
        let act = TraceStep(id: "s2", tool: tool.name, arguments: [argument: text])
        var bare = tools
        for index in bare.indices { bare[index].parameters = .any }
        let account = PolicyEvaluation.account(
            tools: bare,
            trace: Trace(
                brief: TraceBrief(text: "Look at notes."),
                plan: TracePlan(steps: [read, act]),
                results: [TraceResult(id: "r1", call: "c1", value: ["status": 0, "output": "x"])],
                calls: [
                    TraceCall(id: "c1", step: "s1", tool: "files.read", arguments: ["path": "notes"]),
                    TraceCall(id: "c2", step: "s2", tool: tool.name, arguments: [argument: "x"]),
                ]
            )
        )
        return account.calls.last?.decision == .asks
    }

    /// Whether what a tool shows could name somebody who is reached, or be shown to everybody, without a question.
    private static func showsToStrangers(_ tool: ToolManifest, in tools: [ToolManifest]) -> Bool {
        let wire = ToolManifest(
            name: "wire",
            about: "",
            parameters: .any,
            effect: .write,
            repeatability: .blind,
            reach: .leaves,
            isDestructive: false,
            pays: false,
            arguments: ["to": .recipient, "text": .none]
        )
        var bare = tools
        for index in bare.indices { bare[index].parameters = .any }
        let output = Derivation.result("s1", FieldPath("output"), as: nil)
        let calls: [(arguments: [String: Derivation], value: JSONValue)] = [
            (["to": output, "text": .model("hello", reads: [])], ["to": "x", "text": "hello"]),
            (["text": output], ["text": "x"]),
        ]
        return calls.contains { call in
            let account = PolicyEvaluation.account(
                tools: bare + [wire],
                trace: Trace(
                    brief: TraceBrief(text: "Look."),
                    plan: TracePlan(
                        steps: [
                            TraceStep(id: "s1", tool: tool.name),
                            TraceStep(id: "s2", tool: "wire", arguments: call.arguments),
                        ]
                    ),
                    results: [TraceResult(id: "r1", call: "c1", value: ["status": 0, "output": "x"])],
                    calls: [
                        TraceCall(id: "c1", step: "s1", tool: tool.name, arguments: [:]),
                        TraceCall(id: "c2", step: "s2", tool: "wire", arguments: call.value),
                    ]
                )
            )
            return account.calls.last?.decision != .asks
        }
    }

    @Test func `what the tools declare is what they do`() { #expect(Self.faults(of: Tools.manifests) == []) }

    @Test func `every declaration that is made to look less dangerous is noticed`() {
        var made = 0
        for index in Tools.manifests.indices {
            for weaken in Self.weakenings(of: Tools.manifests[index]) {
                var tools = Tools.manifests
                weaken(&tools[index])
                guard tools != Tools.manifests else { continue }
                made += 1
                #expect(!Self.faults(of: tools).isEmpty, "\(tools[index])")
            }
        }
        #expect(made >= 80)
    }

    private static func weakenings(of tool: ToolManifest) -> [(inout ToolManifest) -> Void] {
        var weakenings: [(inout ToolManifest) -> Void] = [
            { $0.effect = .read }, { $0.effect = .run }, { $0.repeatability = .pure }, { $0.repeatability = nil },
            { $0.reach = nil }, { $0.pays = nil }, { $0.isDestructive = nil },
            { $0.results?["output"]?.writers = [.tool] }, { $0.results?["output"]?.readers = .anyone },
        ]
        for (argument, authority) in tool.arguments ?? [:] {
            for other in Authority.allCases where other != authority {
                weakenings.append { $0.arguments?[argument] = other }
            }
            weakenings.append { $0.arguments?[argument] = nil }
        }
        return weakenings
    }
}
