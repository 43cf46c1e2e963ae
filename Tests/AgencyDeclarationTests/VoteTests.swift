// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencySchema
import Testing

@Suite struct VoteTests {
    private static let unused = "9:3: the role “checker” is never used"

    /// A small architecture whose proposer is voted on.
    private func text(_ vote: String, more: String = "") -> String {
        """
        architecture: voted
        roles:
          writer:
            kind: propose
            performer: strong
            instructions: Propose.
            reads: [brief, actions]
            vote: \(vote)\(more.isEmpty ? "" : "\n    " + more)
          checker: {kind: verify, performer: strong, instructions: Check., reads: [brief, output]}
        flow:
          - propose: {role: writer}
          - choose: {by: person}

        """
    }

    private func read(_ vote: String, more: String = "") throws -> VotePolicy? {
        try Declaration.readArchitecture(text: text(vote, more: more), file: "a.yaml").role("writer")?.vote
    }

    private func faults(_ vote: String, more: String = "", profiles: [Profile]? = nil) -> [String] {
        do {
            _ = try Declaration.readArchitecture(text: text(vote, more: more), file: "a.yaml", profiles: profiles)
            return []
        } catch {
            return error.faults.map { "\($0.line):\($0.column): \($0.message)" }
        }
    }

    @Test func `each rule is read with its usual bound and printed back`() throws {
        let verify = "{verify: checker}"
        #expect(try read(verify) == VotePolicy(.verified(by: "checker", atMost: 5)))
        let read = try Declaration.readArchitecture(text: text(verify), file: "a.yaml")
        #expect(try Declaration.readArchitecture(text: Declaration.print(read), file: "b.yaml") == read)
        let sample = try Declaration.readArchitecture(text: Samples.architecture, file: "a.yaml")
        let pointer = try #require(JSONPointer("/summary"))
        let policy = VotePolicy(.aheadBy(2, atMost: 10), flags: .init(bytes: 9000), sameWhen: [pointer])
        #expect(sample.role("teller")?.vote == policy)
    }

    @Test(
        arguments: [
            ("{ahead-by: 3, at-most: 9, verify: checker}", ["8:11: a vote has one rule, found 2"]),
            ("{at-most: 3}", ["8:11: a vote has no rule"]),
            ("{ahead-by: three}", ["8:22: “three” where a whole number is wanted"]),
            ("{ahead-bye: 3}", ["8:11: a vote has no rule", "8:12: a vote has no “ahead-bye”"]),
            ("3", ["8:11: “3” where a vote is wanted"]),
            ("{verify: checker, same-when: [move]}", ["8:41: “move” is not a JSON pointer"]),
            ("{verify: checker, flags: {byte: 3}}", ["8:37: red flags has no “byte”"]),
        ]
    )
    func `what is no vote is refused where it stands`(vote: String, found: [String]) {
        #expect(faults(vote) == found)
    }

    @Test(
        arguments: [
            ("{verify: checkers}", ["8:20: no role is called “checkers”", Self.unused]),
            ("{verify: writer}", ["8:20: “writer” cannot verify itself", Self.unused]),
            ("{verify: checker, at-most: 0}", ["8:38: 0 is out of range"]),
            ("{verify: checker, flags: {bytes: 0}}", ["8:44: 0 is out of range"]),
            ("{verify: checker, same-when: [/a, /a]}", ["8:45: “/a” is listed twice"]),
        ]
    )
    func `a vote is held to its rules`(vote: String, found: [String]) {
        #expect(faults(vote) == found)
    }

    @Test func `a verifier that nobody asks is never used`() {
        #expect(faults("{ahead-by: 3}") == [Self.unused])
        #expect(faults("{ahead-by: 3, at-most: 2}").first == "8:34: 2 samples can never decide: at least 3 are needed")
        #expect(faults("{ahead-by: 0}").contains("8:22: 0 is out of range"))
        #expect(faults("{majority: 1}").contains("8:22: 1 is out of range"))
        #expect(faults("{majority: 5, at-most: 4}").first == "8:34: 4 samples can never decide: at least 5 are needed")
        #expect(faults("{verify: checker}") == [])
    }

    @Test func `a person is not sampled, and a sample is not mended`() {
        let person = Profile(name: "strong", provider: .person)
        let found = faults("{verify: checker}", profiles: [person])
        #expect(found == ["8:5: a person is not asked the same thing several times"])
        let mended = faults("{verify: checker}", more: "repairs: 3")
        #expect(mended == ["8:5: samples are never sent back to be mended"])
    }

    @Test func `the worst case counts every sample and every verdict`() throws {
        let profile = Profile(name: "strong", provider: .openai, model: "m", concurrency: 2)
        func bounds(_ vote: String) throws -> Bounds {
            let read = try Declaration.readArchitecture(
                text: text(vote, more: "budget: {tokens: 1000, calls: 1, seconds: 10}"),
                file: "a.yaml"
            )
            var once = read
            once.flow[1] = .choose(expires: 3600, returns: 0)
            return once.bounds(for: Brief(name: "b", title: "t", goals: []), profiles: [profile])
        }
        let bounds = try bounds("{verify: checker, at-most: 4}")
        #expect(bounds.episodes == 1)
        #expect(bounds.calls == 4 * 1 + 4 * 3)
        #expect(bounds.tokens == 4 * 1000 + 4 * 100_000)
        #expect(bounds.seconds == 4 * 10 + 4 * 900)
        #expect(bounds.derivation.first == "propose: writer 1 × 1,000 tokens × 4 samples = 4,000 tokens")
    }
}
