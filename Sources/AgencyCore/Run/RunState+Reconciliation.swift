// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How it is found out what became of an action of which nobody knows whether it happened.
public enum WayOut: Hashable, Sendable {
    /// Send the same again under the same identity, which its target recognises.
    case again
    /// Look for the effect; when it is absent, wait so many seconds and look once more.
    case probe(settlingSeconds: Double)
    /// Ask a person, for this reason.
    case ask(String)
}

extension RunState {
    /// Says how the step that is under way is to be reconciled.
    ///
    /// - Parameter now: The time, in milliseconds since 1970 UTC.
    /// - Returns: `nil` when no step is in doubt, or going back to a checkpoint is enough.
    public func wayOut(now: Int64) -> WayOut? {
        guard let current = enactment.current, current.phase == .intended else { return nil }
        let repeatability = manifest(of: current.step)?.repeatability
        let canProbe = repeatability?.canProbe == true
        let settling = max(0, repeatability?.settlingSeconds ?? 0)
        switch effects(of: current.step) {
        case .pure, .transactional: return nil
        case .keyed:
            if isRepeatable(current, at: now), isStillChosen(current) { return .again }
            if canProbe { return .probe(settlingSeconds: settling) }
            return .ask(
                isStillChosen(current)
                    ? "the time for which the target of \(current.step.action.tool) knows a key again is over"
                    : "no choice stands by which \(current.step.id) could be sent again"
            )
        case .probeable: return .probe(settlingSeconds: settling)
        case .blind: return .ask("nothing but a person can tell whether \(current.step.action.tool) has acted")
        }
    }

    /// The class of the effects of a step's tool.
    public func effects(of step: Step) -> EffectClass { manifest(of: step)?.effects ?? .blind }

    /// Whether a step acts where going back to a checkpoint undoes nothing; `false` for a run from before tools declared it.
    public func leavesWorkspace(_ step: Step) -> Bool {
        guard !effects(of: step).staysInWorkspace else { return false }
        return started?.tools.contains { $0.repeatability != nil } == true
    }

    /// The question that waits for a person's word, with its place in the ledger.
    public var openQuestion: (question: ReconciliationRequested, sequence: Int)? {
        guard let current = enactment.current, case .asked(let sequence) = current.phase,
            let question = enactment.trials.last?.question
        else { return nil }
        return (question, sequence)
    }

    /// Whether it is open what became of an action that going back to a checkpoint would not undo.
    public var isInDoubt: Bool {
        guard let current = enactment.current else { return false }
        switch current.phase {
        case .intended, .asked: return leavesWorkspace(current.step)
        case .absent, .left, .observed, .settled: return false
        }
    }

    func manifest(of step: Step) -> ToolManifest? { started?.tools.first { $0.name == step.action.tool } }

    /// Whether doing it again cannot bring the effect about twice.
    func isRepeatable(_ current: Enactment.Current, at now: Int64) -> Bool {
        guard effects(of: current.step) == .keyed else { return false }
        // A clock that was put back tells nothing of how old a key is.
        return now >= current.sinceMilliseconds && now < keyEnd(of: current)
    }

    /// When the target forgets the key of the action under way, in milliseconds since 1970 UTC.
    func keyEnd(of current: Enactment.Current) -> Int64 {
        guard let seconds = manifest(of: current.step)?.repeatability?.retentionSeconds, seconds.isFinite, seconds > 0
        else { return .min }
        let milliseconds = Int64(min(seconds * 1000, Double(Int64.max / 4)))
        let (end, isTooLate) = current.sinceMilliseconds.addingReportingOverflow(milliseconds)
        return isTooLate ? .max : end
    }

    /// Whether the action under way was sent again under its key, so that an earlier sending may have had its effect.
    public var wasSentAgain: Bool {
        enactment.trials.last?.reconciliations.contains { $0.finding == .again } == true
    }

    private func isStillChosen(_ current: Enactment.Current) -> Bool {
        guard choice != nil, currentStage?.word == "enact", enactment.done.count == enactment.kept,
            let next = enactment.next
        else { return false }
        return next.id == current.step.id && next.action.digest == current.step.action.digest
    }

    mutating func request(_ event: ReconciliationRequested, _ recorded: RecordedEvent) {
        guard let current = enactment.current, current.effect == event.effect, current.step.id == event.step,
            current.phase == .intended, !effects(of: current.step).staysInWorkspace
        else { return note("asks about an effect that is not in doubt", recorded) }
        enactment.current?.phase = .asked(question: recorded.sequence)
        updateTrial { $0.question = event }
    }

    mutating func reconcile(_ event: StepReconciled, _ recorded: RecordedEvent) {
        guard let current = enactment.current, current.effect == event.effect, current.step.id == event.step,
            isAnswerable(current, event, recorded)
        else { return note("reconciles an effect that is not in doubt", recorded) }
        switch event.finding {
        case .again: break
        case .happened: enactment.current?.phase = .observed(event.result ?? ToolResult(status: 0, output: event.note))
        case .absent: enactment.current?.phase = .absent(event.note)
        case .left:
            let who = event.person ?? "somebody"
            enactment.current?.phase = .left("\(who) left open whether \(event.step) happened: \(event.note)")
        }
        updateTrial {
            $0.reconciliations.append(event)
            if event.finding == .happened {
                $0.result = event.result ?? ToolResult(status: 0, output: event.note)
                $0.changed = event.changed
            }
        }
    }

    /// Whether the finding can come now, by these means.
    private func isAnswerable(_ current: Enactment.Current, _ event: StepReconciled, _ recorded: RecordedEvent) -> Bool
    {
        guard !effects(of: current.step).staysInWorkspace else { return false }
        switch (current.phase, event.means) {
        // Only a person answers what a person was asked, and nobody else can leave a thing open.
        case (.asked, .person): return event.person != nil && event.finding != .again
        case (.intended, .probe): return event.finding == .happened || event.finding == .absent
        // A tool that has sent nothing this time cannot tell what became of what was sent before.
        case (.intended, .tool): return event.finding == .absent && !wasSentAgain
        case (.intended, .key): return event.finding == .again && isRepeatable(current, at: recorded.atMilliseconds)
        default: return false
        }
    }
}
