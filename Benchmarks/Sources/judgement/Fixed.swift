// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A number with so many digits after the point.
func fixed(_ value: Double, _ digits: Int = 4) -> String { String(format: "%.\(digits)f", value) }
