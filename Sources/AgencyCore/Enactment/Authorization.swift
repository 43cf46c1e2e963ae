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
    /// What it rests on besides the action.
    public let scope: ActionScope
    /// The digest of all of it, as it stood when it was given.
    public let binding: Digest

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

    /// Whether the action is still the one that was chosen, nothing it rests on has changed, and it has not lapsed.
    public func isValid(nowMilliseconds: Int64) -> Bool {
        action.digest == actionDigest && boundNow == binding && nowMilliseconds < expiresAtMilliseconds
    }

    /// The digest of everything that it is bound to, computed from what will be executed.
    private var boundNow: Digest {
        Self.binding(run, step, attempt, action, plan, choice, expiresAtMilliseconds, scope)
    }

    private static func binding(
        _ run: RunID,
        _ step: StepID,
        _ attempt: Int,
        _ action: Action,
        _ plan: Digest,
        _ choice: Int,
        _ expires: Int64,
        _ scope: ActionScope
    ) -> Digest {
        Digest(
            of: [
                "run": .string(run.rawValue), "step": .string(step.rawValue), "attempt": .integer(Int64(attempt)),
                "tool": .string(action.tool.rawValue), "arguments": action.arguments, "plan": .string(plan.hex),
                "choice": .integer(Int64(choice)), "expires-at": .integer(expires),
                "scope": (try? JSONValue(encoding: scope)) ?? .null,
            ]
        )
    }

    init(
        run: RunID,
        step: StepID,
        attempt: Int,
        action: Action,
        actionDigest: Digest,
        plan: Digest,
        choice: Int,
        expiresAtMilliseconds: Int64,
        scope: ActionScope = ActionScope(),
        binding: Digest? = nil
    ) {
        self.run = run
        self.step = step
        self.attempt = attempt
        self.action = action
        self.actionDigest = actionDigest
        self.plan = plan
        self.choice = choice
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.scope = scope
        self.binding =
            binding ?? Self.binding(run, step, attempt, action, plan, choice, expiresAtMilliseconds, scope)
    }
}

/// What a permission rests on besides the action itself.
public struct ActionScope: Hashable, Sendable, Codable {
    /// The class of the tool's effects as it was shown; `nil` in a run whose choices are not signed.
    public var effects: EffectClass?
    /// The digest of the sheet that was chosen from.
    public var sheet: Digest?
    /// The digest of the architecture.
    public var architecture: Digest?
    /// The digest of the manifests of the tools; `nil` in a run whose choices are not signed.
    public var tools: Digest?
    /// The digest of the policy; `nil` where there is none.
    public var policy: Digest?
    /// How often the plan had been revised.
    public var revision: Int
    /// What the action found in the workspace when it was shown, where that was looked at.
    public var targets: [ActionTarget]

    /// Makes a scope.
    public init(
        effects: EffectClass? = nil,
        sheet: Digest? = nil,
        architecture: Digest? = nil,
        tools: Digest? = nil,
        policy: Digest? = nil,
        revision: Int = 0,
        targets: [ActionTarget] = []
    ) {
        self.effects = effects
        self.sheet = sheet
        self.architecture = architecture
        self.tools = tools
        self.policy = policy
        self.revision = revision
        self.targets = targets
    }
}
