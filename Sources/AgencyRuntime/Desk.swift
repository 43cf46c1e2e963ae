// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger

/// Where a person chooses: a key that signs what is chosen there.
public struct Desk: Sendable {
    /// The public half of its key.
    public let key: DeskKey
    private let sign: @Sendable ([UInt8]) throws -> [UInt8]

    /// Makes a desk.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a key whose name no desk can have.
    public init(_ key: SigningKey) throws {
        guard let publicKey = DeskKey(name: key.verifierKey.name, publicKey: key.verifierKey.publicKey) else {
            throw RuntimeError(.badInput, "“\(key.verifierKey.name)” cannot be the name of a desk")
        }
        self.key = publicKey
        sign = { try key.signature(of: $0) }
    }

    /// Signs a choice that answers a request of a run.
    ///
    /// - Throws: what the key throws.
    public func signature(
        of choice: Choice,
        in run: RunID,
        revision: Int,
        nonce: String
    ) throws -> ChoiceSignature {
        let statement = choice.statement(in: run, revision: revision, nonce: nonce, key: key.id)
        return ChoiceSignature(key: key.id, nonce: nonce, signature: Hexadecimal.text(try sign(statement)))
    }

    /// Signs a mandate that a person grants here.
    ///
    /// - Throws: what the key throws.
    public func signature(of mandate: ChoiceMandate, by person: String) throws -> String {
        Hexadecimal.text(try sign(mandate.statement(by: person, key: key.id)))
    }
}

/// Whose choices are enacted on a machine, whatever a ledger says.
///
/// A ledger records the desks that a run takes choices from; whoever could rewrite all of it could put another there. What
/// is listed here was told to this machine, and lies outside the ledger.
public struct DeskTrust: Sendable {
    /// The desks whose choices are enacted, as they are now.
    public let desks: @Sendable () throws -> [DeskKey]
    /// Those of them that are persons of this machine, each with a key of their own.
    public let accounts: @Sendable () throws -> [DeskKey]
    /// Whether the choices of runs that know no desk are enacted too.
    public var takesUnsigned: Bool

    /// Makes a list that does not change.
    public init(_ desks: [DeskKey], takesUnsigned: Bool = false) {
        self.init(reading: { desks }, takesUnsigned: takesUnsigned)
    }

    /// Makes a list that is read whenever it counts.
    ///
    /// - Parameters:
    ///   - desks: Reads the list, without the accounts.
    ///   - accounts: Reads the keys of persons of this machine.
    ///   - takesUnsigned: Whether the choices of runs that know no desk are enacted too.
    public init(
        reading desks: @escaping @Sendable () throws -> [DeskKey],
        accounts: @escaping @Sendable () throws -> [DeskKey] = { [] },
        takesUnsigned: Bool
    ) {
        self.desks = { try desks() + accounts() }
        self.accounts = accounts
        self.takesUnsigned = takesUnsigned
    }

    /// Makes sure that what a run is about to enact was chosen at a desk of the list.
    ///
    /// - Throws: ``RuntimeError`` with `.notPermitted`, whose message says what to do; what keeps the list from being read.
    func require(_ state: RunState) throws {
        guard state.isSigned else {
            guard !takesUnsigned else { return }
            throw RuntimeError(
                .notPermitted,
                "the record of run \(state.run) knows no desk, so nothing shows who chose; if it was begun before choices were "
                    + "signed, look at what was chosen and go on with: agency resume \(state.run) --unsigned"
            )
        }
        let known = try desks()
        for standing in state.chosen {
            let id = standing.signature?.key ?? ""
            // By the whole key: what the record calls by its name must be what this machine calls by it.
            guard let desk = state.desks.first(where: { $0.id == id }),
                known.contains(where: { $0.publicKey == desk.publicKey })
            else {
                let name = state.desks.first { $0.id == id }?.description ?? id
                throw RuntimeError(
                    .notPermitted,
                    "run \(state.run) was chosen at a desk that this machine does not trust; if you know it: "
                        + "agency desk trust \(name)"
                )
            }
        }
    }
}
