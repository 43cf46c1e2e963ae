// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension RunDiff {
    /// An event, and what of it is not its run's own.
    struct Essential: Sendable {
        var event: RecordedEvent
        var essence: JSONValue

        /// The episode that ends with it, if one does.
        var ending: EpisodeID? {
            switch event.event {
            case .episodeCompleted(let event): event.episode
            case .episodeFailed(let event): event.episode
            default: nil
            }
        }
    }

    /// The events that a run's course consists of, with those that came in any order put in one.
    static func course(_ events: [RecordedEvent]) -> [Essential] {
        var course: [Essential] = []
        var burst: [Essential] = []
        func close() {
            course += burst.sorted { ($0.ending?.rawValue ?? "") < ($1.ending?.rawValue ?? "") }
            burst = []
        }
        for event in events {
            // Who carries a run forward is no part of its course.
            switch event.event {
            case .runClaimed, .lateResult: continue
            default: break
            }
            let one = Essential(event: event, essence: essence(event.event))
            if one.ending == nil {
                close()
                course.append(one)
            } else {
                burst.append(one)
            }
        }
        close()
        return course
    }

    /// What differs between any two runs, by the kind of event; what is in every kind is under the empty name.
    private static let incidental: [String: Set<String>] = [
        "": ["run", "milliseconds", "transcript", "usage", "performer", "recorded", "identifiedBy", "person"],
        "run_started": ["performers", "workspace", "forks"],
        "choice_requested": ["digest"],
        "choice_recorded": ["shown", "expiresAtMilliseconds"],
        "checkpoint_made": ["checkpoint"],
        "step_authorized": ["choice", "expiresAtMilliseconds"],
        "step_intended": ["effect"],
        "step_observed": ["effect"],
        "steps_reverted": ["checkpoint"],
    ]

    private static func essence(_ event: Event) -> JSONValue {
        let recorded = RecordedEvent(sequence: 0, atMilliseconds: 0, event: event)
        let stored = (try? recorded.storedBytes()).flatMap { try? JSONValue(parsing: $0) }
        let names = incidental["", default: []].union(incidental[event.type, default: []])
        return ["type": .string(event.type), "body": without(names, stored?["body"] ?? .null, depth: 0)]
    }

    /// The value without the named members, at the top and in what is directly below it.
    private static func without(_ names: Set<String>, _ value: JSONValue, depth: Int) -> JSONValue {
        guard case .object(let object) = value, depth < 2 else { return value }
        var kept: JSONObject = [:]
        for (key, value) in object where !names.contains(key) { kept[key] = without(names, value, depth: depth + 1) }
        return .object(kept)
    }

    /// The parts of two events of one kind that differ.
    static func parts(_ left: JSONValue?, _ right: JSONValue?) -> [String] {
        guard let left, let right, left["type"] == right["type"], let one = left["body"]?.object,
            let two = right["body"]?.object
        else { return [] }
        var parts: [String] = []
        for key in one.keys + two.keys.filter({ one[$0] == nil }) where one[key] != two[key] {
            let (mine, other) = (one[key]?.object, two[key]?.object)
            guard let mine, let other else {
                parts.append(key)
                continue
            }
            let below = mine.keys + other.keys.filter { mine[$0] == nil }
            parts += below.filter { mine[$0] != other[$0] }.map { "\(key).\($0)" }
        }
        return parts
    }
}
