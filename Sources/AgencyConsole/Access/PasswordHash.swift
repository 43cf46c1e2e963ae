// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import COpenSSL

/// What is kept of a password: a key that takes 128 MiB and a noticeable part of a second to compute for each guess.
///
/// > Source: RFC 7914 <https://www.rfc-editor.org/rfc/rfc7914>, as implemented by OpenSSL's libcrypto; costs from OWASP,
/// > “Password Storage Cheat Sheet”; the least length from NIST SP 800-63B-4, 3.1.1.2.
public struct PasswordHash: Sendable, Hashable, Codable {
    /// 16 bytes or more, which make equal passwords differ, in hexadecimal digits.
    let salt: String
    /// The key, of 32 bytes, in hexadecimal digits.
    let key: String
    /// How much memory and time: a power of two.
    let cost: UInt64
    /// How large the blocks are.
    let blockSize: UInt64
    /// How many times over.
    let parallelism: UInt64

    /// The fewest characters of a password.
    static let least = 12
    /// The most bytes of one.
    static let most = 1024
    static let usualCost: UInt64 = 1 << 17

    /// Takes what was computed.
    private init(salt: String, key: [UInt8], cost: UInt64) {
        self.salt = salt
        self.key = Hexadecimal.text(key)
        self.cost = cost
        (blockSize, parallelism) = (8, 1)
    }

    /// Computes what is kept of a new password; takes long.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a password that is too short or too long.
    static func set(_ password: String, salt: String, cost: UInt64 = usualCost) throws -> ShownPassword {
        guard password.count >= Self.least, password.utf8.count <= Self.most else {
            throw RuntimeError(
                .badInput,
                "a password has \(Self.least) characters or more, and at most \(Self.most) bytes"
            )
        }
        let (key, pad) = try Self.derive(password, salt, cost, 8, 1)
        return ShownPassword(kept: PasswordHash(salt: salt, key: key, cost: cost), pad: pad)
    }

    /// Looks whether this is the password; takes long.
    ///
    /// - Returns: `nil` where it is not.
    func shown(_ password: String) throws -> ShownPassword? {
        let (other, pad) = try Self.derive(password, salt, cost, blockSize, parallelism)
        // As digests, so that how long it takes says nothing of how much is equal.
        let isRight = Tokens.digest(Hexadecimal.text(other)) == Tokens.digest(key)
        return isRight && password.utf8.count <= Self.most ? ShownPassword(kept: self, pad: pad) : nil
    }

    private static let memory: UInt64 = 512 << 20

    private static func derive(
        _ password: String,
        _ salt: String,
        _ n: UInt64,
        _ r: UInt64,
        _ p: UInt64
    ) throws -> (key: [UInt8], pad: [UInt8]) {
        let password = Array(password.utf8)
        let salt = Hexadecimal.bytes(salt) ?? []
        // Neither half tells anything of the other: each comes of all of the memory by a hash of its own.
        var key = [UInt8](repeating: 0, count: 64)
        let isDone = password.withUnsafeBytes { secret in
            EVP_PBE_scrypt(
                secret.baseAddress?.assumingMemoryBound(to: CChar.self),
                password.count,
                salt,
                salt.count,
                n,
                r,
                p,
                memory,
                &key,
                key.count
            )
        }
        guard isDone == 1, salt.count >= 16 else {
            throw RuntimeError(
                .unavailable,
                "a password cannot be checked now: there is too little memory, or the file is damaged"
            )
        }
        return (Array(key.prefix(32)), Array(key.suffix(32)))
    }
}
