// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// What was consumed, by role and performer.
///
/// A call that was made and not recorded before an interruption was consumed too, and nobody knows how much: such episodes
/// are counted as asked again.
struct Costs: Hashable, Sendable {
    /// The episodes of one role by one performer.
    struct Row: Hashable, Sendable {
        var role: String
        var performer: String
        var isRecorded: Bool
        var episodes = 0
        var failed = 0
        /// Episodes that were begun again after an interruption: calls that may have been paid for twice.
        var askedAgain = 0
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
                add(key, failed: record.failure != nil, record.askedAgain, record.usage, record.milliseconds)
            }
            return
        }
        var begun: [EpisodeID: EpisodeStarted] = [:]
        var again: [EpisodeID: Int] = [:]
        var work: (role: String, performer: String) = ("?", "?")
        for recorded in events {
            switch recorded.event {
            case .episodeStarted(let event):
                // What has ended is out of the list: an episode that a person has tried again is no repetition.
                if begun.updateValue(event, forKey: event.order.id) != nil { again[event.order.id, default: 0] += 1 }
            case .episodeCompleted(let event):
                let role = begun.removeValue(forKey: event.episode)?.order.role.rawValue ?? "?"
                let key = Row(role: role, performer: event.performer, isRecorded: event.recorded)
                let repeats = again.removeValue(forKey: event.episode) ?? 0
                add(key, failed: false, repeats, event.usage, event.milliseconds)
            case .episodeFailed(let event):
                let start = begun.removeValue(forKey: event.episode)
                let repeats = again.removeValue(forKey: event.episode) ?? 0
                let key = Row(
                    role: start?.order.role.rawValue ?? "?",
                    performer: start?.performer ?? "?",
                    isRecorded: false
                )
                add(key, failed: true, repeats, event.usage, event.milliseconds)
            case .iterationBegun(let event): work = (event.role.rawValue, event.performer)
            case .stateAdvanced(let event):
                let performer = event.performer ?? work.performer
                let key = Row(role: work.role, performer: performer, isRecorded: event.recorded)
                add(key, failed: false, 0, event.usage, event.milliseconds)
            case .advanceFailed(let event):
                let key = Row(role: work.role, performer: work.performer, isRecorded: false)
                add(key, failed: true, 0, event.usage, event.milliseconds)
            default: break
            }
        }
    }

    private mutating func add(_ key: Row, failed: Bool, _ again: Int, _ usage: Usage, _ milliseconds: Int) {
        let index =
            rows.firstIndex {
                $0.role == key.role && $0.performer == key.performer && $0.isRecorded == key.isRecorded
            } ?? rows.count
        if index == rows.count { rows.append(key) }
        rows[index].count(failed: failed, again, usage, milliseconds)
        total.count(failed: failed, again, usage, milliseconds)
    }
}

extension Costs.Row {
    fileprivate mutating func count(failed isFailure: Bool, _ again: Int, _ more: Usage, _ time: Int) {
        episodes += 1
        askedAgain += again
        failed += isFailure ? 1 : 0
        usage += more
        milliseconds = milliseconds.addingReportingOverflow(time).partialValue
    }

    /// The tokens, marked where they were estimated.
    var tokensText: String { (usage.estimated ? "≈ " : "") + usage.tokens.grouped }
    /// The episodes and how many of them failed.
    var episodesText: String {
        let notes = [
            failed > 0 ? "\(failed.grouped) failed" : nil, askedAgain > 0 ? "\(askedAgain.grouped) asked again" : nil,
        ].compactMap(\.self)
        return episodes.grouped + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
    }
}
