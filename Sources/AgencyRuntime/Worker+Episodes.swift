// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

extension Worker {
    private indirect enum Outcome: Sendable {
        case ended(Ended)
        case unavailable(any Error)
        case disturbed
    }

    /// An episode that has come to its end.
    typealias Ended = (order: EpisodeOrder, prompt: Prompt, ending: Performance.Ending)

    /// Performs episodes side by side and records them as they end.
    ///
    /// When one cannot be performed now, those that can are still brought to their end: what was paid for is kept.
    mutating func perform(_ orders: [EpisodeOrder]) async throws {
        let performances = try await begin(try prepare(orders, seeing: try await tree(for: orders)))
        guard !performances.isEmpty else { return }
        let mailbox = Mailbox<Outcome>()
        var failure: (any Error)?
        try await withThrowingDiscardingTaskGroup { group in
            add(performances, to: &group, mailbox)
            defer { group.cancelAll() }
            var open = performances.count
            while open > 0 {
                let (ended, errors, isDisturbed) = Self.sort(await mailbox.take())
                open -= ended.count + errors.count
                failure = failure ?? errors.first
                try await record(ended)
                lookout?.know(journal.head.sequence, of: journal.run)
                if isDisturbed {
                    // A person paused, stopped or rewrote the goals: what is under way no longer matters.
                    _ = try await journal.refresh()
                    return
                }
            }
        }
        if let failure { throw failure }
    }

    @inline(never)
    private func add(
        _ performances: [Performance],
        to group: inout ThrowingDiscardingTaskGroup<any Error>,
        _ mailbox: Mailbox<Outcome>
    ) {
        for performance in performances {
            group.addTask { mailbox.put(await Self.outcome(of: performance)) }
        }
        let watch = watch(from: journal.head.sequence + 1)
        group.addTask { if await watch() { mailbox.put(.disturbed) } }
    }

    @inline(never)
    private static func sort(_ outcomes: [Outcome]) -> (ended: [Ended], errors: [any Error], isDisturbed: Bool) {
        var ended: [Ended] = []
        var errors: [any Error] = []
        var isDisturbed = false
        for outcome in outcomes {
            switch outcome {
            case .ended(let one): ended.append(one)
            case .unavailable(let error): errors.append(error)
            case .disturbed: isDisturbed = true
            }
        }
        return (ended, errors, isDisturbed)
    }

    /// Records that performances begin, and what with.
    ///
    /// - Returns: Those that do: all or none. Another worker may have begun or even ended them, and what is over must not be
    ///   begun again.
    private mutating func begin(_ performances: [Performance]) async throws -> [Performance] {
        let work = journal.agenda
        var prompts: [Artefact] = []
        let begun = try await record(artefacts: prompts) { state in
            guard state.agenda() == work else { return [] }
            prompts = performances.map(\.promptArtefact)
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
        guard !begun.isEmpty else { return [] }
        return zip(performances, prompts).map { performance, prompt in
            var performance = performance
            performance.promptOnRecord = prompt.reference
            return performance
        }
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
            // Thousands may wait for their turn, and each is small until it has come.
            let ending = try await performance.performer.inTurn(for: performance.run) { try await performance.play() }
            return .ended((performance.order, performance.prompt, ending))
        } catch {
            return .unavailable(error)
        }
    }

    /// What lies in the workspace, where one of those who perform is shown it.
    @inline(never)
    private func tree(for orders: [EpisodeOrder]) async throws -> String? {
        guard let world, readsTree(orders) else { return nil }
        return try await world.tree()
    }

    @inline(never)
    private func readsTree(_ orders: [EpisodeOrder]) -> Bool {
        let architecture = journal.state.architecture
        return orders.contains { $0.task != .probe && architecture?.readsTree($0.role) == true }
    }

    @inline(never)
    private func prepare(_ orders: [EpisodeOrder], seeing tree: String?) throws -> [Performance] {
        let state = journal.state
        guard let started = state.started else { return [] }
        let seconds = Double(state.spentMilliseconds) / 1000
        let purse = Purse(limit: started.brief.resources, spent: state.spent, seconds: seconds)
        var shared = PromptMaterial(agency.instructions.book)
        defer { agency.instructions.keep(shared.book) }
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
}
