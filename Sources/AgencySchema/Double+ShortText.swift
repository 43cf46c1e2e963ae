// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// The number without a fraction when it has none.
    package var shortText: String { Int64(exactly: self).map(String.init) ?? String(self) }
}
