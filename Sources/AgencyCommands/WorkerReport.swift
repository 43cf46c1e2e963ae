// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import Foundation
import Synchronization

/// Tells how a worker fares: a line for each thing that matters, with the run that it is about.
final class WorkerReport: Sendable {
    private let json: Bool
    /// Why each run was skipped last, so that the same is not said again and again.
    private let skipped = Mutex<[RunID: String]>([:])
    private static let maximumSkipped = 10_000

    init(json: Bool) { self.json = json }

    func begin(_ settings: WorkerPool.Settings, at place: String) {
        let text = "worker \(settings.name): up to \(settings.runs) runs at once of the ledger \(place)"
        say("started", nil, ["worker": .string(settings.name)], text)
    }

    func end(wasStopped: Bool, resting: [RunID]) {
        let runs = resting.prefix(20).map(\.rawValue)
        let left = resting.isEmpty ? "" : "; not done: \(runs.joined(separator: ", "))"
        let text = wasStopped ? "stopped; everything is given back" : "nothing is due that can be worked on here\(left)"
        say("ended", nil, ["not_done": .array(resting.map { .string($0.rawValue) })], text)
    }

    /// Takes notice of something that happened.
    func notice(_ notice: WorkerPool.Notice) {
        switch notice {
        case .taken(let run, let epoch):
            skipped.withLock { _ = $0.removeValue(forKey: run) }
            say("taken", run, ["claim": .integer(Int64(epoch))], "taken, claim \(epoch)")
        case .recorded(let event, let state):
            if json { return say("recorded", state.run, ["event": EventText.json(event)], "") }
            if let line = EventText.milestone(event, state) { Terminal.error("\(state.run)\(line)") }
        case .left(let run, let work): say("left", run, ["until": .string(Self.word(work))], Self.text(work, run))
        case .skipped(let run, let why):
            let isKnown = skipped.withLock { skipped in
                if skipped.count > Self.maximumSkipped { skipped = [:] }
                return skipped.updateValue(why, forKey: run) == why
            }
            if !isKnown { say("skipped", run, ["why": .string(why)], "skipped: \(why)") }
        case .lost(let run): say("lost", run, [:], "lost to another worker; what this one still brought was refused")
        case .failed(let run, let error):
            say("failed", run, ["why": .string("\(error)")], "broke off, and is tried again later: \(error)")
        case .unreachable(let error):
            say("unreachable", nil, ["why": .string("\(error)")], "the ledger cannot be reached now: \(error)")
        }
    }

    private func say(_ notice: String, _ run: RunID?, _ more: JSONObject, _ text: String) {
        guard json else { return Terminal.error(Escape.terminal(run.map { "\($0)  \(text)" } ?? "● \(text)")) }
        var object: JSONObject = ["notice": .string(notice)]
        if let run { object["run"] = .string(run.rawValue) }
        for (key, value) in more { object[key] = value }
        Terminal.out(JSONValue.object(object).canonicalText)
    }

    private static func word(_ work: Work) -> String {
        switch work {
        case .wait(.choice): "choice"
        case .wait(.reconcile): "reconciliation"
        case .wait(.paused): "continuation"
        case .wait(.stalled): "another-try"
        case .wait: "person"
        case .nothing: "end"
        default: "next-worker"
        }
    }

    private static func text(_ work: Work, _ run: RunID) -> String {
        switch work {
        case .wait(.choice): "? waits for a person's choice: agency status \(run)"
        case .wait(.reconcile): "? waits for a person's word on a step: agency reconcile \(run)"
        case .wait(.paused): "‖ paused: agency resume \(run)"
        case .wait(.stalled(let why)): "✗ stalled: \(why): agency resume \(run) --again"
        case .wait: "? waits for a person"
        case .nothing: "■ is over"
        default: "given back as it is"
        }
    }
}
