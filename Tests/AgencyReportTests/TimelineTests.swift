// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import Foundation
import Testing

struct TimelineTests {
    private static let day: Int64 = 86_400_000

    /// The bars of a picture: where each begins and how wide it is, by what a reader is told of it.
    private func bars(_ svg: String) -> [(x: Int, width: Int, about: String)] {
        svg.components(separatedBy: "<rect class=\"oa-span").dropFirst().compactMap { piece in
            func number(_ name: String) -> Int? {
                Int(piece.components(separatedBy: " \(name)=\"").dropFirst().first?.prefix { $0 != "\"" } ?? "")
            }
            let about = piece.components(separatedBy: "<title>").dropFirst().first?.components(separatedBy: "</title>")
            guard let x = number("x"), let width = number("width"), let about = about?.first else { return nil }
            return (x, width, about)
        }
    }

    /// The same run with some time more before an event, and after it.
    private func waiting(_ milliseconds: Int64, in fixture: Fixture, before type: String) -> [RecordedEvent] {
        var shift: Int64 = 0
        return fixture.events.map { recorded in
            if shift == 0, recorded.event.type == type { shift = milliseconds }
            return RecordedEvent(
                sequence: recorded.sequence,
                atMilliseconds: recorded.atMilliseconds + shift,
                event: recorded.event
            )
        }
    }

    @Test func `every episode and every step is a bar in the lane of who performed it`() throws {
        let fixture = try Fixture.whole()
        let svg = TimelinePicture.svg(fixture.state, events: fixture.events)
        #expect(MarkupCheck(svg).faults == [])
        for record in fixture.state.episodes.values {
            #expect(svg.contains("<title>\(record.order.id) · "))
            #expect(svg.contains(">\(record.order.role)</text>"))
        }
        let steps = fixture.events.count { if case .stepIntended = $0.event { true } else { false } }
        #expect(bars(svg).count { $0.about.contains("step kept") || $0.about.contains("step undone") } >= steps)
        #expect(svg.contains(">people</text>") && svg.contains(">enactor</text>"))
        #expect(svg.contains("refusal, by "))
        #expect(svg.contains("choice recorded: uid 1000 chose p2"))
    }

    @Test func `episodes side by side are drawn one below the other, and later ones further to the right`() throws {
        let fixture = try Fixture.whole()
        let bars = bars(TimelinePicture.svg(fixture.state, events: fixture.events))
        let first = try #require(bars.first { $0.about.hasPrefix("0.propose.") })
        let judged = try #require(bars.first { $0.about.hasPrefix("0.evaluate.") })
        let revised = try #require(bars.first { $0.about.hasPrefix("0.revise.") })
        #expect(first.x + first.width <= judged.x)
        #expect(judged.x + judged.width <= revised.x)
    }

    @Test func `two days of waiting are drawn short, and the picture says so`() throws {
        let fixture = try Fixture.whole()
        let events = waiting(2 * Self.day, in: fixture, before: "choice_recorded")
        let svg = TimelinePicture.svg(fixture.state, events: events)
        #expect(svg.contains("48.1 h in which nothing was recorded, drawn short"))
        #expect(svg.contains("drawn short and shaded; the rest is in proportion."))
        #expect(svg.contains(">48.1 h</text>"))
        // Without it, everything before the choice would lie within one unit.
        let proposals = bars(svg).filter { $0.about.hasPrefix("0.propose.") || $0.about.hasPrefix("0.evaluate.") }
        #expect(proposals.count > 6)
        let from = proposals.map(\.x).min() ?? 0
        let to = proposals.map { $0.x + $0.width }.max() ?? 0
        #expect(to - from > 200)
        #expect(bars(svg).contains { $0.about.contains("waiting for a person") && $0.width < 120 })
    }

    @Test func `a long episode is no waiting, and is drawn in proportion`() {
        let prompt = ArtefactReference(Digest(of: "prompt"))
        var events: [RecordedEvent] = []
        for (number, length) in [60_000, 5000, 5000].enumerated() {
            let order = EpisodeOrder(id: EpisodeID("0.propose.planner.\(number)"), role: "planner", task: .propose)
            let start = EpisodeStarted(order: order, prompt: prompt, performer: "small")
            let end = EpisodeFailed(
                episode: order.id,
                code: "empty",
                message: "nothing",
                transcript: prompt,
                usage: Usage(),
                milliseconds: length
            )
            let at = events.last?.atMilliseconds ?? 1_773_480_413_000
            let until = at + Int64(length)
            events.append(RecordedEvent(sequence: events.count, atMilliseconds: at, event: .episodeStarted(start)))
            events.append(RecordedEvent(sequence: events.count, atMilliseconds: until, event: .episodeFailed(end)))
        }
        let svg = TimelinePicture.svg(RunState(run: "r"), events: events)
        #expect(!svg.contains("drawn short"))
        let widths = bars(svg).filter { $0.about.hasPrefix("0.propose.") }.map(\.width)
        #expect(widths.count == 3)
        #expect(widths.first.map { $0 > 8 * (widths.last ?? 0) } == true)
    }

    @Test func `a run of two seconds is drawn in proportion, with parts of seconds named`() {
        var state = RunState(run: "r")
        var events: [RecordedEvent] = []
        for (index, at) in [0, 500, 1000, 1500, 2000].enumerated() {
            let act = PersonActed(person: "ada", identifiedBy: "terminal")
            let event: Event = index.isMultiple(of: 2) ? .runPaused(act) : .runContinued(act)
            events.append(RecordedEvent(sequence: index, atMilliseconds: 1_773_480_413_000 + Int64(at), event: event))
        }
        for event in events { state.apply(event) }
        let svg = TimelinePicture.svg(state, events: events)
        #expect(!svg.contains("drawn short"))
        #expect(svg.contains(">09:26:54.000</text>"))
    }

    @Test func `a run of a hundred thousand events has a picture of a bounded size that says what is gathered`() throws
    {
        let fixture = try Fixture.waiting()
        var events = fixture.events
        let order = EpisodeOrder(id: "x", role: "auditor", task: .evaluate)
        let prompt = ArtefactReference(Digest(of: "prompt"))
        var at = events.last?.atMilliseconds ?? 0
        for number in 0..<50_000 {
            var order = order
            order.id = EpisodeID("1.evaluate.auditor.\(number)")
            let start = EpisodeStarted(order: order, prompt: prompt, performer: "small")
            let end = EpisodeFailed(
                episode: order.id,
                code: "empty",
                message: "nothing",
                transcript: prompt,
                usage: Usage(inputTokens: 3, outputTokens: 4),
                milliseconds: 5
            )
            events.append(RecordedEvent(sequence: events.count, atMilliseconds: at, event: .episodeStarted(start)))
            at += 5
            events.append(RecordedEvent(sequence: events.count, atMilliseconds: at, event: .episodeFailed(end)))
        }
        let svg = TimelinePicture.svg(fixture.state, events: events)
        #expect(MarkupCheck(svg).faults == [])
        #expect(svg.utf8.count < 200_000)
        #expect(svg.contains("auditor: 50,003 are too many to draw one by one"))
        let costs = CostPicture.svg(fixture.state, events: events)
        #expect(MarkupCheck(costs).faults == [])
        #expect(costs.utf8.count < 40_000)
    }

    @Test func `the steps of a long work are bars, and are counted among the costs`() throws {
        let prompt = ArtefactReference(Digest(of: "prompt"))
        let begun = IterationBegun(role: "mover", prompt: prompt, performer: "small")
        var events = [RecordedEvent(sequence: 0, atMilliseconds: 1_773_480_413_000, event: .iterationBegun(begun))]
        for number in 1...3 {
            let advanced = try StateAdvanced(
                number: number,
                answers: ["{}"],
                votes: [0],
                winner: 0,
                usage: Usage(inputTokens: 300, outputTokens: 41, calls: 1),
                milliseconds: 900
            )
            let at = 1_773_480_413_000 + Int64(number) * 1000
            events.append(RecordedEvent(sequence: number, atMilliseconds: at, event: .stateAdvanced(advanced)))
        }
        let state = RunState(run: "r")
        let drawn = bars(TimelinePicture.svg(state, events: events)).filter { $0.about.contains("of the work") }
        #expect(drawn.map { $0.about.prefix(6) } == ["step 1", "step 2", "step 3"])
        #expect(drawn.first?.about.contains("900 ms") == true)
        let markdown = Report(state: state, events: events, verification: nil).markdown
        #expect(markdown.contains("| mover | small | 3 | 1,023 |"))
        #expect(CostPicture.svg(state, events: events).contains(">1,023</text>"))
    }

    @Test func `many roles are gathered into the last lanes`() {
        let prompt = ArtefactReference(Digest(of: "prompt"))
        let events = (0..<200).map { number in
            let role = RoleName("role-\(number)")
            let order = EpisodeOrder(id: EpisodeID("0.evaluate.\(role)"), role: role, task: .evaluate)
            let start = EpisodeStarted(order: order, prompt: prompt, performer: "small")
            return RecordedEvent(sequence: number, atMilliseconds: Int64(number) * 10, event: .episodeStarted(start))
        }
        let svg = TimelinePicture.svg(RunState(run: "r"), events: events)
        #expect(svg.contains(">177 other roles</text>"))
        #expect(svg.contains(">role-22</text>") && !svg.contains(">role-23</text>"))
    }

    @Test func `times that no clock shows are drawn all the same`() {
        let act = PersonActed(person: "ada", identifiedBy: "terminal")
        let events = [Int64.max, .min, 5, 5, .max, 0].enumerated().map { index, at in
            RecordedEvent(sequence: index, atMilliseconds: at, event: .runPaused(act))
        }
        let svg = TimelinePicture.svg(RunState(run: "r"), events: events)
        #expect(MarkupCheck(svg).faults == [])
        #expect(!svg.contains("NaN"))
        #expect(MarkupCheck(TimelinePicture.svg(RunState(run: "r"), events: [])).faults == [])
        #expect(MarkupCheck(CostPicture.svg(RunState(run: "r"), events: events)).faults == [])
    }

    @Test func `on a page, the bar of an episode leads to it`() throws {
        let fixture = try Fixture.whole()
        let figure = TimelinePicture.figure(fixture.state, events: fixture.events) { "#episode-\($0)" }.source
        #expect(MarkupCheck(figure).faults == [])
        let html = Report(state: fixture.state, events: fixture.events, verification: nil).html
        for id in fixture.state.episodeOrder {
            #expect(figure.contains("<a href=\"#episode-\(id)\"><rect"))
            #expect(html.contains("id=\"episode-\(id)\""))
        }
        #expect(!TimelinePicture.svg(fixture.state, events: fixture.events).contains("href"))
    }

    @Test func `hostile names and words stay text, and the same events give the same bytes`() throws {
        let fixture = try Fixture.whole(mark: ReportTests.hostile)
        for svg in [
            TimelinePicture.svg(fixture.state, events: fixture.events),
            CostPicture.svg(fixture.state, events: fixture.events),
        ] {
            let check = MarkupCheck(svg)
            #expect(check.faults == [])
            #expect(check.elements["script"] == nil && check.elements["img"] == nil)
            #expect(!svg.unicodeScalars.contains("\u{202E}") && !svg.unicodeScalars.contains("\u{1B}"))
        }
        let svg = TimelinePicture.svg(fixture.state, events: fixture.events)
        #expect(svg.contains("&lt;script&gt;"))
        for _ in 0..<3 {
            #expect(svg == TimelinePicture.svg(fixture.state, events: fixture.events))
        }
    }

    @Test func `where nothing was consumed there is a sentence and no picture`() throws {
        let fixture = try Fixture.filled()
        let html = Report(state: fixture.state, events: fixture.events, verification: nil).html
        #expect(html.contains("Nothing was consumed that is counted in tokens or money; it was bounded all the same"))
        #expect(MarkupCheck(html).elements["svg"] == 4)
    }

    @Test func `the costs end at what was consumed, and name what bounded them`() throws {
        let fixture = try Fixture.whole()
        let svg = CostPicture.svg(fixture.state, events: fixture.events)
        #expect(MarkupCheck(svg).faults == [])
        #expect(svg.contains("≈ \(fixture.state.spent.tokens.grouped)"))
        #expect(svg.contains(fixture.state.spent.money.description))
        #expect(svg.contains("the brief allows 600,000"))
        let architecture = try #require(fixture.state.architecture)
        let brief = try #require(fixture.state.started?.brief)
        let worst = architecture.bounds(for: brief, profiles: []).tokens.grouped
        #expect(svg.contains("worst case computed from the architecture \(worst)"))
    }
}
