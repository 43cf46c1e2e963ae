// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension LedgerError {
    /// The kind of a ledger's failure; an open set, to which later versions may add.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Word: String, Sendable {
            case conflict, corrupt, busy, unavailable, full, invalid
            case notFound = "not-found"
            case notALedger = "not-a-ledger"
            case versionTooNew = "version-too-new"
        }
        private let word: Word

        /// The run has moved on since the caller read its head.
        public static let conflict = Code(word: .conflict)
        /// What is stored is not what was written.
        public static let corrupt = Code(word: .corrupt)
        /// Somebody else holds the ledger or the run.
        public static let busy = Code(word: .busy)
        /// The store cannot be reached, read or written.
        public static let unavailable = Code(word: .unavailable)
        /// There is no room left.
        public static let full = Code(word: .full)
        /// There is no such run.
        public static let notFound = Code(word: .notFound)
        /// The store was written by a later version of this program.
        public static let versionTooNew = Code(word: .versionTooNew)
        /// What was given breaks a bound.
        public static let invalid = Code(word: .invalid)
        /// What is at the path is no ledger.
        public static let notALedger = Code(word: .notALedger)

        /// The code as a word that never changes.
        public var description: String { word.rawValue }
    }

    /// Whether and when trying again can help.
    public enum Retry: Sendable, Hashable {
        /// The same call fails again until a person mends something.
        case never
        /// The caller has to read the head, decide again and call again.
        case afterRereading
        /// The same call may succeed after this long.
        case after(Duration)
    }
}
