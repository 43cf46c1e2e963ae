// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencySchema
import Foundation
import Testing

@Suite struct CheckTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let dangerous = Dangerous.form + Dangerous.duties + Dangerous.rest

    @Test(arguments: dangerous)
    func `what is dangerous is found by exactly the rule that is meant for it`(dangerous: Dangerous) throws {
        let report = Declaration.check(try dangerous.sheets())
        let found = report.faults.map { "\($0.rule.id) \($0.file):\($0.line):\($0.column)" }
        #expect(found == ["\(dangerous.rule.id) \(dangerous.place)"], "\(report.faults)")
        #expect(report.faults.allSatisfy { !$0.message.isEmpty && !$0.hint.isEmpty })
        let isError = report.faults.contains { $0.severity == .error }
        #expect(report.passes == !isError)
        #expect(isError || dangerous.rule.severity != .error)
    }

    @Test(arguments: dangerous.filter { !$0.rule.isFirm && $0.rule != .staleAcceptance })
    func `whoever makes a rule an error has its findings refused`(dangerous: Dangerous) throws {
        let settings = "severities:\n  \(dangerous.rule.id): {severity: error, reason: Not here.}\n"
        let report = Declaration.check(try dangerous.sheets(settings: settings))
        #expect(!report.passes)
        #expect(report.record?.findings.map(\.severity) == [.error])
    }

    @Test func `every rule has a dangerous architecture that only it finds, and there are more than fifty of those`() {
        #expect(Set(Self.dangerous.map(\.rule)) == Set(Rule.all.filter { $0.matter != .plans }))
        #expect(Self.dangerous.count > 50)
    }

    @Test(arguments: [Sound.board, Sound.council, Sound.tower])
    func `nothing is found in what is sound`(text: String) throws {
        let sheets = Sheets(
            architecture: .init(file: "a", text: text),
            brief: .init(file: "b", text: Sound.brief),
            profiles: .init(file: "p", text: Sound.profiles),
            settings: .init(file: "s", text: Sound.settings),
            tools: Sound.tools
        )
        let report = Declaration.check(sheets)
        #expect(report.faults.isEmpty, "\(report.faults)")
        #expect(report.passes)
        #expect(report.record?.settings.severities.map(\.rule) == ["OA024"])
        #expect(Declaration.check(Sheets(architecture: .init(file: "a", text: text))).record == nil)
    }

    @Test(arguments: Stock.architectures.map(\.name)) func `a stock architecture is clean`(name: String) throws {
        let text = try #require(Stock.architecture(name)?.text)
        let alone = Declaration.check(Sheets(architecture: .init(file: name, text: text), tools: Samples.tools))
        // These samples do not declare their effects, which is a matter of the tools.
        #expect(alone.faults.filter { $0.rule != .undeclaredEffects }.isEmpty, "\(alone.faults)")
        let starters = Declaration.check(
            Sheets(
                architecture: .init(file: name, text: text),
                brief: .init(file: "brief.md", text: Stock.brief),
                profiles: .init(file: "agency.yaml", text: Stock.profiles)
            )
        )
        // The starter profiles name two models of one maker: what a judge of another family would be better for.
        #expect(starters.passes)
        #expect(Set(starters.faults.map(\.rule)) == [.relatedJudge], "\(starters.faults)")
    }

    @Test func `the examples are clean`() throws {
        let folder = Self.root.appendingPathComponent("Examples/hanoi")
        func sheet(_ name: String) throws -> Sheets.Sheet {
            .init(file: name, bytes: Array(try Data(contentsOf: folder.appendingPathComponent(name))))
        }
        let report = Declaration.check(
            Sheets(architecture: try sheet("tower.yaml"), profiles: try sheet("profiles.yaml"), tools: Sound.tools)
        )
        #expect(report.faults.isEmpty, "\(report.faults)")
        let readme = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        let shown = try #require(readme.split(separator: "```yaml\n").dropFirst().first?.split(separator: "```").first)
        let board = Declaration.check(Sheets(architecture: .init(file: "README.md", text: String(shown))))
        #expect(board.passes && board.faults.isEmpty, "\(board.faults)")
    }

    @Test func `absurd numbers and schemas that refer to themselves in every way are checked in good time`() throws {
        var definitions: JSONObject = ["d0": ["type": "integer"]]
        for level in 1...60 {
            let below: JSONValue = ["$ref": .string("#/$defs/d\(level - 1)")]
            definitions["d\(level)"] = [
                "type": "object", "properties": ["a": below, "b": below], "additionalProperties": false,
            ]
        }
        let schemas: [JSONValue] = [
            ["$ref": "#/$defs/d60", "$defs": .object(definitions)], ["$ref": "#"],
            ["anyOf": [["$ref": "#"], ["$ref": "#"]]], ["type": "array", "items": ["$ref": "#"]],
        ]
        for schema in schemas {
            var mover = Role(name: "mover", kind: .advance, performer: "p", instructions: "i", reads: [.brief])
            mover.state = JSONSchema(schema)
            let architecture = Architecture(name: "a", roles: [mover], flow: [.iterate(role: "mover", atMost: 1)])
            #expect(architecture.findings().map(\.rule) == [.freeTextState])
        }
        let flow: [Stage] = [
            .propose(role: "p", count: .max), .critique(role: "p", rounds: .min), .evaluate(roles: ["p", "p"]),
            .iterate(role: "p", atMost: .max), .choose(expires: .min, returns: .max), .enact(role: "p", surprise: .nan),
            .update(role: "p", atMost: .min), .enact(role: "p", surprise: .infinity), .probe(role: "p", times: .max),
        ]
        let absurd = Architecture(name: "", roles: [Role(name: "p", kind: .propose)], flow: flow + flow)
        #expect(absurd.findings(tools: Sound.tools, profiles: []).contains { $0.rule == .noBound })
        #expect(absurd.loops.allSatisfy { !$0.what.isEmpty })
        let many = (0..<3000).map { Role(name: RoleName("r\($0)"), kind: .propose, reads: [.proposal]) }
        #expect(Architecture(name: "a", roles: many, flow: []).faults().contains { $0.rule == .outOfLimits })
    }

    @Test func `every rule has a page that names it, says why, and shows what it finds`() throws {
        for rule in Rule.all {
            let page = try String(contentsOf: Self.root.appendingPathComponent(rule.page), encoding: .utf8)
            #expect(page.hasPrefix("# \(rule.id) \(rule.name)\n\n\(rule.title)\n"), "\(rule.page)")
            #expect(page.contains("**\(rule.severity.rawValue)**"), "\(rule.page)")
            #expect(page.contains("\n## Why\n"), "\(rule.page)")
            #expect(page.contains("\n## What to do\n"), "\(rule.page)")
        }
        let folder = Self.root.appendingPathComponent("docs/rules").path
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(pages) == Set(Rule.all.map { "\($0.id).md" }))
    }

    @Test(arguments: dangerous.filter { $0.rule.isFirm && $0.place.hasPrefix("architecture") })
    func `what is an error is refused by reading, as it is before a run`(dangerous: Dangerous) throws {
        let sheets = try dangerous.sheets()
        let profiles = try Declaration.readProfiles(text: Sound.profiles, file: "p")
        let error = try #require(throws: DeclarationError.self) {
            try Declaration.readArchitecture(
                bytes: sheets.architecture.bytes,
                file: "architecture",
                tools: sheets.tools,
                profiles: profiles
            )
        }
        let found = error.faults.map { "\($0.rule.id) \($0.file):\($0.line):\($0.column)" }
        #expect(found == ["\(dangerous.rule.id) \(dangerous.place)"])
        #expect(error.description.contains("[\(dangerous.rule.id)]"))
    }

    @Test func `numbers and names of rules are unique and in order`() {
        let ids = Rule.all.map(\.id)
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(Set(Rule.all.map(\.name)).count == ids.count)
        #expect(ids.allSatisfy { $0.count == 5 && $0.hasPrefix("OA") })
    }
}
