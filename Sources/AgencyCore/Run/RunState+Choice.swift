// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// What would be put before the person now.
    public var currentSheet: ChoiceSheet { dueSheet ?? madeSheet }

    /// Makes what is due at the choice anew, because something has happened.
    mutating func renewSheet(after event: Event) {
        let isDue = currentStage?.word == "choose"
        // Nothing of what is shown is changed by it, unless the run begins to differ there from the one it shares its past
        // with.
        if isDue, !event.bearsOnSheet, dueSheet?.run == identity { return }
        dueSheet = isDue ? madeSheet : nil
    }

    private var madeSheet: ChoiceSheet {
        ChoiceSheet(
            run: identity,
            cycle: cycle,
            architecture: architecture?.digest ?? Digest(of: ""),
            goals: goalsDigest,
            options: options.map { ChoiceSheet.Option(proposal: $0.id, plan: $0.plan.digest) },
            judgement: judgementDigest,
            tools: isSigned ? try? Digest(encoding: started?.tools ?? []) : nil,
            policy: started?.policy?.digest,
            revision: isSigned ? updatesUsed : nil
        )
    }

    /// Whether the work may be sent back once more.
    public var canSendBack: Bool {
        if halt != nil { return updateStage.map { updatesUsed < $0.atMost } ?? false }
        return architecture?.choosing.map { returnsUsed < $0.returns } ?? false
    }

    /// The update stage and its bound.
    var updateStage: (index: Int, atMost: Int)? {
        for (index, stage) in (architecture?.flow ?? []).enumerated() {
            if case .update(_, let atMost) = stage { return (index, atMost) }
        }
        return nil
    }

    var goalsDigest: Digest {
        let brief = brief
        var json: JSONObject = [
            "goals": (try? JSONValue(encoding: goals)) ?? .null,
            "constraints": .array((brief?.constraints ?? []).map { .string($0) }),
            "document": .string(brief?.document ?? ""),
        ]
        // As they were given: withdrawing one takes nothing from what was chosen.
        if let given = started?.brief.mandates { json["mandates"] = (try? JSONValue(encoding: given)) ?? .null }
        return Digest(of: .object(json))
    }

    /// The option whose judgements are shown with an option: itself, or the plan that it completes with what was read.
    public func judged(_ option: Proposal) -> ProposalID {
        guard option.asks != nil, let chosen = option.parent.flatMap({ proposals[$0] }) else { return option.id }
        return judged(chosen)
    }

    private var judgementDigest: Digest {
        let shown = Set(options.map(\.id) + options.map(judged))
        var json: JSONObject = [
            "evaluations": (try? JSONValue(encoding: evaluations.filter { shown.contains($0.proposal) })) ?? .null,
            "dissents": (try? JSONValue(encoding: dissents)) ?? .null,
            "explanation": (try? JSONValue(encoding: explanation)) ?? .null,
            "answers": (try? JSONValue(encoding: questions.map(\.answer))) ?? .null,
        ]
        // Absent where there are none, as it was before records were shown.
        if let records { json["records"] = (try? JSONValue(encoding: records)) ?? .null }
        return Digest(of: .object(json))
    }

    mutating func add(_ event: OptionAdded, _ recorded: RecordedEvent) {
        guard currentStage?.word == "choose", proposals[event.proposal.id] == nil else {
            return note("adds an option where none can be added", recorded)
        }
        proposals[event.proposal.id] = event.proposal
        options.append(event.proposal)
        sheet = nil
    }

    mutating func show(_ event: ChoiceRequested, _ recorded: RecordedEvent) {
        guard event.digest == event.sheet.digest, event.sheet.shows(currentSheet),
            event.sheet == event.sheet.with(event.targets)
        else { return note("shows something other than what stands", recorded) }
        guard isFresh(event.nonce) else {
            return note("asks with a number that was used before, or with none", recorded)
        }
        sheet = nil
        sheet = event.sheet
        nonce = event.nonce
        targets = event.targets ?? []
        // Asking anew, because an option was added or a question answered, gives nobody more time.
        if choiceDeadline == nil, case .choose(let choosing)? = currentStage, let within = choosing.within {
            choiceDeadline = recorded.atMilliseconds.saturatingPlus(seconds: within)
        }
        if let nonce = event.nonce { nonces.append(nonce) }
    }

    /// Forgets everything that belonged to what was put before the person.
    mutating func forgetRequest() {
        nonce = nil
        targets = []
        votes = []
    }

    mutating func record(_ event: ChoiceRecorded, _ recorded: RecordedEvent) {
        let made = event.choice
        guard currentStage?.word == "choose", choice == nil, let sheet, made.shown == sheet.digest else {
            return note("chooses from something other than what stands", recorded)
        }
        guard !isOverdue(at: recorded.atMilliseconds) else {
            return note("comes after the time that there was to choose", recorded)
        }
        if let fault = fault(of: made, event.signature, on: sheet) ?? fault(now: recorded, made, event.signature)
            ?? faultOfRule(made, at: recorded.atMilliseconds)
        {
            return note(fault, recorded)
        }
        let standing = StandingChoice(
            choice: made,
            sequence: recorded.sequence,
            atMilliseconds: recorded.atMilliseconds,
            signature: event.signature
        )
        switch made.verdict {
        case .option(let id):
            guard let proposal = options.first(where: { $0.id == id }) else {
                return note("chooses an option that is not there", recorded)
            }
            guard count(standing, of: proposal, recorded) else { return }
            // What was forecast for another plan says nothing of this one.
            if enactment.plan?.digest != proposal.plan.digest { enactment.surprise = nil }
            enactment.proposal = id
            enactment.plan = proposal.plan
            forgetFillings()
            halt = nil
            goalOutcomes = []
        case .sendBack:
            guard canSendBack else { return note("sends back more often than the architecture allows", recorded) }
            sendBack(made.reason)
        case .none: break
        }
        choices.append(standing)
        nonce = nil
        basis = nil
        choiceDeadline = nil
        guard made.verdict != .sendBack else { return }
        choice = standing
        if case .option = made.verdict {
            basis = ChoiceBasis(choice: standing, votes: votes, sheet: sheet, dissents: dissents.count)
        }
    }

    /// Until when the choice has to be made that is waited for, in milliseconds since 1970 UTC; `nil` where none is, or there is time.
    public var openDeadline: Int64? { agenda() == .wait(.choice) ? choiceDeadline : nil }

    /// Whether the time that there was to choose is over.
    public func isOverdue(at milliseconds: Int64) -> Bool { choiceDeadline.map { milliseconds > $0 } ?? false }

    mutating func give(up event: ChoiceOverdue, _ recorded: RecordedEvent) {
        guard currentStage?.word == "choose", choice == nil, event.deadlineMilliseconds == choiceDeadline,
            isOverdue(at: recorded.atMilliseconds)
        else { return note("says that nobody chose in time while there is time", recorded) }
        isGivenUp = true
        sheet = nil
    }

    private mutating func sendBack(_ why: String) {
        reason = why
        sheet = nil
        explanation = nil
        if halt != nil, let update = updateStage {
            stage = update.index
        } else {
            returnsUsed += 1
            cycle += 1
            options = []
            stage = 0
        }
    }

    /// Puts the options before the person once more.
    mutating func lapse() {
        guard choice != nil, let index = architecture?.flow.firstIndex(where: { $0.word == "choose" }) else { return }
        choice = nil
        sheet = nil
        basis = nil
        choiceDeadline = nil
        if let id = enactment.proposal, let proposal = proposals[id] { options = [proposal] }
        stage = index
    }
}

extension Event {
    /// Whether it can change what is put before the person.
    fileprivate var bearsOnSheet: Bool {
        switch self {
        case .choiceRequested, .runPaused, .runContinued, .runClaimed, .lateResult, .mandateRevoked, .mandateProposed,
            .mandateGranted, .mandateWithdrawn, .outcomeFiled,
            .episodeStarted:
            false
        default: true
        }
    }
}
