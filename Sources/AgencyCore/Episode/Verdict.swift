// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// What a verifier says of one sampled answer.
public struct Verdict: Hashable, Sendable, Codable {
    /// Why, in a sentence.
    public var reason: String
    /// Whether the answer is accepted.
    public var accept: Bool

    /// Makes a verdict.
    public init(reason: String, accept: Bool) {
        self.reason = reason
        self.accept = accept
    }

    /// The shape of a verdict; the reason comes first, so that whoever writes it gives it before deciding.
    public static let schema = JSONSchema.object(
        [
            "reason": .string("What you checked and what you found, in a sentence.", minLength: 1, maxLength: 2000),
            "accept": JSONSchema(["type": "boolean", "description": "Whether the answer is right."]),
        ]
    )
}
