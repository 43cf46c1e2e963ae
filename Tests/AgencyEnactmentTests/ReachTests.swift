// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// What an action finds is resolved before it is shown, and looked at again before it is done.
@Suite(.timeLimit(.minutes(2)))
struct ReachTests {
    static func action(_ tool: ToolName, _ arguments: JSONValue) -> Action { Action(tool: tool, arguments: arguments) }

    private func authorization(_ action: Action, _ scope: ActionScope) -> Authorization {
        Authorization(
            run: "run",
            step: "s1",
            attempt: 1,
            action: action,
            actionDigest: action.digest,
            plan: Digest(of: "plan"),
            choice: 1,
            expiresAtMilliseconds: 1000,
            scope: scope
        )
    }

    @Test func `what a tool would touch is told with what is there`() async throws {
        try await Bench.with { bench async throws in
            try Data("v1".utf8).write(to: URL(fileURLWithPath: bench.directory + "/a.txt"))
            try FileManager.default.createDirectory(atPath: bench.directory + "/sub", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: bench.directory + "/link",
                withDestinationPath: "a.txt"
            )
            try FileManager.default.createSymbolicLink(atPath: bench.directory + "/way", withDestinationPath: "sub")
            func targets(_ tool: ToolName, _ arguments: JSONValue) async throws -> [ActionTarget] {
                try await bench.tools.reach(of: Self.action(tool, arguments)).targets
            }
            let file = ActionTarget(path: "a.txt", kind: "file", content: Digest(of: "v1"))
            #expect(try await targets("files.write", ["path": "a.txt", "content": "x"]) == [file])
            #expect(try await targets("files.write", ["path": ".//a.txt", "content": "x"]) == [file])
            #expect(try await targets("files.delete", ["path": "none"]) == [ActionTarget(path: "none", kind: "absent")])
            #expect(try await targets("files.delete", ["path": "sub"]) == [ActionTarget(path: "sub", kind: "folder")])
            let moved = try await targets("files.move", ["from": "a.txt", "to": "sub/b.txt"])
            #expect(moved == [file, ActionTarget(path: "sub/b.txt", kind: "absent")])
            let link = ActionTarget(path: "link", kind: "link", content: Digest(of: "a.txt"))
            #expect(try await targets("files.write", ["path": "link", "content": "x"]) == [link])
            let through = ActionTarget(path: "way/x", kind: "link", content: Digest(of: "sub"))
            #expect(try await targets("files.write", ["path": "way/x", "content": "x"]) == [through])
            let command: JSONValue = ["command": ["python3", "a.txt", "-c", "/workspace/a.txt", "sub/none", "../x"]]
            let run = try await bench.tools.reach(of: Self.action("shell.run", command))
            #expect(run.targets == [file, file, ActionTarget(path: "sub/none", kind: "absent")])
            #expect(!run.isAll)
            // What is no path is refused when it is acted on, and keeps nothing from being shown.
            #expect(try await targets("files.write", ["path": "../x", "content": "x"]) == [])
            #expect(try await targets("files.write", ["path": 1]) == [])
        }
    }

    @Test func `a long file has a digest that tells every byte of it`() async throws {
        try await Bench.with { bench async throws in
            let path = bench.directory + "/long"
            var digests: Set<Digest?> = []
            for length in [1 << 20, (1 << 20) + 1, 3 << 20] {
                for place in [nil, 0, length / 2, length - 1] {
                    var bytes = [UInt8](repeating: 7, count: length)
                    if let place { bytes[place] = 8 }
                    try Data(bytes).write(to: URL(fileURLWithPath: path))
                    let action = Self.action("files.write", ["path": "long", "content": "x"])
                    digests.insert(try await bench.tools.reach(of: action).targets.first?.content)
                }
            }
            #expect(digests.count == 12)
        }
    }

    @Test func `an action that finds something else than was shown is not done`() async throws {
        try await Bench.with { bench async throws in
            let path = bench.directory + "/a.txt"
            try Data("v1".utf8).write(to: URL(fileURLWithPath: path))
            let action = Self.action("files.write", ["path": "a.txt", "content": "new"])
            let shown = try await bench.tools.reach(of: action).targets
            let effects = Tools.manifests.first { $0.name == "files.write" }?.effects
            try Data("v2".utf8).write(to: URL(fileURLWithPath: path))
            let changed = await code {
                let permission = authorization(action, ActionScope(effects: effects, targets: shown))
                _ = try await bench.tools.act(permission, nowMilliseconds: 0)
            }
            #expect(changed == .workspaceChanged && bench.text("a.txt") == "v2")
            try Data("v1".utf8).write(to: URL(fileURLWithPath: path))
            let same = authorization(action, ActionScope(effects: effects, targets: shown))
            #expect(try await bench.tools.act(same, nowMilliseconds: 0).isSuccess)
            #expect(bench.text("a.txt") == "new")
        }
    }

    @Test func `a tool of another class than was shown is not used`() async throws {
        try await Bench.with { bench async throws in
            let action = Self.action("files.write", ["path": "a.txt", "content": "new"])
            for effects in EffectClass.allCases {
                let isSame = effects == Tools.manifests.first { $0.name == "files.write" }?.effects
                let fault = await code {
                    let permission = authorization(action, ActionScope(effects: effects))
                    _ = try await bench.tools.act(permission, nowMilliseconds: 0)
                }
                #expect(fault == (isSame ? nil : .notPermitted), "\(effects)")
                #expect(bench.exists("a.txt") == isSame)
                if isSame { try FileManager.default.removeItem(atPath: bench.directory + "/a.txt") }
            }
        }
    }

    @Test func `only what no earlier step can have changed is bound`() async {
        func step(_ id: StepID, _ path: String, after: [StepID] = []) -> Step {
            Step(id: id, intent: "i", action: Self.action("t", ["path": .string(path)]), after: after)
        }
        func bound(_ steps: [Step], opaque: Set<String> = []) async -> [String] {
            let proposal = Proposal(id: "p1", title: "t", summary: "s", plan: Plan(steps: steps))
            let found = await proposal.targets { action -> ActionReach in
                let path = action.arguments["path"]?.string ?? ""
                return ActionReach([ActionTarget(path: path, kind: "file")], isAll: !opaque.contains(path))
            }
            return found.map { "\($0.step) \($0.target.path)" }
        }
        #expect(await bound([step("s1", "a"), step("s2", "b"), step("s3", "a")]) == ["s1 a", "s2 b"])
        #expect(await bound([step("s1", "d/a"), step("s2", "d"), step("s3", "da")]) == ["s1 d/a", "s3 da"])
        #expect(await bound([step("s1", "d"), step("s2", "d/a/b")]) == ["s1 d"])
        #expect(await bound([step("s1", "a"), step("s2", "b")], opaque: ["a"]) == ["s1 a"])
        #expect(await bound([step("s1", "a", after: ["s2"]), step("s2", "b")], opaque: ["b"]) == ["s2 b"])
    }
}
