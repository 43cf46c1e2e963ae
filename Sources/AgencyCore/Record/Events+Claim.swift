// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A worker took the run.
///
/// From here on only this worker carries the run forward: another, which held it before and does not know yet that it lost
/// it, finds this event when it appends, and stops.
public struct RunClaimed: Hashable, Sendable, Codable {
    /// The name of the worker.
    public var worker: String
    /// The number of its lease: greater than that of every earlier one of the run.
    public var epoch: Int

    /// Makes the event.
    public init(worker: String, epoch: Int) {
        self.worker = worker
        self.epoch = epoch
    }
}

/// A worker that had lost the run came back with a result.
///
/// It is on the record and nothing follows from it, but what it consumed is counted.
public struct LateResult: Hashable, Sendable, Codable {
    /// The name of the worker.
    public var worker: String
    /// The number of the lease that it had lost.
    public var epoch: Int
    /// The episode that it performed, if it was one.
    public var episode: EpisodeID?
    /// The step that it enacted, if it was one.
    public var step: StepID?
    /// The identity of the step's effect.
    public var effect: Digest?
    /// What came of it: the conversation of the episode, or what the step's action showed.
    public var result: ArtefactReference
    /// What it consumed.
    public var usage: Usage

    /// Makes the event.
    public init(
        worker: String,
        epoch: Int,
        episode: EpisodeID? = nil,
        step: StepID? = nil,
        effect: Digest? = nil,
        result: ArtefactReference,
        usage: Usage = Usage()
    ) {
        self.worker = worker
        self.epoch = epoch
        self.episode = episode
        self.step = step
        self.effect = effect
        self.result = result
        self.usage = usage
    }
}
