// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension WorkerPool {
    /// How a pool works.
    public struct Settings: Sendable, Hashable {
        /// The name under which runs are claimed; unique among the workers of a ledger.
        public var name: String
        /// The most runs in flight, and so in memory, at once.
        public var runs: Int
        /// How long a lease lasts, and so how long a run stays with a worker that is gone.
        public var lease: Duration
        /// How often it asks for runs that are due even when nobody woke it.
        public var period: Duration
        /// How long a run may be worked on while others wait for a place; a run that shows no sign for so long does not
        /// keep others waiting.
        public var slice: Duration
        /// How long what is under way may take to end once the pool is to stop.
        public var grace: Duration
        /// Whether it ends when it has nothing in flight and finds nothing due that it can work on.
        public var endsWhenIdle: Bool

        /// Makes settings.
        public init(
            name: String,
            runs: Int = 100,
            lease: Duration = .seconds(30),
            period: Duration = .seconds(1),
            slice: Duration = .seconds(10),
            grace: Duration = .seconds(10),
            endsWhenIdle: Bool = false
        ) {
            self.name = name
            self.runs = runs
            self.lease = lease
            self.period = period
            self.slice = slice
            self.grace = grace
            self.endsWhenIdle = endsWhenIdle
        }
    }

    /// What is told to whoever watches a pool.
    public indirect enum Notice: Sendable {
        /// A run was taken.
        case taken(RunID, epoch: Int)
        /// Something was recorded; the state is that after it.
        case recorded(RecordedEvent, RunState)
        /// A run was left as it waits or is over, or is handed to the next.
        case left(RunID, Work)
        /// A run cannot be worked on here; the text says why.
        case skipped(RunID, String)
        /// Another worker took a run over.
        case lost(RunID)
        /// Work on a run broke off; it is tried again after a while.
        case failed(RunID, any Error)
        /// The ledger cannot be reached; it is tried again.
        case unreachable(any Error)
    }
}
