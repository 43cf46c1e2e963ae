// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencySchema
import Foundation

/// One line about an event, for progress and for lists.
enum EventText {
    /// What passes at the moment: `evaluate 4/9 · 31 episodes · 58,210 tokens · $0.42`.
    static func passing(_ stage: Stage, _ run: RunState) -> String {
        var parts = [stage.word]
        let due = run.dueOrders()
        if !due.isEmpty { parts[0] += " \(due.count) to go" }
        if case .iterate = stage, let iteration = run.iteration { parts[0] += " step \(grouped(iteration.number))" }
        if let current = run.enactment.current { parts[0] += " \(current.step.id)" }
        parts.append(totals(run))
        return parts.joined(separator: " · ")
    }

    /// What a run has consumed.
    static func totals(_ run: RunState) -> String {
        let over = run.episodes.values.count(where: \.isOver) + (run.iteration?.number ?? 0)
        let isRecorded = run.episodes.values.contains(where: \.isRecorded) || run.iteration?.isRecorded == true
        let recorded = isRecorded ? " (recorded answers)" : ""
        return "\(grouped(over)) episodes\(recorded) · \(grouped(run.spent.tokens)) tokens · \(run.spent.money)"
    }

    /// The line that is kept on screen for an event, if it is worth one.
    static func milestone(_ recorded: RecordedEvent, _ run: RunState) -> String? {
        switch recorded.event {
        case .runStarted(let event):
            let origin = event.forks?.last.map { " · forked from \($0.run) at event \($0.sequence)" } ?? ""
            let text = "run \(run.run) · \(event.brief.title) · \(event.architecture.name)\(origin)"
            return Terminal.paint("● ", .blue, on: 2) + Terminal.paint(Escape.terminal(text), .bold, on: 2)
        case .episodeCompleted(let event):
            let note = event.recorded ? " (recorded answer)" : ""
            let said = headline(event, run)
            let votes = event.ballot.map { " (\($0.votes) of \($0.samples.count) samples counted)" } ?? ""
            return good("\(event.episode)\(note)\(votes)" + (said.isEmpty ? "" : ": \(said)"))
        case .episodeFailed(let event): return bad("\(event.episode): \(event.code): \(event.message)")
        case .choiceRequested(let event):
            return plain("?", "choose among \(event.sheet.options.map(\.proposal.rawValue).joined(separator: ", "))")
        case .choiceRecorded(let event):
            return plain("!", "\(event.choice.person) chose: \(verdict(event.choice.verdict)) — \(event.choice.reason)")
        case .choiceUpheld(let event):
            return plain("!", "\(event.proposal) only leaves out steps of what was chosen; the choice stands")
        case .choiceOverdue: return bad("nobody chose in time; nothing is done")
        case .choiceLapsed(let event): return bad("the choice no longer stands: \(event.reason)")
        case .stepFilled(let event):
            if let why = event.fault { return bad("step \(event.step): \(why)") }
            guard let ruling = event.ruling else { return nil }
            let mandate = ruling.mandate.map { " under mandate \($0)" } ?? ""
            switch ruling.decision {
            case .allowed: return plain("↳", "step \(event.step): filled with what was read\(mandate)")
            case .asks: return plain("?", "step \(event.step): \(ruling.words)")
            case .refused, .cannotArise: return bad("step \(event.step): refused: \(ruling.words)")
            }
        case .stepIntended(let event):
            return plain("▸", "step \(event.step): \(run.enactment.plan?.step(event.step)?.intent ?? "")")
        case .stepObserved(let event):
            let changed =
                event.changed.isEmpty ? "nothing changed" : "changed \(event.changed.prefix(4).joined(separator: ", "))"
            return event.result.isSuccess
                ? nil : bad("step \(event.step) ended with status \(event.result.status); \(changed)")
        case .reconciliationRequested(let event):
            return bad("did step \(event.step) happen? \(event.why)")
        case .stepReconciled(let event):
            let who = event.person ?? event.means.rawValue
            return plain("≟", "step \(event.step): \(event.finding.rawValue) (\(who)): \(event.note)")
        case .stepSettled(let event):
            let right = event.settlements.count { $0.outcome == true }
            guard let halt = event.halt else {
                return good("step \(event.step): \(right) of \(event.settlements.count) forecasts true")
            }
            return bad("step \(event.step): surprise: \(halt)")
        case .stepsReverted(let event):
            return plain(
                "↶",
                "undone: \(event.steps.map(\.rawValue).joined(separator: ", ")) (\(event.reason.rawValue)) → checkpoint \(event.checkpoint.prefix(10))"
            )
        case .goalsSettled(let event):
            return event.outcomes.map { outcome in
                outcome.settlement.outcome == true
                    ? good("goal \(outcome.goal): reached")
                    : bad("goal \(outcome.goal): not reached: \(outcome.settlement.observed)")
            }.joined(separator: "\n")
        case .goalsEdited(let event): return plain("!", "\(event.person) rewrote the goals: \(event.reason)")
        case .recordsShown(let event):
            let odds = event.options.map { "\($0.proposal) \(Int((min(max($0.probability, 0), 1) * 100).rounded()))%" }
            return plain("≈", "by \(event.settled) settled judgements: \(odds.joined(separator: ", "))")
        case .outcomeFiled(let event):
            return plain(
                "!",
                "\(event.person): it \(event.outcome ? "came" : "did not come") true that \(event.subject)"
            )
        case .mandateProposed(let event):
            return plain("§", "choices of \(event.work) may be made by rule: agency delegate. \(event.evidence.words)")
        case .mandateGranted(let event): return plain("§", event.granted.words)
        case .mandateWithdrawn(let event):
            return plain("§", "mandate \(event.mandate.prefix(8)) has ended: \(event.reason)")
        case .mandateRevoked(let event):
            return plain("!", "\(event.person) withdrew mandate \(event.mandate): \(event.reason)")
        case .questionAsked(let event): return plain("?", "\(event.person) asks: \(event.question)")
        case .optionAdded(let event): return plain("+", "\(event.person) added option \(event.proposal.id)")
        case .runPaused(let event): return plain("‖", "paused by \(event.person)")
        case .runContinued(let event): return plain("▸", "let go on by \(event.person)")
        case .runStopped(let event): return plain("■", "stopped by \(event.person)")
        case .episodesReopened(let event): return plain("↻", "\(event.episodes.count) failed episodes are tried again")
        case .runFinished(let event):
            let text = "\(event.outcome.rawValue): \(event.summary) · \(totals(run))"
            return event.outcome == .done || event.outcome == .chosen ? good(text) : plain("■", text)
        case .lateResult(let event):
            let what = event.episode?.rawValue ?? event.step.map { "step \($0)" } ?? "a result"
            return bad("\(what): brought too late by \(event.worker), and refused")
        case .iterationBegun(let event):
            let number = run.iteration?.number ?? 0
            let place = number > 0 ? ", after step \(grouped(number))" : ""
            return plain("▸", "\(event.role) by \(event.performer)\(place)")
        case .advanceFailed(let event): return bad("step \(grouped(event.number)): \(event.code): \(event.message)")
        case .runClaimed, .episodeStarted, .stateAdvanced, .checkpointMade, .stepAuthorized, .unrecognized: return nil
        }
    }

    /// An event as one JSON object.
    static func json(_ recorded: RecordedEvent) -> JSONValue {
        let stored = (try? recorded.storedBytes()).flatMap { try? JSONValue(parsing: $0) }?.object ?? [:]
        var object: JSONObject = ["sequence": .integer(Int64(recorded.sequence))]
        for (key, value) in stored where key != "v" { object[key] = value }
        return .object(object)
    }

    /// An event as one line of a list.
    static func row(_ recorded: RecordedEvent) -> String {
        let seconds = Double(recorded.atMilliseconds) / 1000
        let time = Date(timeIntervalSince1970: seconds).formatted(.iso8601.time(includingFractionalSeconds: true))
        let body = json(recorded)["body"] ?? .null
        let columns = ["\(recorded.sequence)", time, recorded.event.type, String(body.canonicalText.prefix(160))]
        return columns.map { Escape.terminal($0) }.joined(separator: "\t")
    }

    /// A moment, to the second, in UTC.
    static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }

    static func verdict(_ verdict: Choice.Verdict) -> String {
        switch verdict {
        case .option(let id): id.rawValue
        case .sendBack: "send back"
        case .none: "none"
        }
    }

    static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: position))
            position -= 3
        }
        return digits
    }

    private static func headline(_ event: EpisodeCompleted, _ run: RunState) -> String {
        guard let order = run.episodes[event.episode]?.order else { return "" }
        switch order.task {
        case .propose, .refine, .revise:
            let steps = event.output["steps"]?.array?.count ?? 0
            return "“\(event.output["title"]?.string ?? "")”, \(steps) steps"
        case .critique:
            return
                "\(event.output["objections"]?.array?.count ?? 0) objections, \(event.output["suggestions"]?.array?.count ?? 0) suggestions"
        case .evaluate:
            let probability =
                event.output["probability"]?.double.map { "\(Int(($0 * 100).rounded()))%" } ?? "not determined"
            return "success \(probability), \(event.output["objections"]?.array?.count ?? 0) objections"
        case .verify: return event.output["accept"]?.bool == true ? "accepted" : "not accepted"
        case .advance: return ""
        case .probe:
            let stance = event.output["stance"]?.string ?? ""
            return stance == "answer" ? event.output["answer"]?.string?.shortLine ?? "" : stance
        case .explain, .answer:
            guard let counts = event.explanation?.counts() else { return "" }
            return "\(counts.verified) verified · \(counts.asserted) asserted · \(counts.uncited) uncited"
        }
    }

    private static func good(_ text: String) -> String { Terminal.paint("  ✓ ", .green, on: 2) + Escape.terminal(text) }
    private static func bad(_ text: String) -> String { Terminal.paint("  ✗ ", .red, on: 2) + Escape.terminal(text) }
    private static func plain(_ mark: String, _ text: String) -> String {
        Terminal.paint("  \(mark) ", .blue, on: 2) + Escape.terminal(text)
    }
}
