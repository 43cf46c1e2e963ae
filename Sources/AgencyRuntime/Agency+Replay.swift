// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyLedger

extension Agency {
    /// Folds a run's history again and compares every decision with the recorded one; nobody performs and nothing acts.
    ///
    /// - Parameter run: The run.
    /// - Returns: What was compared and what differs.
    /// - Throws: ``RuntimeError`` with `.notFound` when there is no such run, `.corrupt` when an event cannot be read;
    ///   `LedgerError`.
    public func replay(_ run: RunID) async throws -> Replay {
        var replay = Replay(run: run)
        var next = 0
        while true {
            let page = try await store.entries(of: run, from: next, limit: 512)
            for entry in page {
                let recorded = try Journal.read(entry)
                try await replay.take(recorded) { try await store.artefact($0.digest) }
            }
            next += page.count
            if page.count < 512 { break }
        }
        guard next > 0 else { throw Self.notFound(run) }
        return replay
    }

    /// Reads a run's history so that it can be kept in a file and replayed by other versions of the program.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - allPrompts: Whether to keep every prompt, so that the first line that differs can be named; without, only those
    ///     that the files of a workspace are part of, which cannot be built anew from the events alone.
    /// - Returns: The stored bytes of its events, with prompts that they refer to.
    /// - Throws: as ``replay(_:)`` does.
    public func history(of run: RunID, allPrompts: Bool = false) async throws -> History {
        var history = History(run: run)
        var readers: Set<RoleName> = []
        while true {
            let page = try await store.entries(of: run, from: history.events.count, limit: 512)
            for entry in page {
                history.events.append(entry.bytes)
                switch try Journal.read(entry).event {
                case .runStarted(let event):
                    readers = Set(event.architecture.roles.filter { $0.reads.contains(.tree) }.map(\.name))
                case .episodeStarted(let event) where allPrompts || readers.contains(event.order.role):
                    history.keep(try await store.artefact(event.prompt.digest), for: event.prompt)
                default: break
                }
            }
            if page.count < 512 { break }
        }
        guard !history.events.isEmpty else { throw Self.notFound(run) }
        return history
    }
}
