// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import COpenSSL
import Foundation

/// A place outside that is told when a run waits for a person, gives alarm, or is over.
///
/// > Source: Standard Webhooks 1.0.0 <https://www.standardwebhooks.com>; RFC 2104 <https://www.rfc-editor.org/rfc/rfc2104>,
/// > as implemented by OpenSSL's libcrypto.
public struct Webhook: Sendable, Hashable {
    /// Where it is told: `https`, or `http` on this machine.
    public let url: String
    private let key: [UInt8]

    /// Makes a webhook.
    ///
    /// - Parameters:
    ///   - url: The address.
    ///   - secret: What both sides know: `whsec_` and base64, or any bytes, 24 or more of them.
    /// - Throws: ``RuntimeError`` with `.badInput` for an address or a secret that cannot be used.
    public init(url: String, secret: [UInt8]) throws {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.scheme == "https"
                || parts.scheme == "http" && ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host),
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else {
            throw RuntimeError(
                .badInput,
                "a webhook is an https address, or an http address of this machine, without a password"
            )
        }
        let text = String(decoding: secret, as: UTF8.self).trimmingWhitespace
        let key =
            if text.hasPrefix("whsec_") { Data(base64Encoded: String(text.dropFirst(6))).map { Array($0) } ?? [] } else
            {
                Array(text.utf8)
            }
        guard key.count >= 24 else {
            throw RuntimeError(
                .badInput,
                "the secret of a webhook has 24 bytes or more; make one with: openssl rand -hex 32"
            )
        }
        self.url = url
        self.key = key
    }

    /// What goes with a message, so that whoever gets it knows that it is ours, whole and new.
    func signature(of body: String, id: String, seconds: Int64) throws -> String {
        let signed = Array("\(id).\(seconds).\(body)".utf8)
        var code = [UInt8](repeating: 0, count: 32)
        var length = 0
        let made = EVP_Q_mac(
            nil,
            "HMAC",
            nil,
            "SHA256",
            nil,
            key,
            key.count,
            signed,
            signed.count,
            &code,
            code.count,
            &length
        )
        guard made != nil, length == 32 else { throw RuntimeError(.unavailable, "a webhook could not be signed") }
        return "v1," + Data(code).base64EncodedString()
    }
}
