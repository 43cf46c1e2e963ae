// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyLedger

extension Agency {
    /// What is told to whoever watches a run being worked on.
    public indirect enum Notice: Sendable {
        /// Something was recorded; the state is that after it.
        case recorded(RecordedEvent, RunState)
        /// The run waits, or is over.
        case stopped(Work, RunState)
    }

    /// Works on a run until it waits for a person or is over.
    ///
    /// May be called again at any time, after a crash too: what is recorded is not performed again, and a step that was
    /// interrupted is reconciled: undone where a checkpoint can, sent again where its target recognises it, looked for
    /// where there is a probe, and otherwise a person is asked.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - cast: Who plays the roles.
    ///   - world: The workspace; without one, nothing is enacted and nobody looks.
    ///   - observe: Is told of each event as it is recorded.
    /// - Returns: The state in which the run waits or is over.
    /// - Throws: ``RuntimeError``; `PerformerError` when a performer cannot be reached (the run stays as it is and can be
    ///   resumed); `LedgerError`; what the world throws; `CancellationError`.
    @discardableResult
    @concurrent
    public func work(
        on run: RunID,
        cast: Cast,
        world: (any World)? = nil,
        observe: @escaping @Sendable (Notice) -> Void = { _ in }
    ) async throws -> RunState {
        let journal = try await journal(of: run)
        var worker = Worker(agency: self, journal: journal, cast: cast, world: world, observe: observe)
        try await worker.work()
        return worker.journal.state
    }
}
