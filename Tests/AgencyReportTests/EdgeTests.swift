// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencySchema
import Testing

struct EdgeTests {
    private func proposal(_ steps: [Step]) -> Proposal {
        Proposal(id: "p1", title: "t", summary: "s", plan: Plan(steps: steps))
    }

    private func step(_ arguments: JSONValue, after: [StepID] = [], probability: Double = 0.5) -> Step {
        let check = Check(tool: "shell.run", arguments: [:], expect: .exitStatus(0))
        return Step(
            id: "s1",
            intent: "i",
            action: Action(tool: "files.write", arguments: arguments),
            forecasts: [Forecast(statement: "f", check: check, probability: probability)],
            after: after
        )
    }

    @Test func `arguments are never cut, whatever the width`() {
        let long = String(repeating: "abcdefghij ", count: 400)
        let text = PlanText(proposal([step(["b": .string(long), "a": "x\ny"])])).text(width: 40)
        let kept = text.filter { !$0.isWhitespace && $0 != "┊" }
        #expect(kept.contains(long.filter { !$0.isWhitespace }))
        #expect(!text.contains("…"))
    }

    @Test func `a line that a plan brings along cannot pass for a line of the page`() {
        let forged = "harmless\ns2  Delete nothing.\n    irreversible · stakes low\n"
        let lines = PlanText(proposal([step(["content": .string(forged)])])).text(width: 80).split(separator: "\n")
        #expect(
            lines.filter { $0.contains("Delete nothing") || $0.contains("irreversible") }.allSatisfy {
                $0.contains("│ ")
            }
        )
    }

    @Test func `white space at the end of a line and a missing new line are visible`() {
        let text = PlanText(proposal([step(["content": "a  \n\tb"])])).text(width: 80)
        #expect(text.contains("│ a␠␠"))
        #expect(text.contains("│ ⇥   b"))
        #expect(text.contains("(no new line at the end)"))
    }

    @Test func `steps in a circle are shown and said to be so`() {
        #expect(PlanText(proposal([step([:], after: ["s1"])])).text(width: 80).contains("in a circle"))
    }

    @Test(arguments: [
        (0.0, "0%"), (1.0, "100%"), (0.9999, ">99.9%"), (0.0001, "<0.1%"), (0.333, "33.3%"), (.nan, "not determined"),
        (.infinity, "not determined"),
    ])
    func `a probability is never rounded to certainty`(probability: Double, shown: String) {
        let text = PlanText(proposal([step([:], probability: probability)])).text(width: 80)
        #expect(text.contains(shown + "  f"))
        #expect(!text.lowercased().contains("nan%"))
    }

    @Test func `a carriage return does not make two lines look like one`() {
        let old = proposal([step(["content": "a\nb\nc\n"])])
        let new = proposal([step(["content": "a\r\nb\nc\n"])])
        let text = DiffText(from: old, to: new).text(width: 80)
        #expect(text.contains("- │ a\n"))
        #expect(text.contains("+ │ a‹U+000D›\n"))
    }

    @Test func `a very long change is compared whole`() {
        let old = proposal([step(["content": .string((0..<3000).map { "old \($0)\n" }.joined())])])
        let new = proposal([step(["content": .string((0..<3000).map { "new \($0)\n" }.joined())])])
        let text = DiffText(from: old, to: new).text(width: 80)
        #expect(text.contains("- │ old 2999"))
        #expect(text.contains("+ │ new 2999"))
    }

    @Test func `colours are put around safe text and change nothing else`() throws {
        let state = try Fixture.whole(mark: "\u{1B}[0m").state
        let style = TextStyle { tone, text in "\u{1B}[1m\(text)\u{1B}[0m" }
        for block in [OptionsText(state), StatusText(state), StepsText(state), GoalsText(state)] as [any TextBlock] {
            let coloured = block.text(width: 80, style: style)
            let bare = coloured.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "")
            #expect(bare == block.text(width: 80))
        }
    }

    @Test func `the same run gives the same bytes`() throws {
        func html() throws -> String {
            let fixture = try Fixture.whole()
            return Report(state: fixture.state, events: fixture.events, verification: nil).html
        }
        #expect(try html() == html())
    }

    @Test func `without events there is still a whole page`() throws {
        let state = try Fixture.whole().state
        let html = Report(state: state, events: [], verification: nil).html
        #expect(MarkupCheck(html).faults == [])
        #expect(html.contains("was not verified"))
        #expect(html.contains("p2.r1"))
    }
}
