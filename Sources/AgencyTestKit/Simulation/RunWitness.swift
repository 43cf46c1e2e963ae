// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

/// The account of one run: its record as it became visible, and what it brought about in the world.
struct RunWitness: Sendable {
    /// A use of a permission.
    struct Act: Sendable {
        var run: RunID
        var step: StepID
        var attempt: Int
        var effect: Digest
        var action: Digest
        var plan: Digest
        var choice: Int
        var expires: Int64
        /// The time that the world was told, and the time as the acting process has it.
        var told: Int64
        var now: Int64
        /// Who acts.
        var by: String
    }

    /// What is known of what a permission is used for.
    struct Known: Sendable {
        /// Whether it acts where going back to a checkpoint undoes nothing.
        var isOutside: Bool
        /// Whether its target knows again what it was sent before.
        var isRecognised: Bool
        /// Whether it may have come about already.
        var mayHaveHappened: Bool
    }

    private(set) var state: RunState
    private(set) var events: [RecordedEvent] = []
    private var entries: [Entry] = []
    /// The effects that are in the workspace now, in order.
    var standsNow: [Digest] = []
    /// How often performers were asked for each episode.
    var requests: [EpisodeID: Int] = [:]
    /// After how many events of the whole history each episode was recorded as completed.
    private(set) var completed: [EpisodeID: Int] = [:]
    private var known: Work?

    init(run: RunID) { state = RunState(run: run) }

    /// What is due; worked out once after each event.
    mutating func agenda() -> Work {
        if let known { return known }
        let agenda = state.agenda()
        known = agenda
        return agenda
    }

    /// Takes the next entry; returns its kind and what is wrong with it.
    mutating func take(
        _ entry: Entry,
        _ durability: Durability,
        _ service: SimulatedService,
        by writer: String?,
        event number: Int
    ) -> (kind: String, faults: [String]) {
        var faults: [String] = []
        let last = entries.last
        if entry.sequence != entries.count { faults.append("its place is not the next, \(entries.count)") }
        if entry.previous != last?.hash ?? HashChain.genesis(of: entry.run) { faults.append("the chain is broken") }
        entries.append(entry)
        guard let recorded = try? RecordedEvent(sequence: entry.sequence, storedBytes: entry.bytes) else {
            return ("?", faults + ["it cannot be read"])
        }
        let before = state
        state.apply(recorded)
        known = nil
        if state.anomalies.count > before.anomalies.count { faults.append("anomaly: \(state.anomalies.last ?? "")") }
        if durability == .relaxed, !recorded.event.isPure { faults.append("it was not stored durably") }
        if let previous = events.last, recorded.atMilliseconds < previous.atMilliseconds {
            faults.append("it is dated before the event before it")
        }
        faults += self.faults(of: recorded, before: before)
        faults += self.faults(of: recorded.event, outside: service)
        faults += self.faults(of: recorded.event, by: writer, before)
        events.append(recorded)
        if let episode = recorded.event.completed(in: state) {
            if completed[episode] != nil { faults.append("episode \(episode) is completed twice") }
            completed[episode] = number
        }
        return (recorded.event.type, faults)
    }

    /// Forgets what a crash took; only what can be had again without an effect may be among it.
    mutating func cut(to count: Int) -> [String] {
        let lost = events[count...]
        var faults = lost.filter { !$0.event.isPure }.map { "event \($0.sequence) (\($0.event.type)) is lost" }
        for event in lost { if let episode = event.event.completed(in: state) { completed[episode] = nil } }
        events = Array(events[..<count])
        entries = Array(entries[..<count])
        state = RunState(run: state.run)
        known = nil
        events.forEach { state.apply($0) }
        if !state.anomalies.isEmpty { faults.append("what is left has anomalies: \(state.anomalies)") }
        return faults
    }

    /// The last event of a kind, with its place.
    func last<Body>(_ body: (Event) -> Body?) -> (place: Int, body: Body)? {
        for event in events.reversed() { if let found = body(event.event) { return (event.sequence, found) } }
        return nil
    }
}

extension Event {
    /// Whether it can be had again without an effect, so that a crash may take it.
    var isPure: Bool {
        switch self {
        case .episodeStarted, .episodeCompleted, .episodeFailed, .stateAdvanced, .advanceFailed: true
        default: false
        }
    }

    /// The episode whose output it records.
    func completed(in state: RunState) -> EpisodeID? {
        switch self {
        case .episodeCompleted(let body): body.episode
        case .stateAdvanced(let body):
            state.architecture?.flow.flatMap(\.roles).first.map { EpisodeID("0.advance.\($0).\(body.number)") }
        default: nil
        }
    }
}
