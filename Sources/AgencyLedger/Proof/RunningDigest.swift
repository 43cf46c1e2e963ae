// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import COpenSSL

/// The SHA-256 digest of bytes that come in parts.
final class RunningDigest {
    private let context: OpaquePointer

    init() {
        // Only an out-of-memory condition or a library built without SHA-256 can bring this about.
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto could not begin a SHA-256 digest")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: [UInt8]) {
        guard EVP_DigestUpdate(context, bytes, bytes.count) == 1 else {
            preconditionFailure("libcrypto could not go on with a SHA-256 digest")
        }
    }

    /// The digest of everything so far; nothing may be added afterwards.
    func finish() -> Digest {
        var octets = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &octets, &length) == 1, let digest = Digest(octets: octets) else {
            preconditionFailure("libcrypto could not end a SHA-256 digest")
        }
        return digest
    }
}
