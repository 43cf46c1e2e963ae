// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What comparing a fork's past with the run that it shares it with showed.
public struct SharedPast: Sendable, Hashable {
    /// The run that the past is shared with.
    public let run: RunID
    /// How many events were compared.
    public let compared: Int
    /// Whether that run is in this store; without it nothing could be compared.
    public let isParentHere: Bool
    /// What differs, by its place.
    public let faults: [ChainFault]
}

extension LedgerStore {
    /// Compares the past that a fork shares with another run, event by event, with that run's own record.
    ///
    /// Each record is verified by itself; this shows that the fork did not begin with another past than it says.
    ///
    /// - Parameters:
    ///   - run: The fork.
    ///   - pageSize: How many entries to hold in memory at a time.
    /// - Returns: What was found; `nil` when the run is no fork.
    /// - Throws: ``LedgerError`` as reading does.
    public func comparePast(of run: RunID, pageSize: Int = 128) async throws -> SharedPast? {
        guard let first = try await entries(of: run, from: 0, limit: 1).first, let own = Self.start(first),
            let fork = own.forks?.last
        else { return nil }
        let end = try await head(of: fork.run)
        guard !end.isEmpty else {
            return SharedPast(run: fork.run, compared: 0, isParentHere: false, faults: [])
        }
        var check = ChainCheck(run: run)
        guard fork.sequence >= 0, end.sequence >= fork.sequence else {
            let message = "says that it shares event \(fork.sequence) of run \(fork.run), which ends at \(end.sequence)"
            check.record(0, .otherPast, message)
            return SharedPast(run: fork.run, compared: 0, isParentHere: true, faults: check.faults)
        }
        var next = 0
        while next <= fork.sequence {
            let limit = min(max(1, pageSize), fork.sequence - next + 1)
            let ours = try await entries(of: run, from: next, limit: limit)
            let theirs = try await entries(of: fork.run, from: next, limit: limit)
            guard ours.count == theirs.count, !ours.isEmpty else {
                check.record(next + min(ours.count, theirs.count), .otherPast, "is missing from the shared past")
                break
            }
            for (mine, other) in zip(ours, theirs) {
                let isSame = mine.sequence == 0 ? Self.beginsAs(other, own) : mine.bytes == other.bytes
                if !isSame {
                    check.record(mine.sequence, .otherPast, "is not the event that run \(fork.run) has there")
                }
                if mine.sequence == fork.sequence, other.hash != fork.head {
                    check.record(
                        mine.sequence,
                        .otherPast,
                        "follows another past in run \(fork.run) than when it was forked"
                    )
                }
            }
            next += ours.count
        }
        return SharedPast(
            run: fork.run,
            compared: min(next, fork.sequence + 1),
            isParentHere: true,
            faults: check.faults
        )
    }

    private static func start(_ entry: Entry) -> RunStarted? {
        guard case .runStarted(let event)? = try? RecordedEvent(sequence: 0, storedBytes: entry.bytes).event else {
            return nil
        }
        return event
    }

    /// Whether a fork's first event differs from the other run's only in what is a fork's own.
    private static func beginsAs(_ parent: Entry, _ own: RunStarted) -> Bool {
        guard let parent = start(parent) else { return false }
        var same = own
        same.run = parent.run
        same.performers = parent.performers
        same.workspace = parent.workspace
        same.person = parent.person
        same.forks = parent.forks
        return same == parent && (own.forks?.dropLast().elementsEqual(parent.forks ?? []) ?? false)
    }
}
