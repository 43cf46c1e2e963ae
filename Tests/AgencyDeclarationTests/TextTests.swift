// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

@Suite struct TextTests {
    private func faults(_ bytes: [UInt8]) -> [Fault] {
        do throws(DeclarationError) {
            _ = try Declaration.readArchitecture(bytes: bytes, file: "a.yaml")
            return []
        } catch {
            return error.faults
        }
    }

    private func hint(_ text: String) -> String? { faults(Array(text.utf8)).first?.hint }

    @Test func `a fault is printed with file, line, column and hint`() throws {
        let text = Samples.architecture.replacing("instructions: Propose", with: "instrutcions: Propose")
        let error = try #require(throws: DeclarationError.self) {
            try Declaration.readArchitecture(text: text, file: "change.yaml")
        }
        #expect(
            error.description == """
                change.yaml:7:5: a role has no “instrutcions” [OA001]
                  hint: did you mean “instructions”? names in a role: kind, performer, instructions, narratives, reads, tools, \
                budget, criteria, sketch, repairs, vote, state, holes
                """
        )
    }

    @Test func `bytes that are not UTF-8 are refused at their place`() {
        let found = faults(Array("architecture: ü\nabout: ".utf8) + [0xC3, 0x28])
        #expect(found.map(\.message) == ["this is not valid UTF-8"])
        #expect(found.first.map { [$0.line, $0.column] } == [2, 8])
    }

    @Test func `a file of more than a mebibyte is refused unread`() {
        let found = faults([UInt8](repeating: UInt8(ascii: " "), count: 1 << 20 + 1))
        #expect(found.map(\.message) == ["1,048,577 bytes are too many for a declaration"])
    }

    @Test func `columns count letters, not bytes`() {
        let found = faults(Array(Samples.architecture.replacing("about: Two", with: "about: “ü” Two: x").utf8))
        #expect(found.first.map { [$0.line, $0.column] } == [2, 15])
    }

    @Test func `all faults of a file are reported in their order`() {
        let text = Samples.architecture
            .replacing("sketch:", with: "skitch:")
            .replacing("count: 2", with: "count: x")
            .replacing("kind: explain", with: "kind: explains")
            .replacing("about: Two", with: "about: One\nabout: Two")
        #expect(faults(Array(text.utf8)).map(\.line) == [3, 28, 35, 38])
    }

    @Test func `lines may end as they do on Windows`() throws {
        let read = try Declaration.readArchitecture(
            text: Samples.architecture.replacing("\n", with: "\r\n"),
            file: "a.yaml"
        )
        #expect(read == (try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml")))
        let found = faults(Array("a: b\rc: d".utf8))
        #expect(
            found.map(\.description) == [
                "a.yaml:1:5: a carriage return within a line [OA001]\n  hint: end lines with a line feed"
            ]
        )
    }

    @Test func `aliases that stand for exponentially much are refused at once`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(faults(Array((text + "? *a40\n: x\n").utf8)).map(\.message) == ["anchors and aliases are not accepted"])
    }

    @Test(.timeLimit(.minutes(1))) func `hostile shapes are refused in good time`() {
        let opening = String(repeating: "[", count: 500_000)
        let dashes = String(repeating: "- ", count: 400_000)
        let keys = (0..<80_000).map { "key\($0): 1\n" }.joined()
        let doubles = String(repeating: "a: 1\n", count: 2000)
        let quotes = "a: \"" + String(repeating: "\\", count: 900_000)
        for text in [opening, dashes, keys, doubles, quotes] { #expect(!faults(Array(text.utf8)).isEmpty) }
    }

    @Test func `hints name what was most likely meant`() {
        #expect(
            hint(Samples.architecture.replacing("kind: red-team", with: "kind: redteam"))?.hasPrefix(
                "did you mean “red-team”?"
            ) == true
        )
        #expect(
            hint(Samples.architecture.replacing("at-most: 3", with: "at_most: 3"))?.hasPrefix("did you mean “at-most”?")
                == true
        )
        #expect(
            hint(Samples.architecture.replacing("tokens: 20000", with: "tokens: 20_000"))
                == "write digits only, such as 20000"
        )
        let misnamed = faults(Array(Samples.architecture.replacing("{role: teller}", with: "{role: tellre}").utf8))
        #expect(misnamed.last?.hint == "did you mean “teller”? roles for explain: teller")
    }

    @Test func `performers are checked against profiles when those are given`() throws {
        let profiles = try Declaration.readProfiles(text: "profiles: {strong: {provider: person}}", file: "p")
        let error = try #require(throws: DeclarationError.self) {
            try Declaration.readArchitecture(text: Samples.architecture, file: "a", profiles: profiles)
        }
        #expect(
            error.faults.map { "\($0.line):\($0.column): \($0.message)" } == [
                "12:39: no profile is called “fast”", "15:16: no profile is called “fast”",
                "27:94: a person is not asked the same thing several times",
            ]
        )
    }

    @Test func `a document may have whatever it likes below the head`() throws {
        let text = Samples.brief + "\ttab, &x *x &x *x, [unclosed, ---\n---\n\"quote"
        let read = try Declaration.readBrief(text: text, file: "b.md")
        #expect(read.document.hasSuffix("---\n---\n\"quote"))
    }
}
