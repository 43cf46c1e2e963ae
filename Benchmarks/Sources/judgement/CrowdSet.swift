// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation

/// Who put which item in which category, and in which it belongs.
///
/// A folder has `label.csv` (item,worker,label) and `truth.csv` (item,truth), each with its header.
struct CrowdSet {
    var name: String
    var judgements: [Judgement]
    var truth: [String: String]

    init(contentsOf folder: URL) throws {
        name = folder.lastPathComponent
        judgements = try Self.rows(folder.appendingPathComponent("label.csv"), header: ["item", "worker", "label"])
            .map { Judgement(item: $0[0], evaluator: $0[1], category: $0[2]) }
        let rows = try Self.rows(folder.appendingPathComponent("truth.csv"), header: ["item", "truth"])
        truth = Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    }

    /// Every set of a folder, in the order of their names.
    static func all(in data: URL) throws -> [CrowdSet] {
        let folders = try DataFault.contents(of: data.appendingPathComponent("crowd"))
        return try folders.filter(\.hasDirectoryPath).map { try CrowdSet(contentsOf: $0) }
    }

    private static func rows(_ url: URL, header: [String]) throws -> [[String]] {
        let lines = try DataFault.lines(of: url).map { ($0.number, $0.text.split(separator: ",").map(String.init)) }
        guard lines.first?.1 == header else {
            throw DataFault.malformed(url, line: 1, "expected the header \(header.joined(separator: ","))")
        }
        return try lines.dropFirst().map { number, parts in
            guard parts.count == header.count else {
                throw DataFault.malformed(url, line: number, "expected \(header.count) values, found \(parts.count)")
            }
            return parts
        }
    }
}
