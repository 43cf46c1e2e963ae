// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// What was consumed, by role and performer.
struct Costs: Hashable, Sendable {
    /// The episodes of one role by one performer.
    struct Row: Hashable, Sendable {
        var role: String
        var performer: String
        var isRecorded: Bool
        var episodes = 0
        var failed = 0
        var usage = Usage()
        var milliseconds = 0
    }

    /// The rows, in the order in which the roles first performed.
    var rows: [Row] = []
    /// All of it.
    var total = Row(role: "all roles", performer: "", isRecorded: false)

    /// Adds up what the events say; without events, what the state says, which knows only the last try of an episode.
    init(_ state: RunState, events: [RecordedEvent]) {
        guard !events.isEmpty else {
            for record in state.episodeOrder.compactMap({ state.episodes[$0] }) where record.isOver {
                let key = Row(
                    role: record.order.role.rawValue,
                    performer: record.performer,
                    isRecorded: record.isRecorded
                )
                add(key, failed: record.failure != nil, record.usage, record.milliseconds)
            }
            return
        }
        var begun: [EpisodeID: EpisodeStarted] = [:]
        for recorded in events {
            switch recorded.event {
            case .episodeStarted(let event): begun[event.order.id] = event
            case .episodeCompleted(let event):
                let role = begun[event.episode]?.order.role.rawValue ?? "?"
                let key = Row(role: role, performer: event.performer, isRecorded: event.recorded)
                add(key, failed: false, event.usage, event.milliseconds)
            case .episodeFailed(let event):
                let start = begun[event.episode]
                let key = Row(
                    role: start?.order.role.rawValue ?? "?",
                    performer: start?.performer ?? "?",
                    isRecorded: false
                )
                add(key, failed: true, event.usage, event.milliseconds)
            default: break
            }
        }
    }

    private mutating func add(_ key: Row, failed: Bool, _ usage: Usage, _ milliseconds: Int) {
        let index =
            rows.firstIndex {
                $0.role == key.role && $0.performer == key.performer && $0.isRecorded == key.isRecorded
            } ?? rows.count
        if index == rows.count { rows.append(key) }
        rows[index].count(failed: failed, usage, milliseconds)
        total.count(failed: failed, usage, milliseconds)
    }
}

extension Costs.Row {
    fileprivate mutating func count(failed isFailure: Bool, _ more: Usage, _ time: Int) {
        episodes += 1
        failed += isFailure ? 1 : 0
        usage += more
        milliseconds = milliseconds.addingReportingOverflow(time).partialValue
    }

    /// The tokens, marked where they were estimated.
    var tokensText: String { (usage.estimated ? "≈ " : "") + usage.tokens.grouped }
    /// The episodes and how many of them failed.
    var episodesText: String { episodes.grouped + (failed > 0 ? " (\(failed.grouped) failed)" : "") }
}
