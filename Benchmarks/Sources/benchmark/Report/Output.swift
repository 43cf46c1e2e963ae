// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Lines for whoever started the program.
enum Output {
    /// Writes a line of results.
    static func line(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// Writes a line about how it goes.
    static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
