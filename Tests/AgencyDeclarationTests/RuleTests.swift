// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

@Suite struct RuleTests {
    private func architecture() throws -> Architecture {
        try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml")
    }

    @Test func `an architecture built as a value is held to the same rules`() throws {
        var built = try architecture()
        #expect(built.faults(tools: Samples.tools).isEmpty)
        built.flow.remove(at: 4)
        built.roles[0].tools.append("files.write")
        built.roles[0].repairs = 9
        #expect(
            built.faults(tools: Samples.tools).map(\.description) == [
                "roles.writer.tools[2]: an episode cannot have the tool “files.write”: its effect is write",
                "roles.writer.repairs: 9 is out of range",
                "roles.writer.budget.calls: 8 calls leave no room for 9 repairs",
                "flow[4]: no effect without a choice: nothing is chosen before enact",
            ]
        )
    }

    @Test func `an architecture without roles or stages has faults and does not trap`() {
        let empty = Architecture(name: "", roles: [], flow: [])
        #expect(empty.faults().map(\.path) == [["architecture"], ["roles"], ["flow"]])
    }

    @Test func `a role of each kind may read what it must read`() {
        for kind in Role.Kind.allCases {
            #expect(Set(kind.neededReads).isSubset(of: kind.sensibleReads), "\(kind)")
        }
        #expect(!Role.Kind.evaluate.sensibleReads.contains(.evaluations))
        #expect(!Role.Kind.redTeam.sensibleReads.contains(.critique))
    }

    @Test func `two roles of one name are a fault`() throws {
        var built = try architecture()
        built.roles.append(built.roles[0])
        #expect(built.faults().contains { $0.message == "two roles are called “writer”" })
    }

    @Test(arguments: ["a", "a-b", "p1", "names-split2"]) func `names are accepted`(name: String) {
        #expect(Spelling.isName(name))
    }

    @Test(arguments: ["", "-a", "a-", "a--b", "A", "1a", "a.b", "a b", "ä", String(repeating: "a", count: 41)])
    func `what is no name is refused`(name: String) {
        #expect(!Spelling.isName(name))
    }

    @Test func `the nearest word is suggested and a far one is not`() {
        #expect(Spelling.suggestion(for: "instrutcions", among: ["narratives", "instructions"]) == "instructions")
        #expect(Spelling.suggestion(for: "about", among: ["reads", "tools"]) == nil)
        #expect(Spelling.suggestion(for: "x", among: ["y"]) == nil)
        #expect(Spelling.suggestion(for: "Kind", among: ["kind"]) == "kind")
    }

    @Test func `keys in profiles are recognised`() {
        #expect(Profile.looksLikeKey("sk-ant-api03-abc"))
        #expect(!Profile.looksLikeKey("some-model"))
        var profile = Profile(name: "p", provider: .program, command: ["run", "sk-abcdefghijklm"])
        #expect(profile.faults().map(\.message) == ["this looks like a key"])
        profile.command = ["run"]
        #expect(profile.faults().isEmpty)
    }

    @Test(arguments: [
        "https://user:pw@a.example/v1", "https://", "a.example", "https://a b", "https://a.example/v1?key=1",
        "http://[::1",
        "https://a.example:99999", "file:///etc/passwd",
    ])
    func `an address that is none is refused`(url: String) {
        let profile = Profile(name: "p", provider: .openai, model: "m", url: url)
        #expect(profile.faults().map(\.path) == [["url"]])
    }

    @Test(arguments: ["https://a.example/v1", "http://127.0.0.1:8080", "http://[::1]:80/v1", "http://localhost/v1"])
    func `an address is accepted with a key where nobody can listen`(url: String) {
        #expect(Profile(name: "p", provider: .openai, model: "m", url: url, keyVariable: "KEY").faults().isEmpty)
    }
}
