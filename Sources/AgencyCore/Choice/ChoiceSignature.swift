// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// A desk's signature of a choice, with the single-use number of the request that it answers.
public struct ChoiceSignature: Hashable, Sendable, Codable {
    /// The ``DeskKey/id`` of the key.
    public var key: String
    /// The number that was issued with the request and is used up by the choice.
    public var nonce: String
    /// The Ed25519 signature of ``Choice/statement(in:revision:nonce:key:)``, as 128 hexadecimal digits.
    public var signature: String

    /// Makes a signature.
    public init(key: String, nonce: String, signature: String) {
        self.key = key
        self.nonce = nonce
        self.signature = signature
    }
}

extension Choice {
    /// The bytes that a desk signs: a line that says what they are, and every word of the choice as canonical JSON.
    ///
    /// The sheet's digest covers what was shown: architecture, goals, every option's plan, judgements, tools, policy and the
    /// files that a plan finds. No other kind of signature of this program begins with that line.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - revision: How often the plan had been revised.
    ///   - nonce: The number of the request that is answered.
    ///   - key: The ``DeskKey/id`` of the key that signs.
    /// - Returns: The bytes; the same for the same choice, wherever they are made.
    public func statement(in run: RunID, revision: Int, nonce: String, key: String) -> [UInt8] {
        var json: JSONObject = [
            "run": .string(run.rawValue), "shown": .string(shown.hex), "verdict": words, "person": .string(person),
            "identified-by": .string(identifiedBy), "reason": .string(reason),
            "expires-at": .integer(expiresAtMilliseconds), "revision": .integer(Int64(revision)),
            "nonce": .string(nonce), "key": .string(key),
        ]
        if let mandate { json["mandate"] = .string(mandate) }
        return Array("OpenAgency choice, version 1\n".utf8) + JSONValue.object(json).canonicalBytes
    }

    private var words: JSONValue {
        switch verdict {
        case .option(let id): ["option": .string(id.rawValue)]
        case .sendBack: "send-back"
        case .none: "none"
        }
    }
}
