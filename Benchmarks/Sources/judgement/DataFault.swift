// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is wrong with the data.
struct DataFault: Error, CustomStringConvertible {
    var description: String

    /// A file or folder is not there.
    static func missing(_ url: URL) -> DataFault { DataFault(description: "\(url.path): no such file or folder") }

    /// A line cannot be read.
    static func malformed(_ url: URL, line: Int, _ why: String) -> DataFault {
        DataFault(description: "\(url.path):\(line): \(why)")
    }

    /// The lines of a file with their numbers; empty ones are left out.
    static func lines(of url: URL) throws -> [(number: Int, text: Substring)] {
        guard let data = try? Data(contentsOf: url) else { throw missing(url) }
        let text = String(decoding: data, as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { place, line in
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            return line.isEmpty ? nil : (place + 1, line)
        }
    }

    /// What a folder holds, in the order of the names.
    static func contents(of url: URL) throws -> [URL] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else { throw missing(url) }
        return names.sorted().map { url.appendingPathComponent($0) }
    }
}
