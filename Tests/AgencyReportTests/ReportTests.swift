// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import Foundation
import Testing

struct ReportTests {
    private func report(_ fixture: Fixture) -> Report {
        Report(
            state: fixture.state,
            events: fixture.events,
            verification: "\(fixture.events.count) events verified; the chain is whole."
        )
    }

    @Test func `the fixture is a run that could have been`() throws {
        let fixture = try Fixture.whole()
        #expect(fixture.state.anomalies == [])
        #expect(fixture.state.status == .finished)
        #expect(fixture.state.enactment.done.count == 4)
        #expect(fixture.state.choices.count == 2)
    }

    @Test func `the Markdown of a finished run is as committed`() throws {
        try Golden.expect(report(try Fixture.whole()).markdown, is: "report.md")
    }

    @Test func `the page is well formed, and everything that was decided on is there`() throws {
        let fixture = try Fixture.whole()
        let html = report(fixture).html
        let check = MarkupCheck(html)
        #expect(check.faults == [])
        // The run and the architecture, and for wide and for narrow screens the times and the costs.
        #expect(check.elements["svg"] == 6)
        #expect(check.elements["script"] == nil)
        #expect(!html.contains("NaN"))
        for proposal in fixture.state.proposals.values {
            #expect(html.contains(Escape.html(proposal.title)))
            #expect(html.contains(proposal.plan.digest.hex))
            for step in proposal.plan.steps { #expect(html.contains(Escape.html(step.intent))) }
        }
        #expect(html.contains("default-src 'none'") || html.contains("default-src &#39;none&#39;"))
        if let path = ProcessInfo.processInfo.environment["AGENCY_REPORT_SAMPLE"] {
            try Data(html.utf8).write(to: URL(fileURLWithPath: path))
            let waiting = Data(report(try Fixture.waiting()).html.utf8)
            try waiting.write(to: URL(fileURLWithPath: path + ".waiting.html"))
            let hostile = Data(report(try Fixture.whole(mark: Self.hostile)).html.utf8)
            try hostile.write(to: URL(fileURLWithPath: path + ".hostile.html"))
        }
    }

    @Test func `hidden characters are drawn, and a notice says where they are`() throws {
        let clean = report(try Fixture.waiting())
        #expect(!clean.html.contains("idden characters") && !clean.markdown.contains("idden characters"))
        let marked = report(try Fixture.waiting(mark: "\u{200B}\u{E0068}\u{E0069}"))
        for page in [marked.html, marked.markdown] {
            #expect(page.contains("idden characters"))
            #expect(page.contains("‹U+200B›‹tags “hi”›"))
            #expect(!page.unicodeScalars.contains("\u{200B}") && !page.unicodeScalars.contains("\u{E0068}"))
        }
    }

    @Test func `a page of a run of which nothing has happened is well formed too`() {
        let report = Report(state: RunState(run: "r"), events: [], verification: nil)
        #expect(MarkupCheck(report.html).faults == [])
        #expect(report.markdown.contains("Nothing has happened yet."))
    }

    @Test func `rounds that are over are still shown with their explanations`() throws {
        let html = report(try Fixture.whole()).html
        #expect(html.contains("Round 1: p1, p2 and p3"))
        #expect(html.contains("Round 2: p2.r1"))
        #expect(html.contains("Option p2 takes the smallest steps"))
        #expect(html.contains("Option p2.r1 takes the smallest steps"))
        #expect(html.contains("✕ missing: refusal"))
    }

    static let hostile =
        " <script>alert(1)</script> \"><img src=x onerror=alert(1)> '|`]] \u{1B}[2J\u{202E}\u{E0041}\u{200B}\u{9B} -->"

    private static let hidden: [Unicode.Scalar] = ["\u{1B}", "\u{202E}", "\u{E0041}", "\u{200B}", "\u{9B}"]

    @Test func `hostile text in every field stays text on the page`() throws {
        let fixture = try Fixture.whole(mark: Self.hostile)
        #expect(fixture.state.anomalies == [])
        let html = report(fixture).html
        let check = MarkupCheck(html)
        #expect(check.faults == [])
        #expect(check.elements["script"] == nil)
        #expect(check.elements["img"] == nil)
        #expect(html.components(separatedBy: "&lt;script&gt;").count > 200)
        for scalar in Self.hidden { #expect(!html.unicodeScalars.contains(scalar)) }
    }

    @Test func `hostile text in every field stays text in Markdown`() throws {
        let markdown = report(try Fixture.whole(mark: Self.hostile)).markdown
        for scalar in Self.hidden { #expect(!markdown.unicodeScalars.contains(scalar)) }
        var fence: Substring?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let mark = fence {
                if line == mark { fence = nil }
                continue
            }
            if line.hasPrefix("```") {
                fence = line.prefix { $0 == "`" }
            } else {
                let prose = Self.withoutCode(line)
                #expect(!prose.contains("<script"), "in: \(line.prefix(120))")
                #expect(!prose.contains("<img"), "in: \(line.prefix(120))")
            }
        }
        #expect(fence == nil)
    }

    /// The line without its code spans, by CommonMark's rule: a run of backticks is closed by a run as long.
    private static func withoutCode(_ line: Substring) -> String {
        var result = ""
        var rest = line
        while let start = rest.firstIndex(of: "`") {
            let isEscaped = start > rest.startIndex && rest[rest.index(before: start)] == "\\"
            let run = rest[start...].prefix { $0 == "`" }
            result += rest[..<start]
            rest = rest[run.endIndex...]
            if isEscaped { continue }
            var search = rest
            while let close = search.firstIndex(of: "`") {
                let closing = search[close...].prefix { $0 == "`" }
                search = search[closing.endIndex...]
                if closing.count == run.count {
                    rest = search
                    break
                }
            }
        }
        return result + rest
    }

    @Test func `hostile text in every field stays text at a terminal`() throws {
        let waiting = try Fixture.waiting(mark: Self.hostile).state
        let whole = try Fixture.whole(mark: Self.hostile).state
        var blocks: [any TextBlock] = [
            OptionsText(waiting), StepsText(whole), StatusText(whole), StatusText(waiting), GoalsText(whole),
        ]
        for proposal in whole.proposals.values {
            blocks.append(PlanText(proposal))
            if let parent = proposal.parent.flatMap({ whole.proposals[$0] }) {
                blocks.append(DiffText(from: parent, to: proposal))
            }
        }
        for block in blocks {
            for width in [20, 40, 80, 200] {
                let text = block.text(width: width)
                for scalar in Self.hidden { #expect(!text.unicodeScalars.contains(scalar)) }
                let longest = text.split(separator: "\n").map(\.count).max() ?? 0
                #expect(longest <= max(40, width), "\(type(of: block)) at \(width)")
            }
        }
    }
}
