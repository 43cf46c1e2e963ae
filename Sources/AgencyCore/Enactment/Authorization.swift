// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// Permission to carry out one action, once.
///
/// It can be made only by ``RunState/authorize(_:now:)`` and ``RunState/authorizeAgain(_:now:)``, from a recorded choice that
/// still stands, and it is used up by the call that acts on it: the type cannot be copied.
public struct Authorization: ~Copyable, Sendable {
    /// The run.
    public let run: RunID
    /// The step.
    public let step: StepID
    /// Which deliberate attempt at the step this is, counted from 1; an attempt that is taken up again after a crash is
    /// the same one.
    public let attempt: Int
    /// The exact action that was chosen.
    public let action: Action
    /// The digest of that action as it stood on the sheet.
    public let actionDigest: Digest
    /// The digest of the plan that was chosen.
    public let plan: Digest
    /// The position in the ledger of the choice that it rests on.
    public let choice: Int
    /// When it lapses, in milliseconds since 1970 UTC.
    public let expiresAtMilliseconds: Int64

    /// The identity of the effect: the same for the same action, step and attempt of the same run, whoever computes it
    /// and however often; it is the key under which the action is sent to whoever deduplicates.
    public var effect: Digest {
        Digest(
            of: [
                "run": .string(run.rawValue), "step": .string(step.rawValue), "attempt": .integer(Int64(attempt)),
                "action": .string(actionDigest.hex),
            ]
        )
    }

    /// Whether the action is still the one that was chosen and the permission has not lapsed.
    public func isValid(nowMilliseconds: Int64) -> Bool {
        action.digest == actionDigest && nowMilliseconds < expiresAtMilliseconds
    }

    init(
        run: RunID,
        step: StepID,
        attempt: Int,
        action: Action,
        actionDigest: Digest,
        plan: Digest,
        choice: Int,
        expiresAtMilliseconds: Int64
    ) {
        self.run = run
        self.step = step
        self.attempt = attempt
        self.action = action
        self.actionDigest = actionDigest
        self.plan = plan
        self.choice = choice
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}
