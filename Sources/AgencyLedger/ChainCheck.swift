// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A check of one run's record that is fed entry by entry, so that a record of any length fits.
///
/// After a fault it goes on from the entry as it stands, so that later faults are found as well.
public struct ChainCheck: Sendable {
    /// The most faults that are kept; one is enough to distrust a record.
    public static let maximumFaults = 64

    /// The run.
    public let run: RunID
    /// The faults so far, in order.
    public private(set) var faults: [ChainFault] = []
    /// The number of entries so far.
    public private(set) var count = 0
    /// The last entry's own account of where the record ends.
    public private(set) var head: Head
    private let outside: Head?

    /// Begins a check at the first entry.
    ///
    /// - Parameters:
    ///   - run: The run that the entries are said to belong to.
    ///   - outside: A head that was kept outside the store, which the record has to pass through.
    public init(run: RunID, against outside: Head? = nil) {
        self.run = run
        self.outside = outside
        head = Head(emptyRun: run)
    }

    /// Checks the next entry.
    public mutating func visit(_ entry: Entry) {
        let place = count
        if !entry.run.rawValue.utf8.elementsEqual(run.rawValue.utf8) {
            record(place, .wrongRun, "belongs to another run")
        }
        let expected = head.sequence + 1
        if entry.sequence > expected {
            record(place, .gap, "is numbered \(entry.sequence) where \(expected) is due; entries are missing")
        } else if entry.sequence < expected {
            record(place, .order, "is numbered \(entry.sequence) where \(expected) is due; it is repeated or moved")
        }
        if entry.previous != head.hash {
            record(place, .previousMismatch, "does not name the hash of the entry before it")
        }
        let hash = HashChain.hash(
            run: entry.run,
            sequence: entry.sequence,
            previous: entry.previous,
            bytes: entry.bytes
        )
        if hash != entry.hash { record(place, .hashMismatch, "does not have the hash that is stored with it") }
        if let outside, outside.sequence == place, outside.hash != entry.hash {
            record(place, .headMismatch, "is not the event that the head kept elsewhere speaks of")
        }
        count += 1
        // A sequence of Int.max would trap on the next addition; the fault for it is recorded above.
        head = Head(sequence: min(entry.sequence, Int.max - 1), hash: entry.hash)
    }

    /// Requires that no fault was found so far.
    ///
    /// - Throws: ``LedgerError`` with `.corrupt` that names the first bad event; never retry: verify and restore.
    func requireSound() throws {
        guard let fault = faults.first else { return }
        throw LedgerError(
            .corrupt,
            "run \(run), \(fault); restore the ledger from a copy that verifies",
            run: run,
            sequence: fault.sequence
        )
    }

    /// Ends the check: the record has to reach the head that was kept elsewhere.
    public mutating func finish() {
        guard let outside else { return }
        if outside.sequence >= count {
            record(count, .cut, "is missing: the head kept elsewhere is at \(outside.sequence)")
        }
        if outside.isEmpty, outside.hash != HashChain.genesis(of: run) {
            record(0, .headMismatch, "does not follow the genesis that was kept elsewhere")
        }
    }

    /// Records a fault that was found by other means than the chain.
    public mutating func record(_ sequence: Int, _ kind: ChainFault.Kind, _ message: String) {
        guard faults.count < Self.maximumFaults else { return }
        faults.append(ChainFault(sequence: sequence, kind: kind, message: message))
    }
}
