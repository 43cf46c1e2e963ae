// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import AgencySchema

extension Snapshot {
    /// The form of the snapshots that this version of the program makes and reads.
    public static let stateForm = "openagency.run-state.\(RunState.form)"

    /// Makes a snapshot of a run's state.
    ///
    /// The bytes begin with a digest over what they stand on and the rest, so that bytes which a disk has spoilt, or a state
    /// that belongs elsewhere, are noticed. Whoever can write the ledger can make the digest fit as well; that is noticed
    /// when the run is folded again (``Agency/snapshotFault(of:)``).
    ///
    /// - Parameters:
    ///   - state: The state.
    ///   - head: The last event that it contains.
    /// - Throws: what the encoding of the state throws.
    public init(of state: RunState, at head: Head) throws {
        let json = try state.kept().canonicalBytes
        let digest = Self.digest(of: json[...], at: head, run: state.run)
        self.init(head: head, form: Self.stateForm, bytes: digest.withUnsafeOctets { Array($0) } + json)
    }

    /// Reads the state; `nil` when it is of another form, of another run, or spoilt.
    public func state(of run: RunID) -> RunState? {
        guard form == Self.stateForm, bytes.count > 32,
            bytes.withUnsafeBytes({ Digest(octets: UnsafeRawBufferPointer(rebasing: $0[..<32])) })
                == Self.digest(of: bytes[32...], at: head, run: run),
            let json = try? JSONValue(parsing: bytes[32...]), let state = try? RunState(kept: json),
            state.run == run, state.sequence == head.sequence
        else { return nil }
        return state
    }

    private static func digest(of json: ArraySlice<UInt8>, at head: Head, run: RunID) -> Digest {
        let preface = "\(stateForm)\n\(run)\n\(head.sequence)\n\(head.hash.hex)\n"
        return Digest(of: Array(preface.utf8) + json)
    }
}

extension Journal {
    /// How many events pass at least between two snapshots of a run.
    static let snapshotInterval = 4096
    /// For how many bytes of a snapshot one more event passes, so that a large state is not written more often than it
    /// saves work.
    private static let bytesPerEvent = 128

    /// Takes up the snapshot that is kept of the run, if the record says that it belongs there.
    ///
    /// - Throws: `LedgerError` from the store.
    mutating func openSnapshot() async throws {
        guard head.isEmpty, let snapshot = try await store.snapshot(of: state.run),
            snapshot.head.sequence >= 0,
            let entry = try await store.entries(of: state.run, from: snapshot.head.sequence, limit: 1).first,
            Head(entry) == snapshot.head, let known = snapshot.state(of: state.run)
        else { return }
        state = known
        head = snapshot.head
        nextSnapshot = Self.place(after: snapshot)
    }

    /// Keeps a snapshot, if enough has happened since the last one.
    ///
    /// Whatever goes wrong with that has no consequence: the run is folded from an earlier one.
    mutating func keepSnapshot() async {
        guard head.sequence >= nextSnapshot else { return }
        guard let snapshot = try? Snapshot(of: state, at: head) else {
            nextSnapshot = .max
            return
        }
        nextSnapshot = Self.place(after: snapshot)
        _ = try? await store.keep(snapshot, of: state.run)
    }

    private static func place(after snapshot: Snapshot) -> Int {
        let passed = snapshot.head.sequence.addingReportingOverflow(
            max(snapshotInterval, snapshot.bytes.count / bytesPerEvent)
        )
        return passed.overflow ? .max : passed.partialValue
    }
}

extension Agency {
    /// Whether a run is opened from a snapshot, so that ``snapshotFault(of:)`` has something to compare.
    ///
    /// - Parameter run: The run.
    /// - Returns: Whether there is a snapshot that opening the run does not ignore.
    /// - Throws: `LedgerError`.
    public func opensFromSnapshot(_ run: RunID) async throws -> Bool { try await usableSnapshot(of: run) != nil }

    private func usableSnapshot(of run: RunID) async throws -> (head: Head, state: RunState)? {
        guard let snapshot = try await store.snapshot(of: run), let state = snapshot.state(of: run),
            let entry = try await store.entries(of: run, from: snapshot.head.sequence, limit: 1).first,
            Head(entry) == snapshot.head
        else { return nil }
        return (snapshot.head, state)
    }

    /// Says what is wrong with the snapshot that is kept of a run, by folding the run up to it.
    ///
    /// That takes as long as opening the run without it: many times as long as verifying its chain.
    ///
    /// - Parameter run: The run.
    /// - Returns: The fault; `nil` when there is no snapshot, when it is one that opening the run ignores, or when it is what
    ///   the record comes to.
    /// - Throws: `LedgerError`; ``RuntimeError`` with `.corrupt` when an event cannot be read.
    public func snapshotFault(of run: RunID) async throws -> ChainFault? {
        guard let kept = try await usableSnapshot(of: run) else { return nil }
        var state = RunState(run: run)
        while state.sequence < kept.head.sequence {
            let limit = min(512, kept.head.sequence - state.sequence)
            let page = try await store.entries(of: run, from: state.sequence + 1, limit: limit)
            guard !page.isEmpty else { return nil }
            for entry in page { state.apply(try Journal.read(entry)) }
        }
        guard state != kept.state else { return nil }
        return ChainFault(
            sequence: kept.head.sequence,
            kind: .otherState,
            message: "has a snapshot that is not what the record comes to; agency gc --snapshots --drop drops it"
        )
    }
}
