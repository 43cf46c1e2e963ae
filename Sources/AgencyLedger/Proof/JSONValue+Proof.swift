// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension JSONValue {
    /// The digest that a text of 64 lower-case hexadecimal digits spells.
    var digest: Digest? { string.flatMap(Digest.init(hex:)) }

    /// A number that counts something.
    var count: Int? {
        guard case .integer(let number) = self, number >= 0 else { return nil }
        return Int(number)
    }
}
