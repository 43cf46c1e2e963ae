// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Why a key, a checkpoint or an exported run cannot be taken for what it says it is.
public struct ProofError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is.
    public let code: Code
    /// What is wrong and what to do, in one line.
    public let message: String
    /// The line of the file that is wrong, counted from 1, if it is one.
    public let line: Int?

    /// Makes an error.
    public init(_ code: Code, _ message: String, line: Int? = nil) {
        self.code = code
        self.message = message
        self.line = line
    }

    /// `line 7: message`.
    public var description: String { line.map { "line \($0): \(message)" } ?? message }

    /// The kind of a fault; an open set, to which later versions may add.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind as a word that never changes.
        public let description: String
        private init(_ word: String) { description = word }

        /// It is not written as it has to be.
        public static let malformed = Code("malformed")
        /// It is not a key, or may be read by others.
        public static let badKey = Code("bad-key")
        /// Nobody who is trusted has signed it.
        public static let untrusted = Code("untrusted")
        /// It bears a signature of somebody who did not sign it so.
        public static let badSignature = Code("bad-signature")
        /// It says one thing and holds another.
        public static let mismatch = Code("mismatch")
        /// It ends too early.
        public static let cut = Code("cut")
        /// It was written by a later version of this program.
        public static let versionTooNew = Code("version-too-new")
        /// It contradicts what is there already.
        public static let conflict = Code("conflict")
        /// It is whole, and yet cannot be used for this.
        public static let unusable = Code("unusable")
        /// It cannot be read or written now.
        public static let unavailable = Code("unavailable")
    }
}
