// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Why something could not be done with a run.
public struct RuntimeError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public var code: Code
    /// What is wrong and what to do, in a line.
    public var message: String
    /// What brought it about.
    public var cause: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Whether the same call may succeed later without anything being mended.
    public var isRetryable: Bool { [.unavailable, .busy].contains(code) }

    /// The message.
    public var description: String { message }

    /// What can go wrong; an open set.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable word for it.
        public let description: String
        private init(_ word: String) { description = word }

        /// There is no such run, step, option or episode.
        public static let notFound = Code("not-found")
        /// The run is not where that can be done.
        public static let notNow = Code("not-now")
        /// What was shown is no longer what stands; look again.
        public static let stale = Code("stale")
        /// What was given cannot be used.
        public static let badInput = Code("bad-input")
        /// The ledger does not hold what it should.
        public static let corrupt = Code("corrupt")
        /// A performer, the sandbox or the store cannot be reached; the run can be resumed.
        public static let unavailable = Code("unavailable")
        /// Somebody else is at work on the run.
        public static let busy = Code("busy")
        /// Another worker has taken the run over; what this one still brings is refused.
        public static let takenOver = Code("taken-over")
        /// This process cannot work on the run: it lacks a performer or the workspace.
        public static let cannotPlay = Code("cannot-play")
        /// The workspace is not as the run left it.
        public static let workspaceChanged = Code("workspace-changed")
        /// It is not permitted.
        public static let notPermitted = Code("not-permitted")
    }
}
