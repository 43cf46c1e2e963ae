// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// A desk whose secret is made of its name.
struct TestDesk: Sendable {
    let name: String
    var key: DeskKey

    init(_ name: String) {
        self.name = name
        let seed = Digest(of: "seed of " + name).octets
        guard let publicKey = Ed25519.publicKey(of: seed), let key = DeskKey(name: name, publicKey: publicKey) else {
            preconditionFailure("\(name) has no key")
        }
        self.key = key
    }

    /// Signs a choice that answers what a run has asked; what is given replaces a part of what is signed.
    func signature(
        of choice: Choice,
        in state: RunState,
        run: RunID? = nil,
        revision: Int? = nil,
        nonce: String? = nil,
        as id: String? = nil
    ) -> ChoiceSignature {
        let nonce = nonce ?? state.nonce ?? ""
        let statement = choice.statement(
            in: run ?? state.run,
            revision: revision ?? state.sheet?.revision ?? 0,
            nonce: nonce,
            key: id ?? key.id
        )
        let bytes = Ed25519.sign(statement, with: Digest(of: "seed of " + name).octets) ?? []
        return ChoiceSignature(key: id ?? key.id, nonce: nonce, signature: Hexadecimal.text(bytes))
    }
}
