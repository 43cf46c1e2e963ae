// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
@testable import AgencyDeclaration
import AgencySchema
import Testing

@Suite struct SchemaTests {
    @Test(arguments: DeclarationSchema.names) func `every keyword of a schema is understood`(name: String) throws {
        let schema = try #require(DeclarationSchema.named(name))
        #expect(schema.faults().isEmpty, "\(schema.faults())")
        #expect(schema.json["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test func `examples that can be read are valid`() throws {
        let examples: [(String, JSONSchema)] = [
            (Samples.architecture, DeclarationSchema.architecture), (Stock.changeBoard, DeclarationSchema.architecture),
            (Stock.advice, DeclarationSchema.architecture), (Samples.longWork, DeclarationSchema.architecture),
            (Samples.profiles, DeclarationSchema.profiles),
            (Stock.profiles, DeclarationSchema.profiles), (head(Samples.brief), DeclarationSchema.brief),
            (head(Stock.brief), DeclarationSchema.brief), (Samples.baseline, DeclarationSchema.baseline),
            (Samples.probe, DeclarationSchema.architecture), (Samples.questions, DeclarationSchema.questions),
        ]
        for (text, schema) in examples {
            let faults = schema.validate(try #require(json(text)))
            #expect(faults.isEmpty, "\(faults)")
        }
    }

    @Test func `a schema knows exactly the names that its reader knows`() throws {
        let known = FaultList(file: "all")
        let read: [(String, Any)] = [
            ("a", Declaration.read(Array(Samples.architecture.utf8), .architecture, known) { _ in [] } as Any),
            ("l", Declaration.read(Array(Samples.longWork.utf8), .architecture, known) { _ in [] } as Any),
            ("b", Declaration.read(Array(head(Samples.brief).utf8), .brief(document: ""), known) { _ in [] } as Any),
            ("p", Declaration.read(Array(Samples.profiles.utf8), .profiles, known) { _ in [] } as Any),
            ("s", Declaration.read(Array(Samples.baseline.utf8), .checkSettings, known) { _ in [] } as Any),
            ("o", Declaration.read(Array(Samples.probe.utf8), .architecture, known) { _ in [] } as Any),
            ("q", Declaration.read(Array(Samples.questions.utf8), .questionFile, known) { _ in [] } as Any),
        ]
        #expect(read.count == 7 && known.isEmpty)
        let stages = DeclarationSchema.stage.json["properties"]?.object ?? [:]
        var schemas: [String: JSONValue] = [
            "an architecture": DeclarationSchema.architecture.json, "a role": DeclarationSchema.role.json,
            "a budget": DeclarationSchema.budget.json, "a stage": DeclarationSchema.stage.json,
            "a brief": DeclarationSchema.brief.json, "a goal": DeclarationSchema.goal.json,
            "a check": DeclarationSchema.check.json, "the profiles file": DeclarationSchema.profiles.json,
            "a profile": DeclarationSchema.profile.json,
        ]
        schemas["a file of questions"] = DeclarationSchema.questions.json
        schemas["a question"] = DeclarationSchema.question.json
        schemas["the settings of the check"] = DeclarationSchema.baseline.json
        schemas["a severity"] = DeclarationSchema.setting.json
        schemas["an acceptance"] = DeclarationSchema.acceptance.json
        schemas["a vote"] = DeclarationSchema.vote.json
        schemas["red flags"] = DeclarationSchema.redFlags.json
        schemas["an expectation"] = DeclarationSchema.check.json["properties"]?["expect"]
        schemas["prices"] = DeclarationSchema.profile.json["properties"]?["prices"]
        for (word, schema) in stages { schemas[word] = schema }
        #expect(Set(schemas.keys) == Set(known.known.keys))
        for (what, schema) in schemas {
            #expect(Set(schema["properties"]?.object?.keys ?? []) == Set(known.known[what] ?? []), "\(what)")
        }
    }

    @Test func `a schema refuses a name that it does not know`() throws {
        let value = try #require(
            json(Samples.architecture.replacing("instructions: Tell.", with: "instruction: Tell."))
        )
        let faults = DeclarationSchema.architecture.validate(value)
        #expect(faults.map(\.pointer) == ["/roles/teller/instruction"])
    }

    func head(_ brief: String) -> String {
        brief.split(separator: "---\n", omittingEmptySubsequences: false).dropFirst().first.map(String.init) ?? ""
    }
}

/// A YAML text as JSON, or `nil` when it is none.
func json(_ text: String) -> JSONValue? {
    let faults = FaultList(file: "json")
    guard let source = SourceText(bytes: Array(text.utf8), faults: faults) else { return nil }
    return YAMLReader(faults: faults, source: source).read(source.text)?.json(faults)
}
