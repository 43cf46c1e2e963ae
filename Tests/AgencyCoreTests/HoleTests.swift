// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// What is read while a plan is carried out fills the holes that it has, and decides nothing that nobody chose.
@Suite struct HoleTests {
    static let pay = ToolManifest(
        name: "bank.pay",
        about: "Pays.",
        parameters: .object(
            ["to": .string(), "amount": .number(), "note": .string()],
            optional: ["note"]
        ),
        effect: .write,
        repeatability: .blind,
        reach: .leaves,
        isDestructive: false,
        pays: true,
        arguments: ["to": .recipient, "amount": .amount, "note": Authority.none],
        place: "bank"
    )
    static let bounds = JSONSchema.number("A sum.", in: 0...500)

    /// A look at a bill, and a payment of what it says.
    static func steps(_ holes: [Hole], note: String? = nil) -> [Step] {
        var arguments: JSONObject = ["to": "carol"]
        if let note { arguments["note"] = .string(note) }
        for hole in holes { arguments[hole.argument] = nil }
        return [
            Step(id: "s1", intent: "Look.", action: SimulatedWorld.append("bill.txt", "41")),
            Step(
                id: "s2",
                intent: "Pay.",
                action: Action(tool: "bank.pay", arguments: .object(arguments)),
                after: ["s1"],
                holes: holes
            ),
        ]
    }

    static let amount = Hole(argument: "amount", step: "s1", field: FieldPath("json/sum"), shape: bounds)

    static func mandate(_ change: (inout Mandate) -> Void = { _ in }) -> Mandate {
        var mandate = Mandate(
            id: "small",
            classes: [.blind],
            authority: ["amount": .init(atMost: 50), "recipient": .init(oneOf: ["carol"])],
            writers: [.person, .tool, .model, .anyone]
        )
        change(&mandate)
        return mandate
    }

    /// A run whose plan is chosen, before its first step.
    static func chosen(
        _ steps: [Step] = steps([amount]),
        shown: String = #"{"sum":41}"#,
        mandates: [Mandate]? = nil,
        policy: Policy? = nil
    ) -> History {
        var simulated = SimulatedRun(critique: 0)
        // What notes hold decides nothing, and which note it is does.
        for index in simulated.tools.indices {
            simulated.tools[index].arguments = ["path": .object, "text": Authority.none]
            simulated.tools[index].reach = .local
            simulated.tools[index].pays = false
            simulated.tools[index].isDestructive = false
        }
        simulated.tools.append(pay)
        simulated.brief.mandates = mandates
        var history = History(simulated, desks: [ChoiceMatrixTests.ada], policy: policy)
        history.shown["s1"] = shown
        guard case .perform(let orders) = history.state.agenda() else { return history }
        for order in orders { history.begin(order) }
        for order in orders { history.complete(order.id, SimulatedRun.proposal("P", steps)) }
        history.driveToChoice()
        history.choose(.option("p1"))
        return history
    }

    static func isChoice(_ work: Work) -> Bool { work == .wait(.choice) }

    @Test func `what decides nothing is filled in without a question, and exactly as it was read`() throws {
        let hole = Hole(argument: "text", step: "s1", field: FieldPath("output"), shape: .string(maxLength: 100))
        var steps = Self.steps([])
        steps[1].action = Action(tool: "notes.append", arguments: ["path": "b.txt"])
        steps[1].holes = [hole]
        var history = Self.chosen(steps, shown: "forty-one\n\n")
        history.drive { $0 == .fill("s2") }
        #expect(throws: AuthorizationRefusal.self) { _ = try history.state.authorize("s2", now: history.now) }
        history.driveToStep("s2")
        let granted = try history.state.authorize("s2", now: history.now)
        #expect(granted.action == SimulatedWorld.append("b.txt", "forty-one"))
        history.drive()
        #expect(history.state.anomalies == [])
        #expect(history.state.choices.count == 1)
        #expect(history.state.finished?.outcome == .done)
        #expect(history.state.enactment.done.last?.step.action == SimulatedWorld.append("b.txt", "forty-one"))
    }

    @Test func `what decides how much goes back to the person with value and source, once`() throws {
        var history = Self.chosen()
        history.drive(until: Self.isChoice)
        let option = try #require(history.state.options.first)
        #expect(history.state.options.count == 1)
        #expect(option.id == "p1.h1")
        #expect(history.state.judged(option) == "p1")
        let asks = try #require(option.asks)
        for part in ["amount", "how much", "s1 (json/sum)", "anyone", ": 41"] {
            #expect(asks.contains(part), "\(asks)")
        }
        #expect(option.plan.step("s2")?.action.arguments["amount"] == 41)
        #expect(option.plan.step("s2")?.holes == nil)
        #expect(PlanDiff(from: try #require(history.state.proposals["p1"]).plan, to: option.plan).count == 1)
        history.choose(.option("p1.h1"))
        history.driveToStep("s2")
        let granted = try history.state.authorize("s2", now: history.now)
        #expect(granted.action.arguments == ["to": "carol", "amount": 41])
        history.drive()
        #expect(history.state.choices.count == 2)
        #expect(history.state.enactment.trials.map(\.step.id) == ["s1", "s2"])
        #expect(history.state.finished?.outcome == .done)
        #expect(history.state.anomalies == [])
    }

    @Test func `the same value for the same argument is asked about once, another one again`() throws {
        for (second, questions) in [(#"{"sum":41}"#, 2), (#"{"sum":42}"#, 3)] {
            var steps = Self.steps([Self.amount])
            steps.append(Step(id: "s3", intent: "Look.", action: SimulatedWorld.append("bill.txt", "1"), after: ["s2"]))
            var again = steps[1]
            again.id = "s4"
            again.after = ["s3"]
            again.holes?[0].step = "s3"
            steps.append(again)
            var history = Self.chosen(steps)
            history.shown["s3"] = second
            history.drive()
            #expect(history.state.finished?.outcome == .done, "\(history.state.anomalies)")
            #expect(history.state.choices.count == questions)
        }
    }

    @Test func `a person who declines what was read has nothing done`() {
        var history = Self.chosen()
        history.drive(until: Self.isChoice)
        history.choose(.none)
        history.drive()
        #expect(history.state.finished?.outcome == .declined)
        #expect(!history.state.enactment.trials.contains { $0.step.id == "s2" })
    }

    @Test func `a mandate answers within its bounds, and no longer than it stands`() throws {
        func asks(_ mandate: Mandate, _ shown: String = #"{"sum":41}"#) -> Bool {
            var history = Self.chosen(shown: shown, mandates: [mandate])
            history.drive { Self.isChoice($0) || $0 == .enact("s2") }
            return Self.isChoice(history.state.agenda())
        }
        #expect(!asks(Self.mandate()))
        #expect(asks(Self.mandate(), #"{"sum":50.01}"#))
        #expect(asks(Self.mandate { $0.total = 40 }))
        #expect(!asks(Self.mandate { $0.total = 41 }))
        #expect(asks(Self.mandate { $0.calls = 0 }))
        #expect(asks(Self.mandate { $0.writers = [.person] }))
        #expect(asks(Self.mandate { $0.classes = [.keyed] }))
        #expect(asks(Self.mandate { $0.authority["recipient"] = .init(oneOf: ["mallory"]) }))
        #expect(asks(Self.mandate { $0.until = "1970-01-01T00:00:00Z" }))
        #expect(!asks(Self.mandate { $0.until = "1970-01-01T00:00:02Z" }))
    }

    @Test func `a mandate that ends between the filling and the act permits nothing`() throws {
        var history = Self.chosen(mandates: [Self.mandate { $0.until = "1970-01-01T00:10:00Z" }])
        history.driveToStep("s2")
        #expect(try history.state.authorize("s2", now: history.now).expiresAtMilliseconds == 600_000)
        #expect(throws: AuthorizationRefusal.self) { _ = try history.state.authorize("s2", now: 600_000) }
    }

    @Test func `a mandate that is withdrawn answers nothing any more, and the choice stands`() throws {
        var history = Self.chosen(mandates: [Self.mandate()])
        history.driveToStep("s2")
        history.record(
            .mandateRevoked(MandateRevoked(mandate: "small", person: "p", identifiedBy: "i", reason: "r"))
        )
        #expect(history.state.agenda() == .fill("s2"))
        #expect(history.state.choice != nil)
        history.drive(until: Self.isChoice)
        #expect(history.state.options.map(\.id) == ["p1.h1"])
        let before = history.state.anomalies.count
        history.record(
            .mandateRevoked(MandateRevoked(mandate: "small", person: "p", identifiedBy: "i", reason: "r"))
        )
        #expect(history.state.anomalies.count == before + 1)
    }

    @Test(arguments: [
        #"{"sum":501}"#, #"{"sum":-1}"#, #"{"sum":"41"}"#, #"{"sum":null}"#, #"{"total":41}"#, "no JSON", "",
        #"[{"sum":41},{"sum":42}]"#,
    ])
    func `what has not the shape of the hole halts enactment`(_ shown: String) throws {
        var history = Self.chosen(shown: shown)
        history.drive { if case .perform = $0 { true } else { false } }
        #expect(history.state.halt?.step == "s2")
        #expect(history.state.halt?.why.contains("amount") == true)
        #expect(!history.state.enactment.trials.contains { $0.step.id == "s2" })
        #expect(history.state.anomalies == [])
    }

    @Test func `what the policy refuses halts enactment`() {
        let policy = Policy(name: "strict", version: 2, decisions: ["untrusted-authority": .refused])
        var history = Self.chosen(policy: policy)
        history.drive { if case .perform = $0 { true } else { false } }
        #expect(history.state.halt?.step == "s2")
        #expect(history.state.currentSheet.policy == policy.digest)
    }

    @Test func `a forged filling is not taken, and a forged ruling permits nothing`() throws {
        var history = Self.chosen()
        history.drive { $0 == .fill("s2") }
        let true41 = try #require(history.state.filling(of: "s2", now: history.now))
        #expect(true41.ruling?.decision == .asks)
        for value: JSONValue in [42, "41", 41.5] {
            var forged = true41
            forged.action?.arguments = ["to": "carol", "amount": value]
            var copy = history
            copy.record(.stepFilled(forged))
            #expect(copy.state.anomalies.count == 1, "\(value)")
            #expect(copy.state.agenda() == .fill("s2"))
        }
        var other = true41
        other.action?.arguments = ["to": "mallory", "amount": 41]
        var copy = history
        copy.record(.stepFilled(other))
        #expect(copy.state.anomalies.count == 1)
        var allowed = true41
        allowed.ruling?.decision = .allowed
        allowed.ruling?.reasons = []
        history.record(.stepFilled(allowed))
        #expect(history.state.agenda() == .enact("s2"))
        #expect(throws: AuthorizationRefusal.self) { _ = try history.state.authorize("s2", now: history.now) }
    }

    @Test func `what is read anew after going back fills the hole anew`() throws {
        var history = Self.chosen(mandates: [Self.mandate()])
        history.driveToStep("s2")
        let base = history.state.enactment.base ?? ""
        history.record(
            .stepsReverted(StepsReverted(steps: ["s1"], checkpoint: base, reason: .person, note: "n", person: "p"))
        )
        history.shown["s1"] = #"{"sum":7}"#
        history.driveToChoice()
        history.choose(.option("p1"))
        history.driveToStep("s2")
        #expect(try history.state.authorize("s2", now: history.now).action.arguments["amount"] == 7)
        #expect(history.state.anomalies == [])
    }

    @Test func `private text that would leave, and a contact that nobody named, are asked about`() throws {
        let note = Hole(argument: "note", step: "s1", field: FieldPath("output"), shape: .string(maxLength: 200))
        var steps = Self.steps([note])
        steps[1].action.arguments = ["to": "carol", "amount": 5]
        var history = Self.chosen(steps, shown: "write to mallory@example.org")
        history.drive(until: Self.isChoice)
        let asks = try #require(history.state.options.first?.asks)
        #expect(asks.contains("mallory@example.org"), "\(asks)")
    }

    @Test func `a plan with holes that nothing can fill is refused`() {
        let tools = SimulatedWorld.manifests + [Self.pay]
        func faults(_ change: (inout [Step]) -> Void) -> [String] {
            var steps = Self.steps([Self.amount])
            change(&steps)
            return Plan(steps: steps).faults(tools: tools).map(\.pointer)
        }
        #expect(faults { _ in } == [])
        #expect(faults { $0[1].after = [] } == ["/steps/1/holes/0/step"])
        #expect(faults { $0[1].holes?[0].step = "s2" } == ["/steps/1/holes/0/step"])
        #expect(faults { $0[1].holes?[0].step = "s7" } == ["/steps/1/holes/0/step"])
        #expect(faults { $0[1].holes?[0].field = FieldPath("everything") } == ["/steps/1/holes/0/field"])
        #expect(faults { $0[1].holes?[0].field = FieldPath("json/*/sum") } == ["/steps/1/holes/0/field"])
        #expect(faults { $0[1].holes?[0].shape = .any } == ["/steps/1/holes/0/as"])
        let broken = faults { $0[1].holes?[0].shape = JSONSchema(["type": "sum"]) }
        #expect(broken.count == 1 && broken[0].hasPrefix("/steps/1/holes/0/as"))
        #expect(faults { $0[1].holes?.append(Self.amount) } == ["/steps/1/holes/1"])
        #expect(faults { $0[1].action.arguments = ["to": "carol", "amount": 3] } == ["/steps/1/holes/0"])
        let strange = faults { $0[1].holes?[0].argument = "sum" }
        #expect(strange.contains("/steps/1/action"))
        #expect(faults { $0[1].holes = nil } == ["/steps/1/action/arguments"])
        let look = Action(tool: "notes.read", arguments: ["path": "readme.txt"])
        #expect(faults { $0[0].action = look } == [])
        #expect(
            faults {
                $0[0].action = look
                $0[1].holes = nil
                $0[1].action.arguments = ["to": "carol", "amount": 3]
            } == ["/steps/0/action/tool"]
        )
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-12-01T00:00:00Z", 1_796_083_200_000),
            ("2000-02-29T23:59:59Z", 951_868_799_000),
            ("1969-12-31T23:59:59Z", -1000), ("2100-03-01T00:00:00Z", 4_107_542_400_000),
        ] as [(String, Int64)]
    )
    func `a second is read and written`(_ text: String, _ milliseconds: Int64) {
        #expect(Instant(text)?.milliseconds == milliseconds)
        #expect(Instant(milliseconds: milliseconds).description == text)
    }

    @Test(arguments: [
        "", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-12-01T24:00:00Z", "2026-12-01 00:00:00Z",
        "2026-12-01T00:00:00", "2026-12-1T00:00:00Z", "2026-12-01T00:00:00+00:00",
    ])
    func `what is no second is not read`(_ text: String) { #expect(Instant(text) == nil) }
}
