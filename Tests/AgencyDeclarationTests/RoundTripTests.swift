// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencySchema
import Testing

@Suite struct RoundTripTests {
    @Test func `an architecture reads back equal after printing`() throws {
        let read = try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml", tools: Samples.tools)
        let printed = Declaration.print(read)
        #expect(try Declaration.readArchitecture(text: printed, file: "b.yaml") == read, "\(printed)")
        #expect(
            read.roles.map(\.name.rawValue) == [
                "writer", "critic", "judge", "saboteur", "teller", "enactor", "reviser",
            ]
        )
        #expect(
            read.role("writer")?.budget == Budget(tokens: 20000, calls: 8, seconds: 180, money: Money(dollars: 0.5))
        )
        #expect(read.role("judge")?.instructions == "Judge it.\n  Indented: and with “colons”.\n")
        #expect(read.flow[4] == .choose(expires: 7 * 86400, returns: 1))
        #expect(read.flow[5] == .enact(role: "enactor", surprise: 0.9))
    }

    @Test func `a stage that says only what it must gets the usual values`() throws {
        let text = Samples.architecture
            .replacing("{by: person, expires: 7d, returns: 1}", with: "{by: person}")
            .replacing(", checkpoint: every-step, halt-on: surprise, surprise: 0.9}", with: "}")
            .replacing(", independent: true", with: "")
        let read = try Declaration.readArchitecture(text: text, file: "a.yaml")
        #expect(read.flow[4] == .choose(expires: 86400, returns: 2))
        #expect(read.flow[5] == .enact(role: "enactor", surprise: 0.8))
    }

    @Test func `how long there is to choose reads back equal, and is said only where there is an end`() throws {
        let text = Samples.architecture.replacing("{by: person, expires", with: "{by: person, within: 90m, expires")
        let read = try Declaration.readArchitecture(text: text, file: "a.yaml", tools: Samples.tools)
        #expect(read.flow[4] == .choose(expires: 7 * 86400, returns: 1, within: 5400))
        #expect(try Declaration.readArchitecture(text: Declaration.print(read), file: "b.yaml") == read)
        let usual = try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml", tools: Samples.tools)
        #expect(!Declaration.print(usual).contains("within:"))
        #expect(throws: (any Error).self) {
            try Declaration.readArchitecture(
                text: text.replacing("90m", with: "1s"),
                file: "a.yaml",
                tools: Samples.tools
            )
        }
    }

    @Test func `how many persons choose reads back equal, and is said only where it is more than one`() throws {
        let text = Samples.architecture.replacing("{by: person, expires", with: "{by: person, persons: 2, expires")
        let read = try Declaration.readArchitecture(text: text, file: "a.yaml", tools: Samples.tools)
        #expect(read.flow[4] == .choose(expires: 7 * 86400, returns: 1, persons: 2))
        let printed = Declaration.print(read)
        #expect(try Declaration.readArchitecture(text: printed, file: "b.yaml") == read, "\(printed)")
        let one = try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml", tools: Samples.tools)
        #expect(!Declaration.print(one).contains("persons"))
        #expect(try JSONValue(encoding: read.flow[4]).decode(Stage.self) == read.flow[4])
        #expect(try JSONValue(encoding: one.flow[4])["persons"] == nil)
        for wrong in ["0", "10", "two"] {
            let spoilt = text.replacing("persons: 2", with: "persons: \(wrong)")
            let line = spoilt.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
                $0.contains("persons")
            }
            let error = #expect(throws: DeclarationError.self) {
                try Declaration.readArchitecture(text: spoilt, file: "a.yaml", tools: Samples.tools)
            }
            #expect(error?.faults.first?.line == line.map { $0 + 1 }, "\(wrong)")
        }
    }

    @Test func `a brief reads back equal after printing, document and all`() throws {
        let read = try Declaration.readBrief(text: Samples.brief, file: "b.md", tools: Samples.tools)
        let printed = Declaration.print(read)
        #expect(try Declaration.readBrief(text: printed, file: "b.md") == read, "\(printed)")
        #expect(read.document == "\n# Names\n\nWe ask for *one* name & want two: `a: b`.\n")
        #expect(read.stakes == .high)
        #expect(read.goals[0].goals[1].check?.arguments["deep"] == ["a": .number(1), "b": "no", "c": nil])
    }

    @Test func `goals read back equal after printing by themselves`() throws {
        let goals = try Declaration.readBrief(text: Samples.brief, file: "b.md").goals
        let printed = Declaration.printGoals(goals)
        #expect(
            try Declaration.readGoals(text: printed, file: "goals.yaml", tools: Samples.tools) == goals,
            "\(printed)"
        )
    }

    @Test func `profiles read back equal after printing`() throws {
        let read = try Declaration.readProfiles(text: Samples.profiles, file: "agency.yaml")
        let printed = Declaration.print(read)
        #expect(try Declaration.readProfiles(text: printed, file: "agency.yaml") == read, "\(printed)")
        #expect(read[0].inputPrice == Money(microdollars: 2_500_000))
        #expect(read[1].concurrency == 4)
    }

    @Test func `an architecture is printed for people`() throws {
        let printed = Declaration.print(try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml"))
        for line in [
            "about: Two proposals, one judge.", "  - propose: {role: writer, count: 2}", "  enactor: {kind: enact}",
            "    budget: {tokens: 20000, calls: 8, seconds: 180, money: 0.5}", "    instructions: |",
            "  - evaluate: {roles: [judge, saboteur], independent: true}",
        ] { #expect(printed.contains("\n" + line + "\n"), "\(line) is not in\n\(printed)") }
    }

    /// Texts that YAML could take for something else, lose a byte of, or refuse.
    static let awkward = [
        "no", "On", "true", "null", "~", "5", "0x1F", "1e3", "-", "- a", "a: b", "a #b", "#a", "*a", "&a", "!a", "%a",
        "@a",
        "`a`", "a:", "'a'", "\"a\"", "[a]", "{a: b}", "a, b", "? a", "| a", "> a", "---", "...", "<<", "=", " a", "a ",
        "a\n", "a\n\n", "\na", "a\nb", "a\n  b\nc", " a\nb", "a \nb", "a\n\n\nb\n", "a\tb", "\ta", "ünïcode — “quotes”",
        "日本語", "a\\b", "🙂", "e\u{301}", "a\u{a0}b", String(repeating: "word ", count: 60) + "end", "2024-01-01",
        "https://a.example/b?c=d#e", "a\n---\nb", "a\n- b: c\n# d\n", "12:30:00", "'", "\"", "a'b", "a, b", "a,",
        "a, - b", "a,  # b", "https://a.example/v1", "https://a: b", "yes, no",
    ]

    @Test(arguments: awkward) func `any text survives printing and reading`(text: String) throws {
        var architecture = try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml")
        architecture.about = text
        architecture.roles[0].instructions = text
        architecture.roles[0].narratives = [text, text + "2"]
        architecture.roles[0].sketch = text
        architecture.roles[2].criteria = ["a", text]
        guard !text.allSatisfy(\.isWhitespace) else { return }
        let printed = Declaration.print(architecture)
        #expect(try Declaration.readArchitecture(text: printed, file: "a.yaml") == architecture, "\(printed)")
        let arguments: JSONValue = [
            "a": .string(text), text: [.string(text), ["b": .string(text)], 1, .number(1), nil, false, .number(1e300)],
        ]
        let goal = Goal(
            id: "g",
            want: text,
            check: Check(tool: "t", arguments: arguments, expect: .equals(text))
        )
        let goals = Declaration.printGoals([goal])
        #expect(try Declaration.readGoals(text: goals, file: "g.yaml") == [goal], "\(goals)")
    }

    @Test func `a long work reads back as it is printed, with its state`() throws {
        let architecture = try Declaration.readArchitecture(text: Samples.longWork, file: "a.yaml")
        #expect(architecture.flow == [.iterate(role: "mover", atMost: 1_048_575)])
        #expect(architecture.role("mover")?.state?.json["maxItems"] == 3)
        let printed = Declaration.print(architecture)
        #expect(try Declaration.readArchitecture(text: printed, file: "b.yaml") == architecture)
        let head =
            "---\nbrief: b\ntitle: T\nstate: [[3, 2, 1], [], []]\ngoals:\n  - {id: g, want: Moved., check: {tool: state, expect: {contains: 3}}}\n---\nText\n"
        let brief = try Declaration.readBrief(text: head, file: "b.md")
        #expect(brief.state == [[3, 2, 1], [], []])
        #expect(try Declaration.readBrief(text: Declaration.print(brief), file: "c.md") == brief)
    }

    @Test func `a probe and its questions read back as they are printed`() throws {
        let architecture = try Declaration.readArchitecture(text: Samples.probe, file: "a.yaml")
        #expect(architecture.flow == [.probe(role: "mover", times: 5)])
        #expect(try Declaration.readArchitecture(text: Declaration.print(architecture), file: "b.yaml") == architecture)
        let bytes = Array(Samples.questions.utf8)
        let questions = try Declaration.readQuestions(bytes: bytes, file: "q.yaml")
        #expect(questions.map(\.id) == ["largest", "why"] && questions[0].right == "none")
        let printed = Declaration.print(questions)
        #expect(try Declaration.readQuestions(bytes: Array(printed.utf8), file: "r.yaml") == questions)
        var brief = try Declaration.readBrief(text: Samples.brief, file: "b.md")
        brief.questions = questions
        #expect(try Declaration.readBrief(text: Declaration.print(brief), file: "c.md") == brief)
    }

    @Test(
        arguments: [
            ("questions: []", "1:1"), ("questions:\n  - {id: a}", "2:5"),
            ("questions:\n  - {id: a, text: t, choices: [b, c], right: d}", "2:46"),
            ("questions:\n  - {id: a, text: t}\n  - {id: a, text: u}", "3:10"),
            ("questions:\n  - {id: a, text: t, answer: x}", "2:22"), ("tasks: []", "1:1"),
        ]
    )
    func `a fault of a question is told with its place`(text: String, place: String) {
        #expect(throws: DeclarationError.self) {
            do {
                _ = try Declaration.readQuestions(bytes: Array(text.utf8), file: "q.yaml")
            } catch let error as DeclarationError {
                let places = error.faults.map { "\($0.line):\($0.column)" }
                #expect(places.contains(place), "\(places)")
                throw error
            }
        }
    }
}
