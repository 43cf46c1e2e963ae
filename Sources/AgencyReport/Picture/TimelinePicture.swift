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
        markup(state, Timeline(state, events: events), isNarrow: false).source
    }

    static func markup(_ state: RunState, _ timeline: Timeline, isNarrow: Bool) -> Markup {
        var drawing = TimelineDrawing(timeline, isNarrow: isNarrow)
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
