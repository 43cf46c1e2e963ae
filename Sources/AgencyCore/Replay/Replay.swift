// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// Folds a run's history again and compares every decision of the core with what the record says happened next.
///
/// No performer is called and no tool is used: what performers answered, what tools showed, what people did and when are
/// taken from the record. Everything between them is decided anew by this version of the program: which episodes are due
/// and with which exact prompts, which outputs can be taken, what is put before the person, what is authorised, when
/// enactment halts, what is undone, and how the run ends. After a divergence the replay goes on from the record.
public struct Replay: Sendable {
    /// The most divergences that are kept in full; the others are counted.
    public static let maximumDivergences = 1000

    /// What the record folds to so far.
    public private(set) var state: RunState
    /// How many decisions were compared.
    public private(set) var decisions = 0
    /// How many prompts were built anew and compared.
    public private(set) var prompts = 0
    /// How many prompts could not be compared, because their recorded text is not there and the files of a workspace
    /// were part of it.
    public private(set) var promptsNotCompared = 0
    /// How many events are of a kind that this version does not know.
    public private(set) var unrecognized = 0
    /// What differs, in the order of the record.
    public private(set) var divergences: [Divergence] = []
    /// How many differences of each kind there are.
    public private(set) var counts: [Divergence.Kind: Int] = [:]

    /// The episodes that were due when the present batch was begun, without those begun since.
    var due: Set<EpisodeOrder>?
    /// What was authorised by the event before.
    var permitted: Permitted?
    /// The exact inputs of the accounts under way, for checking their quotations.
    var inputs: [EpisodeID: [String: String]] = [:]

    /// The shape of an answer in the long work under way.
    var answer: JSONSchema?

    /// What a recorded authorisation permits.
    struct Permitted: Hashable, Sendable {
        var step: StepID
        var effect: Digest
        var action: Digest
    }

    /// Looks up the bytes of a recorded prompt; `nil` when they are not there.
    public typealias PromptLookup<Failure: Error> = (ArtefactReference) async throws(Failure) -> [UInt8]?

    /// Stands before the first event of a run.
    public init(run: RunID) { state = RunState(run: run) }

    /// Whether every decision is the recorded one; prompts and wordings may differ.
    public var agrees: Bool { counts[.decision] == nil }

    /// The first difference of a kind.
    public func first(_ kind: Divergence.Kind) -> Divergence? { divergences.first { $0.kind == kind } }

    /// What would be done next; `nil` when the run is over.
    public var next: String? {
        let work = state.agenda()
        return work == .nothing ? nil : work.words
    }

    /// Takes the next event: compares what is decided before it with what it says, and folds it.
    ///
    /// - Parameters:
    ///   - recorded: The event.
    ///   - lookup: Finds recorded prompts; asked only where the text is needed.
    /// - Throws: what the lookup throws.
    public mutating func take<Failure: Error>(
        _ recorded: RecordedEvent,
        prompts lookup: PromptLookup<Failure>
    ) async throws(Failure) {
        let before = counts[.decision] ?? 0
        let anomalies = state.anomalies.count
        try await compare(recorded, lookup)
        state.apply(recorded)
        // What the fold refuses was taken when it was recorded.
        if state.anomalies.count > anomalies, counts[.decision] ?? 0 == before, let anomaly = state.anomalies.last {
            diverge(.decision, recorded, recorded: "it was taken", now: "it is refused: \(anomaly)")
        }
    }

    /// Counts a decision and notes a difference, unless what is decided now is what was recorded.
    mutating func decide(
        _ recorded: RecordedEvent,
        _ same: Bool,
        was: @autoclosure () -> String,
        now: @autoclosure () -> String
    ) {
        decisions += 1
        if !same { diverge(.decision, recorded, recorded: was(), now: now()) }
    }

    /// Notes a difference in the words for the same decision.
    mutating func word(_ recorded: RecordedEvent, _ was: String, _ now: String) {
        if was != now { diverge(.wording, recorded, recorded: "“\(was)”", now: "“\(now)”") }
    }

    /// Notes a difference.
    mutating func diverge(_ kind: Divergence.Kind, _ event: RecordedEvent, recorded: String, now: String) {
        counts[kind, default: 0] += 1
        guard divergences.count < Self.maximumDivergences else { return }
        divergences.append(
            Divergence(kind, at: event.sequence, type: event.event.type, recorded: recorded, now: now)
        )
    }

    mutating func countPrompt(compared: Bool) {
        if compared { prompts += 1 } else { promptsNotCompared += 1 }
    }

    mutating func countUnrecognized() { unrecognized += 1 }
}

extension Work {
    /// What is due, in words.
    public var words: String {
        switch self {
        case .perform(let orders):
            let names = orders.prefix(4).map(\.id.rawValue).joined(separator: ", ")
            return "perform \(names)" + (orders.count > 4 ? " and \(orders.count - 4) more" : "")
        case .iterate(let order): return "perform \(order.id)"
        case .requestChoice(let sheet):
            return "put \(sheet.options.map(\.proposal.rawValue).joined(separator: ", ")) before the person"
        case .uphold(let event): return "let the choice at \(event.choice) stand for \(event.proposal)"
        case .checkpoint(let step):
            return step.map { "make the checkpoint after step \($0)" } ?? "make the first checkpoint"
        case .revert(let steps, _, let reason, _):
            return "undo \(steps.map(\.rawValue).joined(separator: ", ")) (\(reason.rawValue))"
        case .fill(let step): return "fill the holes of step \(step)"
        case .enact(let step): return "authorise step \(step) and act"
        case .reconcile(let step): return "find out whether step \(step) happened"
        case .settle(let step): return "settle the forecasts of step \(step)"
        case .settleGoals: return "settle the goals"
        case .finish(let end): return "end the run: \(end.outcome.rawValue)"
        case .wait(.choice): return "wait for a choice"
        case .wait(.reconcile(let step)): return "wait for a person's word on whether step \(step) happened"
        case .wait(.paused): return "wait, because the run is paused"
        case .wait(.stalled(let why)): return "wait, because \(why)"
        case .nothing: return "nothing, because the run is over"
        }
    }
}
