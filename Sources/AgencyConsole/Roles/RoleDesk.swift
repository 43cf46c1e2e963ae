// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema
import Synchronization

/// Has people play roles at the decision desk: each episode waits there until somebody has answered it.
///
/// What waits is not kept: when the process ends, the episode is asked anew by whoever works on its run next.
public final class RoleDesk: Performer {
    /// An episode that waits for somebody to play it.
    struct Part: Sendable {
        let request: TurnRequest
        /// Until when it can be answered, in milliseconds since 1970 UTC.
        let until: Int64
        fileprivate let answer: CheckedContinuation<Turn, any Error>
    }

    private struct Place: Hashable {
        let run: RunID
        let episode: EpisodeID
    }

    private let parts = Mutex<[Place: Part]>([:])
    private let now: @Sendable () -> Int64

    /// Makes a desk at which nobody waits yet.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// Who performs.
    public var about: String { "a person at the decision desk" }

    /// Waits until somebody has answered.
    ///
    /// - Throws: `CancellationError` when the task was cancelled, as it is when the time of the episode is over;
    ///   ``PerformerError`` when the same episode is asked by two.
    public func respond(to request: TurnRequest) async throws -> Turn {
        let place = Place(run: request.run, episode: request.episode)
        let until = now() + Int64(min(request.seconds, 1e9) * 1000)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let part = Part(request: request, until: until, answer: continuation)
                let before = parts.withLock { $0.updateValue(part, forKey: place) }
                before?.answer.resume(
                    throwing: PerformerError(.incomplete, "it was asked once more", retry: .later(nil))
                )
                if Task.isCancelled { take(place)?.answer.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            take(place)?.answer.resume(throwing: CancellationError())
        }
    }

    private func take(_ place: Place) -> Part? { parts.withLock { $0.removeValue(forKey: place) } }

    /// What waits for somebody, the most urgent first.
    var waiting: [Part] { parts.withLock { $0.values.sorted { $0.until < $1.until } } }

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
        guard let taken = take(place) else { return nil }
        taken.answer.resume(
            returning: Turn(text: value.canonicalText, performer: "\(person), at the decision desk")
        )
        return []
    }
}
