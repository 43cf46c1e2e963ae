// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Who did what when as a picture: a lane of people, one of each role, and one of the enactor, on one axis of time.
///
/// Long times in which nothing was recorded are drawn short and marked as such. However many events there are, the picture
/// stays of a bounded size: what is too much to be drawn one by one is drawn as columns, and a sentence says so.
public enum TimelinePicture {
    /// Returns the picture as SVG, which follows the reader's colour scheme.
    public static func svg(_ state: RunState, events: [RecordedEvent]) -> String {
        markup(state, Timeline(state, events: events), isNarrow: false) { _ in nil }.source
    }

    /// The picture for a page, once for wide screens and paper and once for narrow screens.
    ///
    /// - Parameters:
    ///   - state: The run.
    ///   - events: Its events, in order.
    ///   - link: Where the bar of an episode leads; nowhere for `nil`.
    /// - Returns: A figure with a caption.
    package static func figure(
        _ state: RunState,
        events: [RecordedEvent],
        link: @escaping (EpisodeID) -> String?
    ) -> Markup {
        figure(state, Timeline(state, events: events), link: link)
    }

    static func figure(_ state: RunState, _ timeline: Timeline, link: @escaping (EpisodeID) -> String?) -> Markup {
        tag("figure", "broad") {
            tag("div", "wide") { markup(state, timeline, isNarrow: false, link: link) }
            tag("div", "narrow") { markup(state, timeline, isNarrow: true, link: link) }
            tag("figcaption") {
                "Who did what when, in UTC. Point at a bar or a sign to read what it was; a bar leads to its episode."
            }
        }
    }

    private static func markup(
        _ state: RunState,
        _ timeline: Timeline,
        isNarrow: Bool,
        link: @escaping (EpisodeID) -> String?
    ) -> Markup {
        var drawing = TimelineDrawing(timeline, isNarrow: isNarrow, link: link)
        drawing.draw()
        let lanes = timeline.lanes.prefix(TimelineDrawing.mostLanes).map { lane in
            let spans = lane.spans.isEmpty ? [] : [lane.spans.count.counted("bar")]
            let marks = lane.marks.isEmpty ? [] : [lane.marks.count.counted("mark")]
            return "\(lane.name): " + (spans + marks).inWords
        }
        return drawing.canvas.picture(
            isNarrow ? "timeline-narrow" : "timeline",
            title: "Run \(state.run) over time",
            about: (lanes + drawing.notes).joined(separator: "; ")
        )
    }
}
