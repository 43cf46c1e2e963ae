// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Why a ledger could not do what was asked.
public struct LedgerError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public let code: Code
    /// What is wrong and what to do, in one line.
    public let message: String
    /// Whether trying again can help.
    public let retry: Retry
    /// The run that was concerned, if it was one.
    public let run: RunID?
    /// The place of the entry that was concerned, if it was one.
    public let sequence: Int?
    /// What the store underneath reported.
    public let cause: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code,
        _ message: String,
        retry: Retry = .never,
        run: RunID? = nil,
        sequence: Int? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.retry = retry
        self.run = run
        self.sequence = sequence
        self.cause = cause
    }

    /// `code: message`.
    public var description: String { "\(code): \(message)" }
}

extension LedgerError {
    /// Makes the error for an append whose run has moved on.
    public static func conflict(_ run: RunID, expected: Head, found: Head) -> LedgerError {
        LedgerError(
            .conflict,
            "run \(run) ends at \(found.sequence) (\(found.hash.short)), not at \(expected.sequence) "
                + "(\(expected.hash.short)); read it again and decide again",
            retry: .afterRereading,
            run: run,
            sequence: found.sequence
        )
    }

    /// Makes the error for input that breaks a rule.
    public static func invalid(_ message: String, run: RunID? = nil) -> LedgerError {
        LedgerError(.invalid, message, run: run)
    }

    /// Makes the error for an artefact whose bytes do not have its digest.
    public static func corrupt(artefact digest: Digest) -> LedgerError {
        LedgerError(
            .corrupt,
            "artefact \(digest.hex) does not have its digest; restore the ledger from a copy that verifies"
        )
    }
}
