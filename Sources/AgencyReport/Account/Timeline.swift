// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Who did what when: lanes side by side, of people, of each role, and of the enactor.
struct Timeline: Sendable {
    /// Something that took a while.
    struct Span: Hashable, Sendable {
        var start: Int64
        var end: Int64
        var kind: Kind
        /// What it was: an episode, a step, or a wait.
        var name: String
        /// Who performed it, or what became of it.
        var note: String
        /// The episode, where it was one that is known by its name.
        var episode: EpisodeID?

        /// What a reader is told who points at it.
        var about: String {
            let time = "\(UTC.text(milliseconds: start)), \(Int(clamping: end - start).millisecondsText)"
            return [name, note, kind.rawValue, time].filter { !$0.isEmpty }.joined(separator: " · ")
        }
    }

    /// How something that took a while stands.
    enum Kind: String, CaseIterable, Sendable {
        case completed, failed
        case recorded = "recorded answers"
        case underWay = "not over"
        case waiting = "waiting for a person"
        case paused
        case kept = "step kept"
        case undone = "step undone or halted"
    }

    /// Something that happened at one moment.
    struct Mark: Hashable, Sendable {
        var at: Int64
        var sign: Sign
        var about: String

        /// The shape of a mark.
        enum Sign: String, CaseIterable, Sendable {
            case choice = "▶"
            case question = "?"
            case act = "●"
            case stop = "■"
            case back = "↩"
        }
    }

    /// What one of them did.
    struct Lane: Hashable, Sendable {
        var of: Actor
        var name: String
        var spans: [Span] = []
        var marks: [Mark] = []

        /// Whose lane it is.
        enum Actor { case people, role, enactor }
    }

    /// The lanes in which there is something, people first and the enactor last.
    private(set) var lanes: [Lane] = []
    /// The times at which something was recorded, in order, each once.
    private(set) var times: [Int64] = []

    /// Follows the events of a run; without events there is nothing to tell.
    init(_ state: RunState, events: [RecordedEvent]) {
        var reader = TimelineReader(state)
        for recorded in events { reader.take(recorded) }
        let recorded = events.map(\.drawnAtMilliseconds)
        let last = recorded.max() ?? 0
        lanes = reader.lanes(endingAt: last)
        // Episodes of long works are known by their ends only.
        let starts = lanes.flatMap { $0.spans.map(\.start) }
        times = Array(Set(recorded + starts)).sorted()
    }

    /// The stretches in which an episode or a step was under way, apart from one another and in order.
    var busy: [ClosedRange<Int64>] {
        let spans = lanes.flatMap(\.spans).filter { ![.waiting, .paused].contains($0.kind) }
        return spans.sorted { $0.start < $1.start }.reduce(into: []) { merged, span in
            if let open = merged.last, span.start <= open.upperBound {
                merged[merged.count - 1] = open.lowerBound...max(open.upperBound, span.end)
            } else {
                merged.append(span.start...max(span.start, span.end))
            }
        }
    }
}

extension RecordedEvent {
    /// When it was recorded; what no calendar has is brought to the nearest year that one has.
    var drawnAtMilliseconds: Int64 { min(max(atMilliseconds, 0), 253_402_300_799_000) }
}
