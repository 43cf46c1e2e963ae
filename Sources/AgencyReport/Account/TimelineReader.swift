// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Collects the lanes of a timeline from events, one after another.
struct TimelineReader {
    private let state: RunState
    private let fates: [Digest: StepTrial]
    private var people = Timeline.Lane(of: .people, name: "people")
    private var enactor: Timeline.Lane
    private var roles: [RoleName: Timeline.Lane] = [:]
    private var order: [RoleName] = []
    private var episodes: [EpisodeID: (start: Int64, event: EpisodeStarted)] = [:]
    private var steps: [StepID: (start: Int64, event: StepIntended)] = [:]
    private var iterating: IterationBegun?
    private var choiceSince: Int64?
    private var doubtSince: (at: Int64, step: StepID)?
    private var pausedSince: Int64?
    private var began: Int64?

    init(_ state: RunState) {
        self.state = state
        fates = Dictionary(state.enactment.trials.map { ($0.effect, $0) }) { _, last in last }
        let name = state.architecture?.roles.first { $0.kind == .enact }?.name.rawValue
        enactor = Timeline.Lane(of: .enactor, name: name ?? "enactor")
    }

    /// The lanes in which there is something; what has not ended lasts up to the end of the record.
    mutating func lanes(endingAt last: Int64) -> [Timeline.Lane] {
        for (_, open) in episodes.sorted(by: { $0.key < $1.key }) { end(open, at: last, .underWay, "") }
        for (_, open) in steps.sorted(by: { $0.key < $1.key }) { observe(open, at: last) }
        wait(until: last)
        settleDoubt(at: last)
        resume(at: last)
        return ([people] + order.compactMap { roles[$0] } + [enactor]).filter { !$0.spans.isEmpty || !$0.marks.isEmpty }
    }

    mutating func take(_ recorded: RecordedEvent) {
        let at = recorded.drawnAtMilliseconds
        began = began ?? at
        switch recorded.event {
        case .episodeStarted(let event):
            // Begun again: nobody knows when the first try was broken off, only that it was over by now.
            if let open = episodes.removeValue(forKey: event.order.id) { end(open, at: at, .underWay, "broken off") }
            episodes[event.order.id] = (at, event)
            see(event.order.role)
        case .episodeCompleted(let event):
            guard let open = episodes.removeValue(forKey: event.episode) else { return }
            end(open, at: at, event.recorded ? .recorded : .completed, "")
        case .episodeFailed(let event):
            guard let open = episodes.removeValue(forKey: event.episode) else { return }
            end(open, at: at, .failed, event.code)
        case .iterationBegun(let event): iterating = event
        case .stateAdvanced(let event):
            advance(event.number, event.milliseconds, at: at, event.recorded ? .recorded : .completed, "")
        case .advanceFailed(let event): advance(event.number, event.milliseconds, at: at, .failed, event.code)
        case .stepIntended(let event): steps[event.step] = (at, event)
        case .stepObserved(let event):
            if let open = steps.removeValue(forKey: event.step) { observe(open, at: at) }
        case .stepsReverted(let event):
            for step in event.steps { if let open = steps.removeValue(forKey: step) { observe(open, at: at) } }
            mark(\.enactor, recorded, .back)
            if event.person != nil { mark(\.people, recorded, .back) }
        default: takePersons(recorded)
        }
    }

    private mutating func takePersons(_ recorded: RecordedEvent) {
        let at = recorded.drawnAtMilliseconds
        switch recorded.event {
        case .choiceRequested: choiceSince = choiceSince ?? at
        case .choiceRecorded:
            wait(until: at)
            mark(\.people, recorded, .choice)
        case .choiceLapsed, .choiceOverdue:
            wait(until: at)
            mark(\.people, recorded, .stop)
        case .questionAsked: mark(\.people, recorded, .question)
        case .reconciliationRequested(let event): doubtSince = (at, event.step)
        case .stepReconciled(let event):
            settleDoubt(at: at)
            if event.finding != .again, let open = steps.removeValue(forKey: event.step) { observe(open, at: at) }
            if event.person != nil { mark(\.people, recorded, .act) }
        case .runStarted, .episodesReopened, .optionAdded, .goalsEdited, .mandateRevoked, .outcomeFiled,
            .mandateGranted:
            mark(\.people, recorded, .act)
        case .runPaused:
            pausedSince = pausedSince ?? at
            mark(\.people, recorded, .stop)
        case .runContinued:
            resume(at: at)
            mark(\.people, recorded, .act)
        case .runStopped:
            resume(at: at)
            wait(until: at)
            mark(\.people, recorded, .stop)
        default: break
        }
    }

    private mutating func mark(
        _ lane: WritableKeyPath<Self, Timeline.Lane>,
        _ recorded: RecordedEvent,
        _ sign: Timeline.Mark.Sign
    ) {
        let about = "\(recorded.event.title): \(recorded.event.line.cut(to: 200))"
        let time = UTC.text(milliseconds: recorded.atMilliseconds)
        self[keyPath: lane].marks.append(
            Timeline.Mark(at: recorded.drawnAtMilliseconds, sign: sign, about: "\(about) · \(time)")
        )
    }

    /// Gives a role its lane, in the order in which the roles begin.
    private mutating func see(_ role: RoleName) {
        guard roles[role] == nil else { return }
        roles[role] = Timeline.Lane(of: .role, name: role.rawValue)
        order.append(role)
    }

    private mutating func add(_ span: Timeline.Span, to role: RoleName) {
        see(role)
        roles[role]?.spans.append(span)
    }

    private mutating func end(
        _ open: (start: Int64, event: EpisodeStarted),
        at: Int64,
        _ kind: Timeline.Kind,
        _ note: String
    ) {
        let words = [note, "by \(open.event.performer)"].filter { !$0.isEmpty }.joined(separator: ", ")
        let id = open.event.order.id
        var span = Timeline.Span(
            start: open.start,
            end: max(open.start, at),
            kind: kind,
            name: id.rawValue,
            note: words
        )
        span.episode = id
        add(span, to: open.event.order.role)
    }

    private mutating func advance(
        _ number: Int,
        _ milliseconds: Int,
        at: Int64,
        _ kind: Timeline.Kind,
        _ note: String
    ) {
        guard let iterating else { return }
        // It did not begin before the run, whatever it says of itself.
        let start = max(began ?? at, at - Int64(min(max(0, milliseconds), Int(Int32.max))))
        let name = "step \(number.grouped) of the work"
        let span = Timeline.Span(start: min(start, at), end: at, kind: kind, name: name, note: note)
        add(span, to: iterating.role)
    }

    private mutating func observe(_ open: (start: Int64, event: StepIntended), at: Int64) {
        let trial = fates[open.event.effect]
        let kind: Timeline.Kind =
            switch trial?.tone {
            case .good: .kept
            case .bad: .undone
            default: .underWay
            }
        enactor.spans.append(
            Timeline.Span(
                start: open.start,
                end: max(open.start, at),
                kind: kind,
                name: open.event.step.rawValue,
                note: trial.map { "\($0.step.intent), try \($0.attempt), \($0.fate)".cut(to: 200) } ?? ""
            )
        )
    }

    private mutating func wait(until at: Int64) {
        guard let since = choiceSince else { return }
        choiceSince = nil
        waited(since, at, .waiting, "the choice")
    }

    private mutating func settleDoubt(at: Int64) {
        guard let since = doubtSince else { return }
        doubtSince = nil
        waited(since.at, at, .waiting, "whether step \(since.step) happened")
    }

    private mutating func resume(at: Int64) {
        guard let since = pausedSince else { return }
        pausedSince = nil
        waited(since, at, .paused, "the run")
    }

    private mutating func waited(_ start: Int64, _ end: Int64, _ kind: Timeline.Kind, _ name: String) {
        people.spans.append(Timeline.Span(start: start, end: max(start, end), kind: kind, name: name, note: ""))
    }
}
