// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

@Suite(.timeLimit(.minutes(2)))
struct ToolsTests {
    @Test func `every manifest is sound and every name its own`() {
        let manifests = Tools.manifests
        #expect(Set(manifests.map(\.name)).count == manifests.count)
        for manifest in manifests { #expect(manifest.parameters.faults().isEmpty, "\(manifest.name)") }
        #expect(manifests.filter { $0.effect == .run }.map(\.name) == ["shell.run"])
    }

    @Test func `an authorisation that has lapsed is refused`() async throws {
        try await Bench.with { bench async throws in
            let action = Action(tool: "files.write", arguments: ["path": "x", "content": "y"])
            let fault = await code {
                _ = try await bench.tools.act(Bench.authorization(action, expires: 5), nowMilliseconds: 5)
            }
            #expect(fault == .expired && !bench.exists("x"))
            let result = try await bench.tools.act(Bench.authorization(action, expires: 5), nowMilliseconds: 4)
            #expect(result.isSuccess && bench.text("x") == "y")
        }
    }

    @Test func `an action other than the chosen one is refused`() async throws {
        try await Bench.with { bench async throws in
            let chosen = Action(tool: "files.write", arguments: ["path": "x", "content": "y"])
            let other = Action(tool: "files.write", arguments: ["path": "x", "content": "z"])
            let fault = await code {
                _ = try await bench.tools.act(Bench.authorization(other, chosen: chosen), nowMilliseconds: 0)
            }
            #expect(fault == .notPermitted && !bench.exists("x"))
        }
    }

    @Test func `a look cannot change, and a step that merely looks changes nothing`() async throws {
        try await Bench.with { bench async throws in
            for manifest in Tools.manifests where manifest.effect == .write {
                // Refused whatever the arguments, or for them.
                let fault = await code { _ = try await bench.look(manifest.name, ["path": "x", "content": "y"]) }
                #expect(fault == .notPermitted || fault == .badArguments, "\(manifest.name)")
            }
            let write = await code { _ = try await bench.look("files.write", ["path": "x", "content": "y"]) }
            #expect(write == .notPermitted && !bench.exists("x"))
            let ways: [(ToolName, JSONValue)] = [
                ("files.list", [:]), ("files.read", ["path": "notes.txt"]),
                ("sqlite.query", ["database": "none.db", "sql": "create table t (a)"]),
            ]
            for (tool, arguments) in ways { _ = try? await bench.act(tool, arguments) }
            #expect(!bench.exists("none.db"))
        }
    }

    @Test func `unknown tools and misshapen arguments are refused`() async throws {
        try await Bench.with { bench async throws in
            #expect(await code { _ = try await bench.look("files.steal", [:]) } == .noSuchTool)
            for arguments: JSONValue in [[:], ["path": 1], ["path": "a", "extra": true], "path", ["path": ""]] {
                #expect(await code { _ = try await bench.look("files.read", arguments) } == .badArguments)
            }
            #expect(await code { _ = try await bench.look("shell.run", ["command": "rm -rf /"]) } == .badArguments)
            #expect(await code { _ = try await bench.look("shell.run", ["command": ["a\0b"]]) } == .badArguments)
        }
    }

    @Test func `a forecast is settled by looking`() async throws {
        try await Bench.with { bench async throws in
            func settle(_ tool: ToolName, _ arguments: JSONValue, _ expect: AgencyCore.Expectation) async -> Settlement
            {
                let check = Check(tool: tool, arguments: arguments, expect: expect)
                return await bench.tools.settle(Forecast(statement: "it is so", check: check, probability: 0.9))
            }
            let met = await settle("files.read", ["path": "notes.txt"], .contains("two"))
            #expect(met.outcome == true && met.observed == "one\\ntwo\\nthree" && met.probability == 0.9)
            let unmet = await settle("shell.run", ["command": ["false"]], .exitStatus(0))
            #expect(unmet.outcome == false && unmet.observed == "exit status 1" && unmet.expected == "exit status 0")
            let failed = await settle("files.read", ["path": "none"], .contains("x"))
            #expect(failed.outcome == nil && failed.observed.contains("No such file"))
            let untried = await settle("files.write", ["path": "x", "content": "y"], .exitStatus(0))
            #expect(untried.outcome == nil && untried.observed.hasPrefix("not permitted") && !bench.exists("x"))
            let escaped = await settle("shell.run", ["command": ["printf", "\\033[31mred\\007"]], .contains("red"))
            #expect(escaped.outcome == true && escaped.observed == "‹U+001B›[31mred‹U+0007›")
            let long = await settle("shell.run", ["command": ["python3", "-c", "print('x' * 400000)"]], .contains("y"))
            #expect(long.outcome == nil && long.observed.count < 450)
        }
    }

    @Test func `git looks show what there is`() async throws {
        try await Bench.with { bench async throws in
            let log = try await bench.look("git.log", ["count": 1])
            #expect(log.output.hasSuffix(": first\n"))
            #expect(try await bench.look("git.diff", [:]).output.isEmpty)
            try bench.write("notes.txt", "one\n2\nthree\n")
            try bench.write("new.txt", "x")
            let difference = try await bench.look("git.diff", [:]).output
            #expect(difference.contains("-two\n+2") && difference.contains("?? new.txt"))
            #expect(try await bench.look("git.show", ["revision": "HEAD"]).output.contains("+two"))
            let option = try await bench.look("git.show", ["revision": "--output=/workspace/x"])
            #expect(!option.isSuccess && !bench.exists("x"))
        }
    }

    @Test func `a commit takes everything and names its author`() async throws {
        try await Bench.with { bench async throws in
            try bench.write("new.txt", "x")
            let result = try await bench.act("git.commit", ["message": "Add a file; $(touch evil)\n\n# not a comment"])
            #expect(result.isSuccess && result.output.contains("Add a file; $(touch evil)"))
            #expect(try await bench.git("log", "-1", "--format=%an %ae") == "OpenAgency openagency@localhost")
            #expect(try await bench.git("status", "--porcelain").isEmpty && !bench.exists("evil"))
            try await bench.host("git", ["-C", bench.directory, "config", "user.name", "Somebody"])
            try bench.write("more.txt", "x")
            _ = try await bench.act("git.commit", ["message": "more"])
            #expect(try await bench.git("log", "-1", "--format=%an") == "Somebody")
            #expect(try await bench.act("git.commit", ["message": "nothing"]).status == 1)
        }
    }
}
