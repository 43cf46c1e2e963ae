// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit

/// The events of probes, made by hand.
struct ProbeHistory {
    static let canary = "canary-5e2a"
    static let questions = [
        ProbeQuestion(id: "colour", text: "Which colour is it?", choices: ["red", "blue"], right: "blue"),
        ProbeQuestion(id: "name", text: "What is it called?", right: canary),
    ]

    /// The simulated undertaking's auditor, asked these questions so many times.
    static func started(
        _ run: RunID = "r-probe",
        questions: [ProbeQuestion]? = questions,
        times: Int = 2,
        vote: VotePolicy? = nil
    ) -> RunStarted {
        var started = SimulatedRun(critique: 0).started(run)
        started.architecture = started.architecture.probing("auditor", times: times) ?? started.architecture
        started.architecture.roles[0].vote = vote
        started.brief = Brief(name: "probe-auditor", title: "Probe", goals: [], questions: questions)
        return started
    }

    var state: RunState
    var events: [RecordedEvent] = []
    var now: Int64

    init(_ started: RunStarted = started(), at now: Int64 = 1000) {
        state = RunState(run: started.run)
        self.now = now
        record(.runStarted(started))
    }

    mutating func record(_ event: Event) {
        events.append(RecordedEvent(sequence: state.sequence + 1, atMilliseconds: now, event: event))
        state.apply(events[events.count - 1])
    }

    mutating func begin(_ order: EpisodeOrder, performer: String = "p") {
        record(.episodeStarted(EpisodeStarted(order: order, prompt: History.reference, performer: performer)))
    }

    mutating func answer(_ order: EpisodeOrder, _ output: JSONValue, performer: String = "p") {
        var completed = History.completed(order.id, output)
        completed.performer = performer
        record(.episodeCompleted(completed))
    }

    mutating func fail(_ order: EpisodeOrder) {
        let failed = EpisodeFailed(
            episode: order.id,
            code: "refusal",
            message: "no",
            transcript: History.reference,
            usage: Usage(calls: 1),
            milliseconds: 1
        )
        record(.episodeFailed(failed))
    }

    /// Begins all that is due, answers it, and ends the run.
    mutating func finish(as performer: String = "p", _ output: (EpisodeOrder) -> JSONValue) {
        let orders = state.agendaOrders
        for order in orders { begin(order, performer: performer) }
        for order in orders { answer(order, output(order), performer: performer) }
        if case .finish(let end) = state.agenda() { record(.runFinished(end)) }
    }

    var forecasts: RunForecasts { RunForecasts(of: state.run, events: events) }
}
