// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Texts that are committed and must come out the same, byte for byte.
///
/// With `AGENCY_WRITE_GOLDEN=1` in the environment they are written instead of compared; look at the difference.
enum Golden {
    private static var directory: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    }

    static func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = directory.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["AGENCY_WRITE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data((text + "\n").utf8).write(to: file)
        }
        let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let lines = zip(golden.split(separator: "\n"), text.split(separator: "\n"))
        let first = lines.first { $0 != $1 }
        #expect(
            text + "\n" == golden,
            "first difference: \(String(describing: first))",
            sourceLocation: sourceLocation
        )
    }
}
