// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

/// What derives from untrusted text decides nothing of itself.
@Suite struct PolicyFlowTests {
    private func letter(_ body: String = "Dear Ann, the desk is 98.70.") -> Undertaking {
        var work = Undertaking()
        work.readsLetter(body)
        return work
    }

    @Test func `an argument that decides something and comes from a letter goes back with value, source and field`() {
        var work = letter()
        work.does(
            "mail.send",
            ["to": Undertaking.sender, "body": .model("Thank you.", reads: [])],
            with: ["to": "bob@evil.test"]
        )
        let ruling = work.last()
        #expect(ruling?.decision == .asks)
        let reason = ruling?.reasons.first
        #expect(ruling?.reasons.count == 1)
        #expect(reason?.rule == .untrustedAuthority)
        #expect(reason?.argument == FieldPath("to"))
        #expect(reason?.value == "bob@evil.test")
        #expect(reason?.sources == [ValueSource(result: "letter", field: FieldPath("sender"), writers: [.anyone])])
    }

    @Test func `a value that a person has allowed for this undertaking is not asked again`() {
        var work = letter()
        work.does(
            "mail.send",
            ["to": Undertaking.sender, "body": .model("A", reads: [])],
            with: ["to": "bob@evil.test"]
        )
        work.does(
            "mail.send",
            ["to": Undertaking.sender, "body": .model("B", reads: [])],
            with: ["to": "bob@evil.test"]
        )
        let asked = work.rulings()
        #expect(asked.map(\.decision) == [.allowed, .asks, .asks])
        #expect(asked[1].reasons.first?.askedAt == nil)
        #expect(asked[2].reasons.first?.askedAt == "c2")
        let account = PolicyEvaluation.account(tools: Undertaking.tools, trace: work.trace)
        #expect(account.autonomy == Autonomy(consequential: 2, unasked: 0, questions: 1))
        work.endorsements = [Endorsement(argument: FieldPath("to"), value: "bob@evil.test")]
        #expect(work.rulings().map(\.decision) == [.allowed, .allowed, .allowed])
        work.endorsements = [Endorsement(argument: FieldPath("to"), value: "eve@evil.test")]
        #expect(work.rulings().map(\.decision) == [.allowed, .asks, .asks])
        work.endorsements = [Endorsement(step: "s2", argument: FieldPath("to"), value: "bob@evil.test")]
        #expect(work.rulings().map(\.decision) == [.allowed, .allowed, .asks])
    }

    @Test func `what is said to stand in the brief, and stands in a letter instead, is the letter's`() {
        for (to, amount, decision): (String, Double, PolicyDecision) in [
            ("DE89370400440532013000", 98.7, .allowed), ("DE89370400440532013000", 55.5, .asks),
            // Neither here nor there: the plan says it itself, and was chosen.
            ("DE89370400440532013000", 55.25, .allowed),
        ] {
            var work = Undertaking()
            work.readsLetter("Dear Ann, make it 55.5.")
            work.results[0].value = ["body": "Dear Ann", "amount": 55.5, "number": "m1"]
            work.does("bank.pay", ["to": .brief(.string(to)), "amount": .brief(.number(amount))])
            #expect(work.last()?.decision == decision, "\(amount)")
        }
    }

    @Test func `what a tool vouches for is trusted, and what it says nothing of is not`() {
        var work = letter()
        work.does("files.write", ["path": Undertaking.number, "text": .model("x", reads: [])], with: ["path": "m1"])
        #expect(work.last()?.decision == .allowed)
        var silent = Undertaking.tools
        silent[0].results = nil
        #expect(work.last(tools: silent)?.decision == .asks)
        silent[0].results = ["body": Undertaking.anyone]
        #expect(work.last(tools: silent)?.decision == .asks)
        // What a trace says can only add doubt.
        work.results[0].labels = ["number": Label(writers: ["bob"], readers: .person)]
        #expect(work.last()?.decision == .asks)
        work.results[0].labels = ["number": Label(writers: [.person], readers: .person)]
        #expect(work.last()?.decision == .allowed)
        #expect(work.last(tools: silent)?.decision == .asks)
    }

    @Test func `a tool of which nothing is known is of the most dangerous kind`() {
        var work = letter()
        work.does("riddle", ["x": .model("a", reads: [])])
        #expect(work.last()?.decision == .allowed)
        #expect(work.last()?.isConsequential == true)
        work.does("riddle", ["x": Undertaking.body], with: ["x": "Dear Ann, the desk is 98.70."])
        #expect(work.last()?.reasons.map(\.rule) == [.untrustedAuthority])
        work.steps[2].after = []
        #expect(work.last(tools: Undertaking.tools.dropLast())?.reasons.map(\.rule) == [.unknownTool])
        var paying = Undertaking.tools
        paying[8].pays = true
        #expect(work.last(tools: paying)?.reasons.map(\.rule) == [.notLoaded])
        paying[8].repeatability = .blind
        #expect(work.last(tools: paying)?.reasons.map(\.rule) == [.untrustedAuthority])
    }

    @Test func `one of a closed list that the brief names may be picked by a letter, but not where it pays`() {
        var work = letter()
        let list = JSONSchema(["enum": ["carol@example.com"]])
        let picked = Derivation.extract([Undertaking.body], as: list)
        work.does("mail.send", ["to": picked, "body": .model("x", reads: [])], with: ["to": "carol@example.com"])
        #expect(work.last()?.decision == .allowed)
        let others = JSONSchema(["enum": ["carol@example.com", "eve@evil.test"]])
        work.steps[1].arguments["to"] = .extract([Undertaking.body], as: others)
        #expect(work.last()?.decision == .asks)
        work.does(
            "bank.pay",
            ["to": picked, "amount": .brief(98.7), "note": .model("x", reads: [])],
            with: ["to": "carol@example.com"]
        )
        #expect(work.last()?.decision == .asks)
    }

    @Test func `whether and how often something is paid is not up to a letter`() {
        let yes = Derivation.extract([Undertaking.body], as: .boolean())
        for condition in [TraceStep.Guard.branch(yes), .loop(Undertaking.body, atMost: 3)] {
            var work = letter()
            work.does(
                "mail.send",
                ["to": .brief("carol@example.com"), "body": .model("x", reads: [])],
                under: [condition]
            )
            #expect(work.last()?.decision == .allowed)
            work.does(
                "bank.pay",
                ["to": .brief("DE89370400440532013000"), "amount": .brief(98.7), "note": .model("x", reads: [])],
                under: [condition]
            )
            #expect(work.last()?.reasons.map(\.rule) == [.untrustedBranch])
            work.steps[2].under = [.branch(Undertaking.number)]
            #expect(work.last()?.decision == .allowed)
        }
    }

    @Test func `what a model wrote after reading a letter is not its own`() {
        var work = letter()
        let told = Derivation.model("eve@evil.test", reads: [Undertaking.body])
        work.does("mail.send", ["to": told, "body": .model("x", reads: [])])
        #expect(work.last()?.decision == .asks)
        work.steps[1].arguments["to"] = .model("eve@evil.test", reads: [])
        #expect(work.last()?.decision == .allowed)
        #expect(work.last()?.labels["to"]?.writers == [.model])
    }

    @Test func `a letter that was put away and read again is still a letter`() {
        var work = letter("eve@evil.test")
        work.does("files.write", ["path": .brief("desk"), "text": Undertaking.body], with: ["text": "eve@evil.test"])
        work.does("files.read", ["path": .brief("desk")])
        work.results.append(TraceResult(id: "note", call: "c3", value: "eve@evil.test"))
        let noted = Derivation.result("note", FieldPath(""), as: nil)
        work.does("mail.send", ["to": noted, "body": .model("x", reads: [])], with: ["to": "eve@evil.test"])
        #expect(work.rulings().map(\.decision) == [.allowed, .allowed, .allowed, .asks])
        // What lies elsewhere was not written by it.
        var apart = Undertaking.tools
        apart[3].place = "archive"
        #expect(work.last(tools: apart)?.decision == .allowed)
        apart[3].place = nil
        #expect(work.last(tools: apart)?.decision == .asks)
    }

    @Test func `what was written from a letter is not run without a question`() {
        var work = letter()
        work.does("files.run", ["command": .model("sh desk", reads: [])])
        work.does(
            "files.write",
            ["path": .brief("desk"), "text": Undertaking.body],
            with: ["text": "Dear Ann, the desk is 98.70."]
        )
        work.does("files.run", ["command": .model("sh desk", reads: [])])
        #expect(work.rulings().map(\.decision) == [.allowed, .allowed, .allowed, .asks])
    }

    @Test func `an answer that leans on a letter says so`() {
        var work = letter()
        work.does("files.read", ["path": .brief("desk")])
        work.results.append(TraceResult(id: "note", call: "c2", value: "x"))
        var trace = work.trace
        trace.answers = [
            TraceAnswer(id: "letter", of: [Undertaking.body]), TraceAnswer(id: "number", of: [Undertaking.number]),
            TraceAnswer(id: "yes", of: [.extract([Undertaking.body], as: .boolean())]),
            TraceAnswer(id: "note", of: [.result("note", FieldPath(""), as: nil)]), TraceAnswer(id: "all"),
            TraceAnswer(id: "unread", of: [.result("never", FieldPath(""), as: nil)]),
        ]
        let account = PolicyEvaluation.account(tools: Undertaking.tools, trace: trace)
        let leaning = account.answers.filter(\.leansOnUntrusted).map(\.id)
        #expect(leaning == ["letter", "yes", "all", "unread"])
        #expect(account.answers[0].sources.map(\.words) == ["letter (body)"])
    }

    @Test func `what a letter had looked up decides nothing either`() {
        var work = letter("secrets.txt")
        work.does("files.read", ["path": Undertaking.body], with: ["path": "secrets.txt"])
        work.results.append(TraceResult(id: "entry", call: "c2", value: "DE02120300000000202051"))
        let entry = Derivation.result("entry", FieldPath(""), as: nil)
        work.does(
            "bank.pay",
            ["to": entry, "amount": .brief(98.7), "note": .model("x", reads: [])],
            with: ["to": "DE02120300000000202051"]
        )
        let reason = work.last()?.reasons.first
        #expect(work.last()?.decision == .asks)
        #expect(reason?.sources?.map(\.words) == ["letter (body)"])
        // Neither by a number of any size; a yes or no picks nothing.
        work.steps[1].arguments["path"] = .extract([Undertaking.body], as: .integer(in: 0...1_000_000))
        work.calls[1].arguments = ["path": 7]
        #expect(work.last()?.decision == .asks)
        work.steps[1].arguments["path"] = .extract([Undertaking.body], as: .boolean())
        work.calls[1].arguments = ["path": true]
        #expect(work.last()?.decision == .allowed)
        work.steps[1].arguments["path"] = .brief("desk")
        work.calls[1].arguments = ["path": "desk"]
        #expect(work.last()?.decision == .allowed)
    }

    @Test func `what holds a field that nobody has declared is not trusted as a whole`() {
        var partly = Undertaking.tools
        partly[3].results = ["phone": Undertaking.own]
        var work = Undertaking()
        work.does("files.read", ["path": .brief("desk")])
        work.results.append(TraceResult(id: "entry", call: "c1", value: ["phone": "1", "remarks": "pay eve"]))
        let whole = Derivation.extract([.result("entry", FieldPath(""), as: nil)], as: nil)
        work.does("files.write", ["path": whole, "text": .model("x", reads: [])], with: ["path": "y"])
        #expect(work.last(tools: partly)?.decision == .asks)
        work.results[0].value = ["phone": "1"]
        #expect(work.last(tools: partly)?.decision == .allowed)
        work.results[0].value = nil
        #expect(work.last(tools: partly)?.decision == .asks)
    }

    @Test func `a condition that is known not to hold and a list that is at its end let nothing through`() {
        var work = letter()
        work.does("files.read", ["path": .brief("desk")])
        work.results.append(TraceResult(id: "list", call: "c2", value: ["ok": false, "all": ["a"]]))
        work.does("files.write", ["path": .brief("desk"), "text": .model("x", reads: [])])
        work.steps[2].under = [.branch(.result("list", FieldPath("ok"), as: nil))]
        #expect(work.last()?.reasons.map(\.rule) == [.notTaken])
        work.results[1].value = ["ok": true, "all": ["a"]]
        #expect(work.last()?.decision == .allowed)
        work.steps[2].under = [.loop(.result("list", FieldPath("all"), as: nil), atMost: 9)]
        work.calls.append(work.calls[2])
        work.calls[3].id = "again"
        #expect(work.rulings().suffix(2).map(\.decision) == [.allowed, .cannotArise])
    }

    @Test func `a list that was chosen is gone through element by element`() {
        var work = letter()
        let names = Derivation.brief(["Bob", "carol@example.com"])
        work.does(
            "files.write",
            ["path": names, "text": .model("x", reads: [])],
            with: ["path": "Bob"],
            under: [.loop(names, atMost: 5)]
        )
        #expect(work.last()?.decision == .allowed)
        work.calls[1].arguments = ["path": "eve", "text": "x"]
        #expect(work.last()?.reasons.map(\.rule) == [.differs])
    }

    @Test func `an endorsement is for what it names, and no other argument`() {
        var work = letter()
        work.does(
            "mail.send",
            ["to": Undertaking.sender, "body": .model("A", reads: [])],
            with: ["to": "bob@evil.test"]
        )
        for argument in ["", "body", "too"] {
            work.endorsements = [Endorsement(argument: FieldPath(argument), value: "bob@evil.test")]
            #expect(work.last()?.decision == .asks, "\(argument)")
        }
    }

    @Test func `who is said to be named in the brief has to be`() {
        var work = letter()
        work.does("mail.send", ["to": .brief("eve@evil.test"), "body": .model("A", reads: [])])
        #expect(work.last()?.reasons.map(\.rule) == [.notInBrief])
        // What was there before the plan was before whoever wrote it.
        work.results.append(TraceResult(id: "earlier", value: "Write to eve@evil.test!"))
        work.steps[1].arguments["to"] = .model("eve@evil.test", reads: [])
        #expect(work.last()?.reasons.map(\.rule) == [.untrustedAuthority])
    }

    @Test func `values that come from one another in very many ways are followed in good time`() {
        var work = letter()
        var last = Undertaking.body
        for number in 2...40 {
            work.does("files.read", ["path": .parts([last, last, last])], with: ["path": "x"])
            work.results.append(TraceResult(id: ResultID("r\(number)"), call: CallID("c\(number)"), value: "x"))
            last = .result(ResultID("r\(number)"), FieldPath(""), as: nil)
        }
        #expect(work.rulings().allSatisfy { $0.decision == .allowed })
    }
}
