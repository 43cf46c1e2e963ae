// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// The promises about what cannot be taken back, about workers that take turns, and about long works.
extension RunWitness {
    /// What is wrong with an event, given what has come about outside.
    func faults(of event: Event, outside service: SimulatedService) -> [String] {
        switch event {
        case .stepObserved(let body) where isOutside(body.effect) && body.result.isSuccess:
            return service.applied(body.effect) == 1
                ? [] : ["what was observed has come about \(service.applied(body.effect)) times"]
        case .stepReconciled(let body): return faults(of: body, service)
        case .stepsReverted(let body):
            // What nobody knows the fate of must not be buried under a way back.
            guard let current = state.enactment.trials.last(where: { body.steps.contains($0.step.id) }) else {
                return []
            }
            guard isOutside(current.effect), isOpen(current.effect) else { return [] }
            return ["it gives up \(current.step.id) though nobody knows what became of it"]
        default: return []
        }
    }

    private func faults(of event: StepReconciled, _ service: SimulatedService) -> [String] {
        let count = service.applied(event.effect)
        switch event.finding {
        case .happened: return count == 1 ? [] : ["what is said to have happened has come about \(count) times"]
        case .absent:
            if service.isInFlight(event.effect) { return ["what is said not to have happened is on its way"] }
            return count == 0 ? [] : ["what is said not to have happened has come about \(count) times"]
        case .again:
            let isKeyed = action(of: event.effect).map { SimulatedService.isKeyed($0.tool) } ?? false
            return isKeyed ? [] : ["it is sent again where nobody would know it again"]
        case .left: return []
        }
    }

    /// Whether an effect was intended, and it is on the record neither what became of it nor that it will stay open.
    private func isOpen(_ effect: Digest) -> Bool {
        for event in events.reversed() {
            switch event.event {
            case .stepIntended(let body) where body.effect == effect: return true
            case .stepObserved(let body) where body.effect == effect: return false
            case .stepReconciled(let body) where body.effect == effect && body.finding != .again: return false
            default: continue
            }
        }
        return false
    }

    /// Whether an effect comes about where going back to a checkpoint undoes nothing.
    func isOutside(_ effect: Digest) -> Bool { action(of: effect).map { SimulatedService.has($0.tool) } ?? false }

    private func action(of effect: Digest) -> Action? {
        events.reversed().lazy.compactMap { event -> Action? in
            if case .stepIntended(let body) = event.event, body.effect == effect { body.action } else { nil }
        }.first
    }

    /// Once a worker's claim is on the record, no other worker carries the run on.
    func faults(of event: Event, by writer: String?, _ before: RunState) -> [String] {
        guard let claim = before.claim, let writer, writer != claim.worker else { return [] }
        guard writer.hasPrefix("worker") || writer.hasPrefix("finisher") else { return [] }
        switch event {
        case .runClaimed, .lateResult: return []
        // That time is over is so whoever says it, and nothing is acted on by saying it.
        case .choiceOverdue: return []
        default: return ["\(writer) writes it though \(claim.worker) has claimed the run"]
        }
    }

    /// The answer that counts is the one that the rule elects, and without an election the one that is right.
    func faults(of event: StateAdvanced, _ before: RunState) -> [String] {
        var faults: [String] = []
        if event.number != (before.iteration?.number ?? 0) + 1 { faults.append("its number is not the next") }
        let last = before.iteration?.state.integer ?? 0
        guard let role = before.architecture?.roles.first, event.output["state"]?.integer != last + 1 else {
            return faults
        }
        guard let rule = role.vote?.rule else { return faults + ["the state is not the next"] }
        var counts: [Int: Int] = [:]
        for vote in event.votes where event.flags[vote] == nil { counts[vote, default: 0] += 1 }
        let won = counts.removeValue(forKey: event.winner) ?? 0
        let isElected =
            switch rule {
            case .aheadBy(let lead, _): won - (counts.values.max() ?? 0) >= lead
            case .majority(let votes, _): won * 2 > votes
            case .verified: true
            }
        return isElected ? faults : faults + ["the answer that counts was not elected"]
    }

    /// What is wrong at the end with what has come about outside.
    func faults(atEnd service: SimulatedService) -> [String] {
        var faults: [String] = []
        let intended = Set(
            events.compactMap { event -> Digest? in
                if case .stepIntended(let body) = event.event { body.effect } else { nil }
            }
        )
        for effect in intended where isOutside(effect) && service.applied(effect) > 1 {
            faults.append("effect \(effect.short) has come about \(service.applied(effect)) times")
        }
        for effect in standing where isOutside(effect) && service.applied(effect) != 1 {
            faults.append(
                "effect \(effect.short) of a step that is done has come about \(service.applied(effect)) times"
            )
        }
        return faults.sorted()
    }
}
