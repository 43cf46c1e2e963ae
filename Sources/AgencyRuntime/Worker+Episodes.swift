// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

extension Worker {
    private enum Outcome: Sendable {
        case ended(Ended)
        case unavailable(any Error)
        case disturbed
    }

    private typealias Ended = (order: EpisodeOrder, prompt: Prompt, ending: Performance.Ending)

    /// Performs episodes side by side and records them as they end.
    ///
    /// When one cannot be performed now, those that can are still brought to their end: what was paid for is kept.
    mutating func perform(_ orders: [EpisodeOrder]) async throws {
        let performances = try await prepare(orders)
        guard try await begin(performances) else { return }
        let mailbox = Mailbox<Outcome>()
        var failure: (any Error)?
        try await withThrowingDiscardingTaskGroup { group in
            for performance in performances {
                group.addTask { mailbox.put(await Self.outcome(of: performance)) }
            }
            let watch = watch(from: journal.head.sequence + 1)
            group.addTask { if await watch() { mailbox.put(.disturbed) } }
            defer { group.cancelAll() }
            var open = performances.count
            while open > 0 {
                var ended: [Ended] = []
                var isDisturbed = false
                for outcome in await mailbox.take() {
                    switch outcome {
                    case .ended(let one):
                        open -= 1
                        ended.append(one)
                    case .unavailable(let error):
                        open -= 1
                        failure = failure ?? error
                    case .disturbed: isDisturbed = true
                    }
                }
                try await record(ended)
                lookout?.know(journal.head.sequence, of: journal.state.run)
                if isDisturbed {
                    // A person paused, stopped or rewrote the goals: what is under way no longer matters.
                    _ = try await journal.refresh()
                    return
                }
            }
        }
        if let failure { throw failure }
    }

    /// Records that performances begin, and what with.
    ///
    /// - Returns: Whether they do. Another worker may have begun or even ended them, and what is over must not be begun again.
    private mutating func begin(_ performances: [Performance]) async throws -> Bool {
        let work = journal.state.agenda()
        let prompts = performances.map(\.promptArtefact)
        let begun = try await record(artefacts: prompts) { state in
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
        return !begun.isEmpty
    }

    /// Waits for a person's word from elsewhere.
    private func watch(from next: Int) -> @Sendable () async -> Bool {
        let run = journal.state.run
        guard let lookout else {
            let watch = DisturbanceWatch(agency: agency, run: run, from: next)
            return { await watch.wait() }
        }
        return { await lookout.wait(for: run, from: next) }
    }

    private static func outcome(of performance: Performance) async -> Outcome {
        do {
            return .ended((performance.order, performance.prompt, try await performance.play()))
        } catch {
            return .unavailable(error)
        }
    }

    private func prepare(_ orders: [EpisodeOrder]) async throws -> [Performance] {
        let state = journal.state
        guard let architecture = state.architecture, let started = state.started else { return [] }
        let seconds = Double(state.spentMilliseconds) / 1000
        let purse = Purse(limit: started.brief.resources, spent: state.spent, seconds: seconds)
        let readsTree = orders.contains { $0.task != .probe && architecture.readsTree($0.role) }
        let tree = readsTree ? try await world?.tree() : nil
        var shared = PromptMaterial()
        return try orders.map { order in
            let player = try player(of: order)
            guard let prompt = Prompt(for: order, in: state, tree: tree, sharing: &shared) else {
                throw RuntimeError(.badInput, "the architecture has no role “\(order.role)”")
            }
            let verification = try verification(for: player.role, tree: tree)
            return Performance(
                run: state.run,
                order: order,
                role: player.role,
                prompt: prompt,
                tools: order.tools(among: started.tools),
                options: state.options,
                performer: player.performer,
                profile: player.profile,
                purse: purse,
                world: world,
                clock: agency.clock,
                verification: verification
            )
        }
    }

    /// Who plays the role of an episode.
    func player(of order: EpisodeOrder) throws -> (role: Role, performer: any Performer, profile: Profile) {
        guard let role = journal.state.architecture?.role(order.role), let name = role.performer,
            let performer = cast.performer(name), let profile = cast.profile(name)
        else {
            throw RuntimeError(
                .badInput,
                "nobody is there to play “\(order.role)”; describe its profile in agency.yaml"
            )
        }
        return (role, performer, profile)
    }

    /// Records what has ended, all of it in one append: a burst of answers is durable at the price of one.
    private mutating func record(_ ended: [Ended]) async throws {
        guard !ended.isEmpty else { return }
        let events = try ended.map { (episode: $0.order.id, event: try Self.event($0.order, $0.prompt, $0.ending)) }
        do {
            try await record(artefacts: ended.flatMap { [$0.ending.transcript] + $0.ending.others }) { state in
                events.compactMap { state.episodes[$0.episode]?.status == .started ? $0.event : nil }
            }
        } catch let error as RuntimeError where error.code == .takenOver {
            try await recordLate(ended.map { ($0.ending.transcript, $0.order.id, nil, nil, $0.ending.usage) })
            throw error
        }
    }

    private static func event(_ order: EpisodeOrder, _ prompt: Prompt, _ ending: Performance.Ending) throws -> Event {
        let transcript = ArtefactReference(ending.transcript.digest)
        switch ending.result {
        case .completed(let output):
            let explanation =
                order.task.quotes
                ? try output.decode(Explanation.self).checked(against: prompt.records) : nil
            return .episodeCompleted(
                EpisodeCompleted(
                    episode: order.id,
                    output: output,
                    explanation: explanation,
                    transcript: transcript,
                    usage: ending.usage,
                    performer: ending.performer,
                    recorded: ending.isRecorded,
                    milliseconds: ending.milliseconds,
                    ballot: ending.ballot,
                    hidden: ending.hidden
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
                    milliseconds: ending.milliseconds,
                    ballot: ending.ballot,
                    hidden: ending.hidden
                )
            )
        }
    }
}
