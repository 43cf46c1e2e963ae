// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

@Suite struct NounTests {
    static func step(_ id: StepID, after: [StepID] = []) -> Step {
        Step(id: id, intent: "i", action: SimulatedWorld.write("a", "b"), after: after)
    }

    @Test func `steps are ordered by what they come after, and otherwise as they are written`() {
        let plan = Plan(steps: [
            Self.step("c", after: ["b"]), Self.step("a"), Self.step("b", after: ["a"]), Self.step("d"),
        ])
        #expect(plan.ordered?.map(\.id) == ["a", "b", "c", "d"])
    }

    @Test(
        arguments: [["a": "b", "b": "a"], ["a": "a"], ["a": "none"], ["a": "b", "b": "c", "c": "a"]]
            as [[String: String]]
    )
    func `steps that wait for one another have no order`(after: [String: String]) {
        let steps = after.keys.sorted().map { Self.step(StepID($0), after: [StepID(after[$0] ?? "")]) }
        #expect(Plan(steps: steps).ordered == nil)
    }

    @Test func `a plan without steps has an order`() { #expect(Plan(steps: []).ordered == []) }

    @Test func `two plans are compared step by step`() {
        var changed = Self.step("b")
        changed.intent = "other"
        changed.stakes = .high
        let old = Plan(steps: [Self.step("a"), Self.step("gone"), Self.step("b")])
        let new = Plan(steps: [Self.step("a"), changed, Self.step("new")])
        let diff = PlanDiff(from: old, to: new)
        #expect(
            diff.changes == [
                .same(Self.step("a")), .removed(Self.step("gone")),
                .changed(old: Self.step("b"), new: changed, parts: ["intent", "stakes"]), .added(Self.step("new")),
            ]
        )
        #expect(diff.count == 3)
    }

    @Test func `every part of a step that changes is named`() {
        var new = Self.step("a")
        new.intent = "x"
        new.action = SimulatedWorld.write("a", "c")
        new.forecasts = [Forecast(statement: "s", check: SimulatedWorld.lines("a", 1), probability: 0.5)]
        new.reversibility = .irreversible
        new.stakes = .high
        new.after = ["b"]
        let change = PlanDiff(from: Plan(steps: [Self.step("a")]), to: Plan(steps: [new])).changes.first
        guard case .changed(_, _, let parts)? = change else {
            Issue.record("not changed")
            return
        }
        #expect(parts == ["intent", "action", "forecasts", "reversibility", "stakes", "order"])
    }

    @Test func `a path that is composed differently is another action`() {
        var composed = Self.step("a")
        composed.action = SimulatedWorld.write("caf\u{E9}", "x")
        var decomposed = composed
        decomposed.action = SimulatedWorld.write("cafe\u{301}", "x")
        #expect(composed.action.digest != decomposed.action.digest)
        #expect(PlanDiff(from: Plan(steps: [composed]), to: Plan(steps: [decomposed])).count == 1)
    }

    struct Seen: Sendable {
        var expectation: AgencyCore.Expectation
        var status: Int
        var output: String
        var isMet: Bool?

        init(_ expectation: AgencyCore.Expectation, _ status: Int, _ output: String, _ isMet: Bool?) {
            self.expectation = expectation
            self.status = status
            self.output = output
            self.isMet = isMet
        }
    }

    static let seen: [Seen] = [
        Seen(.exitStatus(0), 0, "", true), Seen(.exitStatus(2), 2, "x", true), Seen(.exitStatus(0), 1, "", false),
        Seen(.equals("17"), 0, " 17\n", true), Seen(.equals(" 17 "), 0, "17", true),
        Seen(.equals("17"), 0, "18", false),
        Seen(.equals("17"), 1, "17", nil), Seen(.contains("ab"), 0, "xaby", true),
        Seen(.contains("ab"), 0, "a b", false),
        Seen(.contains("ab"), 1, "ab", nil), Seen(.atLeast(3), 0, "3\n", true), Seen(.atLeast(3), 0, "2.9", false),
        Seen(.atLeast(3), 0, "many", nil), Seen(.atLeast(3), 0, "", nil), Seen(.atMost(3), 0, "3", true),
        Seen(.atMost(3), 0, "3.1", false), Seen(.atMost(3), 2, "1", nil), Seen(.atMost(3), 0, "nan", nil),
    ]

    @Test(arguments: seen)
    func `what was seen is what was expected, or not, or cannot be told`(seen: Seen) {
        #expect(seen.expectation.isMet(status: seen.status, output: seen.output) == seen.isMet)
    }

    static let expectations: [(String, AgencyCore.Expectation)] = [
        (#"{"equals":"x"}"#, .equals("x")), (#"{"equals":0}"#, .equals("0")), (#"{"equals":1.5}"#, .equals("1.5")),
        (#"{"exit-status":3}"#, .exitStatus(3)), (#"{"at-least":1}"#, .atLeast(1)), (#"{"at-most":-1}"#, .atMost(-1)),
    ]

    @Test(arguments: expectations)
    func `an expectation is read from exactly one name`(text: String, expectation: AgencyCore.Expectation) throws {
        #expect(try JSONValue(parsing: text).decode() == expectation)
        #expect(try JSONValue(encoding: expectation).decode() == expectation)
    }

    @Test(arguments: ["{}", #"{"equals":"x","contains":"y"}"#, #"{"equal":"x"}"#, #"{"exit-status":1.5}"#])
    func `what is no expectation is refused`(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: DecodingError.self) { let _: AgencyCore.Expectation = try json.decode() }
    }

    static let surprises: [(Double, Bool?, Double, Bool)] = [
        (0.95, true, 0.8, false), (0.95, false, 0.8, true), (0.8, false, 0.8, true), (0.79, false, 0.8, false),
        (0.2, true, 0.8, true), (0.21, true, 0.8, false), (0.5, nil, 0.8, true), (1, false, 1, true),
        (0.99, false, 1, false),
    ]

    @Test(arguments: surprises)
    func `a settlement surprises when what was seen had been held improbable`(
        probability: Double,
        outcome: Bool?,
        threshold: Double,
        isSurprise: Bool
    ) {
        let settlement = History.settlement("s", probability: probability, outcome: outcome)
        #expect(settlement.isSurprise(threshold: threshold) == isSurprise)
    }

    static let scores: [(Double, Bool?, Double?)] = [
        (1, true, 0), (0, true, 1), (0.5, false, 0.25), (0.25, true, 0.5625), (0.5, nil, nil),
    ]

    @Test(arguments: scores)
    func `a forecast is scored by its squared distance from the outcome`(
        probability: Double,
        outcome: Bool?,
        score: Double?
    ) {
        #expect(History.settlement("s", probability: probability, outcome: outcome).brierScore == score)
    }

    @Test(arguments: [
        ("brief", "the words", true), ("brief", "the  words", false), ("brief", "The words", false),
        ("none", "the words", false),
        ("brief", "", false), ("brief", "caf\u{E9}", true), ("brief", "cafe\u{301}", false),
        // Part of a character is not a quotation of it by characters, but it is by bytes.
        ("brief", "\u{1F469}", true),
    ])
    func `a quotation is there byte for byte or not at all`(record: String, quote: String, found: Bool) {
        let records = ["brief": "these are the words of caf\u{E9} \u{1F469}\u{200D}\u{1F467}"]
        let claim = Claim(text: "t", citations: [Citation(record: record, quote: quote)])
        let checked = Explanation(summary: "s", claims: [claim]).checked(against: records).claims.first
        #expect(checked?.citations.first?.found == found)
        #expect(checked?.standing == (found ? .verified : .asserted))
    }

    @Test func `a claim is verified only when every quotation is there`() {
        let good = Citation(record: "a", quote: "x")
        let bad = Citation(record: "a", quote: "y")
        let claims = [
            Claim(text: "1", citations: [good, good]), Claim(text: "2", citations: [good, bad]),
            Claim(text: "3", citations: []),
        ]
        let explanation = Explanation(summary: "s", claims: claims).checked(against: ["a": "x"])
        #expect(explanation.claims.map(\.standing) == [.verified, .asserted, .uncited])
        #expect(explanation.counts() == (1, 1, 1))
    }

    @Test func `a claim cannot vouch for itself`() throws {
        let output: JSONValue = [
            "summary": "s",
            "claims": [
                ["text": "t", "standing": "verified", "citations": [["record": "a", "quote": "lie", "found": true]]]
            ],
        ]
        let explanation: Explanation = try output.decode()
        #expect(explanation.checked(against: ["a": "truth"]).claims.map(\.standing) == [.asserted])
    }

    @Test func `the nouns of a run go to JSON and back`() throws {
        let simulated = SimulatedRun()
        #expect(try JSONValue(encoding: simulated.brief).decode() == simulated.brief)
        #expect(try JSONValue(encoding: simulated.architecture).decode() == simulated.architecture)
        #expect(try JSONValue(encoding: simulated.tools).decode() == simulated.tools)
        var profile = Profile(name: "p", provider: .program, command: ["a", "b"], temperature: 0.5)
        profile.inputPrice = Money(dollars: 0.15)
        #expect(try JSONValue(encoding: profile).decode() == profile)
        let budget = Budget(tokens: 1, calls: 2, seconds: 3.5, money: Money(dollars: 4))
        #expect(try JSONValue(encoding: budget).decode() == budget)
        let critique = Critique(
            objections: [Objection(severity: .serious, statement: "s", evidence: "e", step: "s1")],
            suggestions: ["x"]
        )
        #expect(try JSONValue(encoding: critique).decode() == critique)
        let dissent = Dissent(role: "r", episode: "e", statement: "s")
        #expect(try JSONValue(encoding: dissent).decode() == dissent)
        let evaluation = Evaluation(
            role: "r",
            proposal: "p",
            episode: "e",
            scores: [.init(criterion: "c", value: nil, reason: "r"), .init(criterion: "d", value: 2.5, reason: "r")],
            probability: nil,
            objections: [],
            summary: "s"
        )
        #expect(try JSONValue(encoding: evaluation).decode() == evaluation)
    }

    @Test(arguments: [#"{"stage":"dance"}"#, #"{"stage":"propose","role":"a"}"#, "{}"])
    func `a stage that is none is refused`(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: DecodingError.self) { let _: Stage = try json.decode() }
    }

    @Test func `stakes and severities are ordered by how bad they are`() {
        #expect(Stakes.allCases.sorted() == [.low, .moderate, .high])
        #expect(Objection.Severity.allCases.sorted() == [.minor, .serious, .blocking])
    }
}
