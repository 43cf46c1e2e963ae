// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Replay {
    /// Compares what every episode of a long work begins with.
    mutating func begin<Failure: Error>(
        _ event: IterationBegun,
        _ recorded: RecordedEvent,
        _ lookup: PromptLookup<Failure>
    ) async throws(Failure) {
        let work = state.agenda()
        guard case .iterate(let order) = work, order.role == event.role,
            let prompt = IterationPrompt(for: order, in: state)
        else {
            return decide(recorded, false, was: "the work of \(event.role) was begun", now: work.words)
        }
        decide(recorded, true, was: "", now: "")
        countPrompt(compared: true)
        answer = prompt.output
        let built = prompt.json.canonicalBytes
        guard Digest(of: built) != event.prompt.digest else { return }
        let difference = try await lookup(event.prompt).map { FirstDifference(recorded: $0, now: built) }
        diverge(
            .prompt,
            recorded,
            recorded: "the work was begun with \(difference?.recorded ?? "prompt \(event.prompt.digest.short)")",
            now: difference?.now ?? "it is begun with another, prompt \(Digest(of: built).short)"
        )
    }

    /// Compares one episode of a long work: that it was due, and that the answer that counted can count.
    mutating func advance(_ event: StateAdvanced, _ recorded: RecordedEvent) {
        let work = state.agenda()
        guard case .iterate = work, event.number == (state.iteration?.number ?? 0) + 1 else {
            return decide(recorded, false, was: "episode \(event.number) advanced the work", now: work.words)
        }
        let fault = event.flags[event.winner] ?? answer?.validate(event.output).first?.description
        decide(
            recorded,
            fault == nil,
            was: "answer \(event.winner + 1) of episode \(event.number) counted",
            now: "it does not count: \(fault ?? "")"
        )
    }
}
