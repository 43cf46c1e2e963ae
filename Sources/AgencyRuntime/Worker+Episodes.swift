// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

extension Worker {
    private enum Outcome: Sendable {
        case ended(EpisodeOrder, Prompt, Performance.Ending)
        case unavailable(any Error)
        case disturbed
    }

    /// Performs episodes side by side and records each as it ends.
    ///
    /// When one cannot be performed now, those that can are still brought to their end: what was paid for is kept.
    mutating func perform(_ orders: [EpisodeOrder]) async throws {
        let work = journal.state.agenda()
        let performances = try await prepare(orders)
        let prompts = performances.map(\.promptArtefact)
        let begun = try await record(artefacts: prompts) { state in
            // Another worker may have begun or even ended them; what is over must not be begun again.
            guard state.agenda() == work else { return [] }
            return zip(performances, prompts).map { performance, prompt in
                .episodeStarted(
                    EpisodeStarted(
                        order: performance.order,
                        prompt: prompt.reference,
                        performer: performance.performer.about
                    )
                )
            }
        }
        guard !begun.isEmpty else { return }
        var failure: (any Error)?
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for performance in performances { group.addTask { try await Self.outcome(of: performance) } }
            let watch = DisturbanceWatch(agency: agency, run: journal.state.run, from: journal.head.sequence + 1)
            group.addTask { try await watch.wait() ? .disturbed : .unavailable(CancellationError()) }
            var open = performances.count
            while open > 0, let outcome = try await group.next() {
                switch outcome {
                case .ended(let order, let prompt, let ending):
                    open -= 1
                    try await record(order, prompt, ending)
                case .unavailable(let error):
                    open -= 1
                    failure = failure ?? error
                case .disturbed:
                    // A person paused, stopped or rewrote the goals: what is under way no longer matters.
                    group.cancelAll()
                    _ = try await journal.refresh()
                    return
                }
            }
            group.cancelAll()
        }
        if let failure { throw failure }
    }

    private static func outcome(of performance: Performance) async throws -> Outcome {
        do {
            return .ended(performance.order, performance.prompt, try await performance.perform())
        } catch let error as CancellationError {
            throw error
        } catch {
            return .unavailable(error)
        }
    }

    private func prepare(_ orders: [EpisodeOrder]) async throws -> [Performance] {
        let state = journal.state
        guard let architecture = state.architecture, let started = state.started else { return [] }
        let seconds = Double(state.spentMilliseconds) / 1000
        let purse = Purse(limit: started.brief.resources, spent: state.spent, seconds: seconds)
        let readsTree = orders.contains { architecture.role($0.role)?.reads.contains(.tree) == true }
        let tree = readsTree ? try await world?.tree() : nil
        return try orders.map { order in
            guard let role = architecture.role(order.role), let name = role.performer,
                let performer = cast.performer(name), let profile = cast.profile(name),
                let prompt = Prompt(for: order, in: state, tree: tree)
            else {
                throw RuntimeError(
                    .badInput,
                    "nobody is there to play “\(order.role)”; describe its profile in agency.yaml"
                )
            }
            return Performance(
                run: state.run,
                order: order,
                role: role,
                prompt: prompt,
                tools: started.tools,
                options: state.options,
                performer: performer,
                profile: profile,
                purse: purse,
                world: world,
                clock: agency.clock
            )
        }
    }

    private mutating func record(_ order: EpisodeOrder, _ prompt: Prompt, _ ending: Performance.Ending) async throws {
        let event = try Self.event(order, prompt, ending)
        try await record(artefacts: [ending.transcript]) { state in
            state.episodes[order.id]?.status == .started ? [event] : []
        }
    }

    private static func event(_ order: EpisodeOrder, _ prompt: Prompt, _ ending: Performance.Ending) throws -> Event {
        let transcript = ArtefactReference(ending.transcript.digest)
        switch ending.result {
        case .completed(let output):
            let explains = order.task == .explain || order.task == .answer
            let explanation = explains ? try output.decode(Explanation.self).checked(against: prompt.records) : nil
            return .episodeCompleted(
                EpisodeCompleted(
                    episode: order.id,
                    output: output,
                    explanation: explanation,
                    transcript: transcript,
                    usage: ending.usage,
                    performer: ending.performer,
                    recorded: ending.isRecorded,
                    milliseconds: ending.milliseconds
                )
            )
        case .failed(let code, let message):
            return .episodeFailed(
                EpisodeFailed(
                    episode: order.id,
                    code: code,
                    message: message,
                    transcript: transcript,
                    usage: ending.usage,
                    milliseconds: ending.milliseconds
                )
            )
        }
    }
}

/// Watches for a person's word from another process while episodes are under way.
private struct DisturbanceWatch: Sendable {
    let agency: Agency
    let run: RunID
    let from: Int

    /// Returns `true` when a person has paused or stopped the run or rewritten its goals.
    func wait() async throws -> Bool {
        var next = from
        while true {
            try await agency.clock.sleep(for: .milliseconds(400))
            guard let entries = try await entries(from: next) else { continue }
            for entry in entries {
                next = entry.sequence + 1
                switch try RecordedEvent(sequence: entry.sequence, storedBytes: entry.bytes).event {
                case .runPaused, .runStopped, .goalsEdited: return true
                default: continue
                }
            }
        }
    }

    /// What was appended since, or `nil` when the store is busy: no reason to lose what is being performed.
    private func entries(from next: Int) async throws -> [Entry]? {
        do {
            return try await agency.store.entries(of: run, from: next, limit: 256)
        } catch let error as LedgerError where error.code == .busy {
            return nil
        }
    }
}
