// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A worker's hold on a run, which ends by itself unless it is renewed.
///
/// A worker that stands still longer than its lease does not know that it lost it. So whoever takes the run over gets a
/// greater ``epoch``, and what comes with a smaller one is refused.
public struct Lease: Sendable, Hashable, Codable {
    /// The run.
    public let run: RunID
    /// The name of the worker.
    public let worker: String
    /// The fencing number: greater than that of every earlier lease of the run, beginning at 1.
    public let epoch: Int
    /// When it ends, by the store's clock, in milliseconds since 1970 UTC.
    ///
    /// Clocks of machines differ. A worker reckons from before its call, by a clock of its own that never jumps.
    public let expiresAtMilliseconds: Int64

    /// Makes a lease.
    public init(run: RunID, worker: String, epoch: Int, expiresAtMilliseconds: Int64) {
        self.run = run
        self.worker = worker
        self.epoch = epoch
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}
