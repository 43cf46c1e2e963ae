// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

extension Worker {
    /// How many episodes pass between two updates of what lists show.
    private static let listingInterval = 256

    /// Takes a long work on, episode by episode, each recorded before the next.
    mutating func iterate(_ order: EpisodeOrder) async throws {
        let advance = try prepare(order)
        try await begin(advance)
        // In a long row of small episodes, most of the time would be spent on waking one thread after another.
        try await advance.performer.near { try await proceed(order, advance) }
        // What follows from the work rests on it: this waits until all of it is durable, and shows it in lists.
        try await journal.settle()
    }

    private mutating func proceed(_ order: EpisodeOrder, _ advance: Advance) async throws {
        // An episode has no effect, so that it may be lost with the power and performed again.
        let durability = agency.durability ?? journal.state.started?.durability ?? .full
        while case .iterate(let due) = journal.state.agenda(), due.role == order.role,
            let iteration = journal.state.iteration
        {
            try Task.checkCancellation()
            if hold?.mustYield == true { break }
            let number = iteration.number + 1
            let ending = try await advance.perform(number: number, state: iteration.state)
            let event = try ending.event(number: number)
            try await record(durability: durability, listed: number.isMultiple(of: Self.listingInterval)) {
                $0.iteration?.number == number - 1 && $0.iteration?.failure == nil && $0.status == .running
                    ? [event] : []
            }
        }
    }

    /// Records what the episodes begin with, unless that is known from before.
    private mutating func begin(_ advance: Advance) async throws {
        let artefact = Artefact(advance.prompt.json.canonicalBytes)
        let event = IterationBegun(
            role: advance.role.name,
            prompt: artefact.reference,
            performer: advance.performer.about
        )
        try await record(artefacts: [artefact]) { state in
            guard case .iterate = state.agenda() else { return [] }
            let known = state.iteration
            return known?.prompt == event.prompt && known?.performer == event.performer ? [] : [.iterationBegun(event)]
        }
    }

    private func prepare(_ order: EpisodeOrder) throws -> Advance {
        let state = journal.state
        let player = try player(of: order)
        guard let started = state.started, let prompt = IterationPrompt(for: order, in: state) else {
            throw RuntimeError(.badInput, "run \(state.run) has no role “\(order.role)”")
        }
        let seconds = Double(state.spentMilliseconds) / 1000
        return Advance(
            run: state.run,
            order: order,
            role: player.role,
            prompt: prompt,
            performer: player.performer,
            profile: player.profile,
            purse: Purse(limit: started.brief.resources, spent: state.spent, seconds: seconds),
            clock: agency.clock
        )
    }
}
