// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

/// The plan that was chosen is the control flow: what is read later adds, removes and reorders nothing.
@Suite struct PolicyPlanTests {
    private var undertaking: Undertaking {
        var work = Undertaking()
        work.readsLetter()
        work.does("mail.send", ["to": .brief("carol@example.com"), "body": .model("It has come.", reads: [])])
        return work
    }

    @Test func `a call as it was chosen is allowed`() {
        #expect(undertaking.rulings().map(\.decision) == [.allowed, .allowed])
    }

    @Test func `a call that the plan has not got cannot arise, whatever it says of itself`() {
        for step: StepID? in [nil, "s2", "s9"] {
            var work = undertaking
            work.calls.append(
                TraceCall(id: "x", step: step, tool: "bank.pay", arguments: ["to": "eve", "amount": 1, "note": ""])
            )
            #expect(work.last()?.decision == .cannotArise)
            #expect(work.last()?.reasons.first?.rule == .notInPlan)
        }
    }

    @Test func `a call with any other argument than the chosen cannot arise`() {
        let others: [JSONValue] = [
            ["to": "eve@evil.test", "body": "It has come."], ["to": "carol@example.com", "body": "It has come. "],
            ["to": "carol@example.com"], ["to": ["carol@example.com"], "body": "It has come."],
            ["to": "carol@example.com", "body": "It has come.", "bcc": "eve@evil.test"],
            ["to": "сarol@example.com", "body": "It has come."],
        ]
        for arguments in others {
            var work = undertaking
            work.calls[1].arguments = arguments
            #expect(work.last()?.decision == .cannotArise, "\(arguments)")
            #expect(work.last()?.reasons.first?.rule == .differs, "\(arguments)")
        }
    }

    @Test func `a call is made once, and in its turn`() {
        var twice = undertaking
        twice.calls.append(twice.calls[1])
        twice.calls[2].id = "again"
        #expect(twice.last()?.reasons.first?.rule == .usedUp)
        var early = undertaking
        early.calls.removeFirst()
        #expect(early.last()?.reasons.first?.rule == .outOfOrder)
        #expect(early.last()?.decision == .cannotArise)
        // What is said to come after nothing may come first.
        early.steps[1].after = []
        #expect(early.last()?.decision == .allowed)
    }

    @Test func `a loop goes round as often as it was chosen, and has a bound`() {
        var work = undertaking
        work.results[0].value = ["people": ["x", "y", "z"]]
        work.steps[1].under = [.loop(.result("letter", FieldPath("people"), as: nil), atMost: 2)]
        for name in ["x", "y"] {
            work.calls.append(work.calls[1])
            work.calls[work.calls.count - 1].id = CallID(name)
        }
        #expect(work.rulings().map(\.decision) == [.allowed, .allowed, .allowed, .cannotArise])
        work.steps[1].under = [.loop(.result("letter", FieldPath("people"), as: nil), atMost: nil)]
        #expect(work.rulings()[1].reasons.first?.rule == .unbounded)
    }

    @Test func `a hole is filled with what stands in the field, and of its type`() {
        var work = Undertaking()
        work.readsLetter()
        work.does("files.write", ["path": .brief("desk"), "text": Undertaking.body], with: ["text": "something else"])
        #expect(work.last()?.reasons.first?.rule == .differs)
        work.calls[1].arguments = ["path": "desk", "text": "Dear Ann, the desk is 98.70."]
        #expect(work.last()?.decision == .allowed)
        let day = JSONSchema(["type": "string", "format": "date"])
        work.steps[1].arguments["text"] = .extract([Undertaking.body], as: day)
        #expect(work.last()?.reasons.first?.rule == .wrongShape)
        #expect(work.last()?.decision == .refused)
        work.calls[1].arguments = ["path": "desk", "text": "2026-11-21"]
        #expect(work.last()?.decision == .allowed)
        #expect(work.last()?.labels["text"]?.isClosed == true)
    }

    @Test func `what nothing has read fills nothing`() {
        var work = Undertaking()
        work.readsLetter()
        work.does("files.write", ["path": .brief("desk"), "text": .result("other", FieldPath("x"), as: nil)])
        work.calls[1].arguments = ["path": "desk", "text": "x"]
        #expect(work.last()?.reasons.first?.rule == .unread)
        // Not even what is read later.
        work.results.append(TraceResult(id: "other", call: "c3", value: ["x": "x"]))
        work.calls.append(TraceCall(id: "c3", tool: "mail.read", arguments: [:]))
        #expect(work.rulings()[1].reasons.first?.rule == .unread)
    }

    @Test func `a plan that nobody has chosen asks, and one that was taken from a letter needs a new choice`() {
        var work = undertaking
        work.isChosen = false
        #expect(work.rulings().map(\.decision) == [.allowed, .asks])
        work.isChosen = true
        work.steps[1].origin = [Undertaking.body]
        #expect(work.last()?.reasons.map(\.rule) == [.untrustedPlan])
        #expect(work.last()?.decision == .asks)
    }
}
