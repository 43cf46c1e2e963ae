// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyLedger
import AgencyRuntime

/// The key with which a person signs choices at a desk, and which only their password opens.
///
/// What is kept is the secret combined, bit by bit, with bytes that come of the password: 32 that scrypt makes besides those by
/// which the password is known, and that nothing else tells. So whoever has the file, or the desk, cannot choose in the person's
/// name, and two persons at one desk are two where two have to choose.
public struct PersonKey: Sendable, Hashable, Codable {
    /// The public half, which runs know.
    public let key: DeskKey
    /// The secret as it is kept, in hexadecimal digits.
    let sealed: String

    /// Makes a new key.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - seed: 32 bytes that nobody can guess.
    ///   - password: The password that opens it.
    /// - Throws: ``RuntimeError`` with `.badInput` for a name that no key can have.
    init(_ name: String, seed: [UInt8], for password: ShownPassword) throws {
        key = try Desk(try SigningKey(name: name, seed: seed)).key
        sealed = Hexadecimal.text(zip(seed, password.pad).map { $0 ^ $1 })
    }

    /// What signs choices.
    ///
    /// - Throws: ``RuntimeError`` with `.corrupt` where it is not the password that opens it, or the file is damaged.
    func opened(with password: ShownPassword) throws -> Desk {
        let desk = try? Desk(try SigningKey(name: key.name, seed: seed(password)))
        guard let desk, desk.key == key else {
            throw RuntimeError(
                .corrupt,
                "the key of \(key.name) cannot be opened with its password; the list of accounts is damaged"
            )
        }
        return desk
    }

    /// The same key, opened by another password from now on.
    ///
    /// - Throws: as ``opened(with:)`` does.
    func resealed(from password: ShownPassword, to new: ShownPassword) throws -> PersonKey {
        _ = try opened(with: password)
        return try PersonKey(key.name, seed: seed(password), for: new)
    }

    private func seed(_ password: ShownPassword) -> [UInt8] {
        zip(Hexadecimal.bytes(sealed) ?? [], password.pad).map { $0 ^ $1 }
    }
}

/// A password that was set or shown a moment ago.
struct ShownPassword: Sendable {
    /// What is kept of it.
    let kept: PasswordHash
    /// What its person's key is opened with.
    let pad: [UInt8]
}
