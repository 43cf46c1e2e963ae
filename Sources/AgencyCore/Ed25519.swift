// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Signatures over the curve 25519.
///
/// > Source: RFC 8032 <https://www.rfc-editor.org/rfc/rfc8032>, as implemented by OpenSSL's libcrypto.
public enum Ed25519 {
    /// The length of a private key, in bytes.
    public static let seedBytes = 32
    /// The length of a public key, in bytes.
    public static let keyBytes = 32
    /// The length of a signature, in bytes.
    public static let signatureBytes = 64

    /// Computes the public key that belongs to a private one, or returns `nil` when that is not 32 bytes long.
    public static func publicKey(of seed: [UInt8]) -> [UInt8]? {
        guard let key = privateKey(seed) else { return nil }
        defer { EVP_PKEY_free(key) }
        var bytes = [UInt8](repeating: 0, count: keyBytes)
        var length = bytes.count
        guard EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, length == keyBytes else { return nil }
        return bytes
    }

    /// Signs a message, or returns `nil` when the private key is not 32 bytes long.
    public static func sign(_ message: [UInt8], with seed: [UInt8]) -> [UInt8]? {
        guard let key = privateKey(seed) else { return nil }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: signatureBytes)
        var length = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1, length == signatureBytes
        else { return nil }
        return signature
    }

    /// Whether a signature of a message was made with the private half of a key.
    public static func verify(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureBytes, publicKey.count == keyBytes,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static func privateKey(_ seed: [UInt8]) -> OpaquePointer? {
        guard seed.count == seedBytes else { return nil }
        return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
    }
}
