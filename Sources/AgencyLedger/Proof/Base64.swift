// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Base64 with padding, of which every text has exactly one spelling.
///
/// > Source: RFC 4648 §4 <https://www.rfc-editor.org/rfc/rfc4648#section-4>.
enum Base64 {
    static func text(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

    /// - Returns: `nil` unless the text is the one spelling of some bytes.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let text = String(text)
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
        return Array(data)
    }
}
