// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Something that is wrong with a run's record, and where.
public struct ChainFault: Sendable, Hashable, CustomStringConvertible {
    /// The place of the bad event in the record, counted from 0: where it is, which may not be what it says.
    public let sequence: Int
    /// What is wrong with it.
    public let kind: Kind
    /// What is wrong with it, in one line.
    public let message: String

    /// Makes a fault.
    public init(sequence: Int, kind: Kind, message: String) {
        self.sequence = sequence
        self.kind = kind
        self.message = message
    }

    /// `event 7: message`.
    public var description: String { "event \(sequence): \(message)" }

    /// The kind of a fault; an open set, to which later versions may add.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Word: String, Sendable {
            case hashMismatch = "hash-mismatch"
            case previousMismatch = "previous-mismatch"
            case gap, order, cut, unreadable
            case wrongRun = "wrong-run"
            case headMismatch = "head-mismatch"
            case otherPast = "other-past"
            case otherState = "other-state"
            case artefactMissing = "artefact-missing"
            case artefactCorrupt = "artefact-corrupt"
            case otherLog = "other-log"
            case splitView = "split-view"
            case rewritten
        }
        private let word: Word

        /// The hash is not that of the fields.
        public static let hashMismatch = Kind(word: .hashMismatch)
        /// The previous hash is not the hash of the entry before.
        public static let previousMismatch = Kind(word: .previousMismatch)
        /// One or more entries before it are missing.
        public static let gap = Kind(word: .gap)
        /// It is repeated or comes after a later one.
        public static let order = Kind(word: .order)
        /// It is not in the run that the past is said to be shared with.
        public static let otherPast = Kind(word: .otherPast)
        /// A snapshot of the state after it is not what the record comes to.
        public static let otherState = Kind(word: .otherState)
        /// It belongs to another run.
        public static let wrongRun = Kind(word: .wrongRun)
        /// It is not the event that a head kept elsewhere speaks of.
        public static let headMismatch = Kind(word: .headMismatch)
        /// The record ends before a head that was kept elsewhere.
        public static let cut = Kind(word: .cut)
        /// Its stored fields cannot be read.
        public static let unreadable = Kind(word: .unreadable)
        /// It refers to an artefact that is not stored.
        public static let artefactMissing = Kind(word: .artefactMissing)
        /// It refers to an artefact whose bytes have changed.
        public static let artefactCorrupt = Kind(word: .artefactCorrupt)
        /// A checkpoint that was kept elsewhere is that of another log.
        public static let otherLog = Kind(word: .otherLog)
        /// Two checkpoints vouch for two different records.
        public static let splitView = Kind(word: .splitView)
        /// It is not what a checkpoint that was kept elsewhere speaks of.
        public static let rewritten = Kind(word: .rewritten)

        /// The kind as a word that never changes.
        public var description: String { word.rawValue }
    }
}
