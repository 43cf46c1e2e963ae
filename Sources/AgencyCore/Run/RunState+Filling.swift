// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// The mandates that stand.
    public var mandates: [Mandate] { (started?.brief.mandates ?? []).filter { !revoked.contains($0.id) } }

    /// What would fill the holes of the step that is due, and what the policy says of it.
    ///
    /// - Parameters:
    ///   - id: The step that ``agenda()`` says is to be filled.
    ///   - now: The time, in milliseconds since 1970 UTC; mandates end by it. A clock that jumped backwards does not make one
    ///     valid again: it is at least as late as the last event.
    /// - Returns: What is to be recorded; `nil` when nothing is to be filled.
    public func filling(of id: StepID, now: Int64) -> StepFilled? {
        guard agenda() == .fill(id), let step = enactment.next else { return nil }
        do throws(HoleFault) {
            let action = try complete(step)
            return StepFilled(step: id, action: action, ruling: ruling(on: step.completed(action), now: now))
        } catch {
            return StepFilled(step: id, fault: error.why)
        }
    }

    private struct HoleFault: Error { var why: String }

    private func complete(_ step: Step) throws(HoleFault) -> Action {
        var arguments = step.action.arguments.object ?? [:]
        for hole in step.holes ?? [] {
            let what = "what would fill “\(hole.argument.shortened)” of step \(step.id)"
            guard let shown = enactment.shown(by: hole.step) else {
                throw HoleFault(why: "\(what) was not read: step \(hole.step) is not done")
            }
            let values = hole.field.parts(of: shown)
            guard let value = values.first, values.count == 1 else {
                let count = values.isEmpty ? "not there" : "\(values.count) values"
                throw HoleFault(why: "\(what) is \(count): \(hole.step) \("\(hole.field)".shortened)")
            }
            if let fault = hole.shape.validate(value).first ?? hole.shape.formatFault(of: value) {
                throw HoleFault(why: "\(what) has not the shape that it should have: \(fault.description.shortened)")
            }
            arguments[hole.argument] = value
        }
        return Action(tool: step.action.tool, arguments: .object(arguments))
    }

    /// Takes what fills a step, if it is what was read; what the policy said is taken as it was said.
    mutating func fill(_ event: StepFilled, _ recorded: RecordedEvent) {
        guard agenda() == .fill(event.step), let step = enactment.next else {
            return note("fills a step that is not to be filled", recorded)
        }
        let read = try? complete(step)
        guard read?.digest == event.action?.digest else { return note("fills a step with what was not read", recorded) }
        guard let action = event.action, let ruling = event.ruling else {
            return stop(at: event.step, event.fault ?? "step \(event.step) could not be filled")
        }
        switch ruling.decision {
        case .allowed: keep(action, of: step, under: mandates.first { $0.id == ruling.mandate })
        case .asks: ask(step.completed(action), ruling)
        case .refused, .cannotArise:
            stop(at: event.step, "the policy refuses step \(event.step): \(ruling.words)")
        }
    }

    private mutating func keep(_ action: Action, of step: Step, under mandate: Mandate?) {
        guard let chosen = try? Digest(encoding: step) else { return }
        enactment.fillings.append(
            Enactment.Filling(
                chosen: chosen,
                sources: (step.holes ?? []).map(\.step),
                action: action,
                mandate: mandate?.id,
                expiresAtMilliseconds: mandate?.until.flatMap { Instant($0)?.milliseconds }
            )
        )
    }

    /// Puts the same plan before the person once more, with what was read in its place, for them to see and to choose.
    private mutating func ask(_ step: Step, _ ruling: PolicyRuling) {
        guard let id = enactment.proposal, let chosen = proposals[id], var plan = enactment.plan,
            let place = plan.steps.firstIndex(where: { $0.id == step.id })
        else { return }
        var known = step
        known.holes = nil
        plan.steps[place] = known
        var number = 1
        while proposals[ProposalID("\(id).h\(number)")] != nil { number += 1 }
        let proposal = Proposal(
            id: ProposalID("\(id).h\(number)"),
            title: chosen.title,
            summary: chosen.summary,
            plan: plan,
            parent: id,
            asks: "step \(step.id): \(ruling.words)"
        )
        proposals[proposal.id] = proposal
        lapse()
        options = [proposal]
    }

    /// What was read, was asked about and was chosen: the same value is not asked about twice.
    var endorsed: [(tool: ToolName, argument: String, value: JSONValue)] {
        choices.flatMap { standing -> [(tool: ToolName, argument: String, value: JSONValue)] in
            guard case .option(let id) = standing.choice.verdict, let chosen = proposals[id], chosen.asks != nil,
                let before = chosen.parent.flatMap({ proposals[$0] })
            else { return [] }
            return before.plan.steps.flatMap { step in
                step.open.compactMap { argument in
                    chosen.plan.step(step.id)?.action.arguments[argument]
                        .map { (step.action.tool, argument, $0) }
                }
            }
        }
    }

    /// Forgets what fills steps that are not done: the choice for which it was decided is over.
    mutating func forgetFillings() { forgetFillings { _ in true } }

    private mutating func forgetFillings(_ isMeant: (Enactment.Filling) -> Bool) {
        let done = Set(enactment.done.map(\.step.action.digest))
        enactment.fillings.removeAll { isMeant($0) && !done.contains($0.action.digest) }
    }

    /// When what fills a step ceases to stand.
    func fillingEnd(of id: StepID, now: Int64) throws(AuthorizationRefusal) -> Int64 {
        guard let filling = enactment.plan?.step(id).flatMap(enactment.filling), let end = filling.expiresAtMilliseconds
        else { return .max }
        guard max(now, updatedAtMilliseconds) < end else {
            throw AuthorizationRefusal("the mandate under which step \(id) was filled has ended", isLapsed: true)
        }
        return end
    }

    /// Decides once more, from what is known now, whether a step may be done with what fills it.
    func requireRuling(on id: StepID, now: Int64) throws(AuthorizationRefusal) {
        guard let step = enactment.next, step.id == id, step.holes != nil else { return }
        let ruling = ruling(on: step, now: max(now, updatedAtMilliseconds))
        guard ruling.decision != .allowed else { return }
        throw AuthorizationRefusal("the policy does not let step \(id) go on: \(ruling.words)", isLapsed: true)
    }

    mutating func revoke(_ event: MandateRevoked, _ recorded: RecordedEvent) {
        guard mandates.contains(where: { $0.id == event.mandate }) else {
            return note("withdraws a mandate that does not stand", recorded)
        }
        revoked.append(event.mandate)
        forgetFillings { $0.mandate == event.mandate }
    }
}

extension Enactment {
    /// What a step showed that is done.
    func shown(by step: StepID) -> JSONValue? {
        guard done.contains(where: { $0.step.id == step }) else { return nil }
        return trials.last { $0.step.id == step && $0.checkpoint != nil && $0.reverted == nil }?.result?.shown
    }
}

extension StepFilled {
    /// What came of it, in a line: `asks: the value comes from …`.
    public var words: String {
        guard let ruling else { return fault ?? "nothing" }
        return ruling.reasons.isEmpty ? ruling.summary : "\(ruling.summary): \(ruling.words)"
    }
}

extension PolicyRuling {
    /// Why it is as it is, in a line.
    public var words: String { reasons.map(\.words).joined(separator: "; ") }

    /// What was decided and under which mandate: `allowed under payments`.
    public var summary: String { decision.rawValue + (mandate.map { " under \($0)" } ?? "") }
}

extension PolicyReason {
    /// The reason with the value that it is about.
    var words: String { why + (value.map { ": " + $0.compactText.shortened } ?? "") }
}
