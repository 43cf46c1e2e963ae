// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyRuntime
import AgencySchema
import Synchronization

/// Has people play roles at the decision desk: each episode waits there until somebody has answered it.
///
/// What waits is not kept: when the process ends, the episode is asked anew by whoever works on its run next.
public final class RoleDesk: Performer {
    /// An episode that waits for somebody to play it.
    struct Part: Sendable {
        let request: TurnRequest
        /// When it was asked, in milliseconds since 1970 UTC.
        let askedAt: Int64
        /// Told apart by this from what is asked later under the same name.
        let number: String
        fileprivate let answer: CheckedContinuation<Turn, any Error>
    }

    private struct Place: Hashable {
        let run: RunID
        let episode: EpisodeID
    }

    private let parts = Mutex<[Place: Part]>([:])
    /// What was said last of each place, for whoever is told that it could not be taken.
    private let said = Mutex<[Place: [String: String]]>([:])
    private let now: @Sendable () -> Int64

    /// Makes a desk at which nobody waits yet.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// Who performs.
    public var about: String { "a person at the decision desk" }

    /// Waits until somebody has answered.
    ///
    /// - Throws: `CancellationError` when the task was cancelled, as it is when the run is paused;
    ///   ``PerformerError`` when the same episode is asked by two.
    public func respond(to request: TurnRequest) async throws -> Turn {
        let place = Place(run: request.run, episode: request.episode)
        let number = Nonces.random()
        if request.turn == 0 { said.withLock { _ = $0.removeValue(forKey: place) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let part = Part(request: request, askedAt: now(), number: number, answer: continuation)
                let before = parts.withLock { $0.updateValue(part, forKey: place) }
                before?.answer.resume(
                    throwing: PerformerError(.incomplete, "it was asked once more", retry: .later(nil))
                )
                if Task.isCancelled { take(place, number)?.answer.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            take(place, number)?.answer.resume(throwing: CancellationError())
        }
    }

    private func take(_ place: Place, _ number: String) -> Part? {
        parts.withLock { $0[place]?.number == number ? $0.removeValue(forKey: place) : nil }
    }

    /// What waits for somebody, who has waited longest first.
    var waiting: [Part] { parts.withLock { $0.values.sorted { $0.askedAt < $1.askedAt } } }

    /// An episode that waits.
    func part(_ episode: EpisodeID, of run: RunID) -> Part? {
        parts.withLock { $0[Place(run: run, episode: episode)] }
    }

    /// Gives an episode the answer of a person, if it still waits for one and the answer is of its shape.
    ///
    /// - Returns: What is wrong with the answer; empty when it was taken, `nil` when nobody waits any more.
    func answer(_ value: JSONValue, for part: Part, by person: String) -> [String]? {
        let faults = part.request.output.validate(value).map(\.description)
        guard faults.isEmpty else { return faults }
        let place = Place(run: part.request.run, episode: part.request.episode)
        guard let taken = take(place, part.number) else { return nil }
        taken.answer.resume(
            returning: Turn(text: value.canonicalText, performer: "\(person), at the decision desk")
        )
        return []
    }

    /// Keeps what somebody has filled in, for when it is asked again because it could not be taken.
    func keep(_ form: [String: String], for part: Part) {
        said.withLock { said in
            if said.count >= Self.most { said.removeAll() }
            said[Place(run: part.request.run, episode: part.request.episode)] = form
        }
    }

    /// What was filled in the time before.
    func kept(for part: Part) -> [String: String] {
        said.withLock { $0[Place(run: part.request.run, episode: part.request.episode)] ?? [:] }
    }

    private static let most = 100
}
