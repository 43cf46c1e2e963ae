// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation

/// Statements in the order in which they were settled, each with what was forecast and what happened.
///
/// A file has a line for each: `{"f": {"evaluator": 0.7, …}, "y": 1}`. An evaluator named `model/prompt` is of the family
/// `model`; `null` is no answer.
struct Stream {
    struct Item {
        var forecasts: Forecasts
        var outcome: Bool
    }

    private struct Line: Decodable {
        var f: [String: Double?]
        var y: Int
    }

    var name: String
    var items: [Item]

    init(name: String, items: [Item]) { (self.name, self.items) = (name, items) }

    init(contentsOf url: URL) throws {
        name = url.deletingPathExtension().lastPathComponent
        let decoder = JSONDecoder()
        items = try DataFault.lines(of: url).map { number, text in
            guard let line = try? decoder.decode(Line.self, from: Data(text.utf8)) else {
                throw DataFault.malformed(
                    url,
                    line: number,
                    "expected {\"f\": {evaluator: probability}, \"y\": 0 or 1}"
                )
            }
            guard line.y == 0 || line.y == 1 else {
                throw DataFault.malformed(url, line: number, "y is \(line.y), expected 0 or 1")
            }
            let given = line.f.map { (Self.evaluator($0.key), $0.value ?? .nan) }
            return Item(forecasts: Forecasts(given), outcome: line.y == 1)
        }
        guard !items.isEmpty else { throw DataFault.malformed(url, line: 1, "no statement") }
    }

    /// Every stream of a folder, in the order of their names.
    static func all(in data: URL) throws -> [Stream] {
        let files = try DataFault.contents(of: data.appendingPathComponent("streams"))
        return try files.filter { $0.pathExtension == "jsonl" }.map { try Stream(contentsOf: $0) }
    }

    static func evaluator(_ name: String) -> Evaluator {
        let parts = name.split(separator: "/", maxSplits: 1)
        return Evaluator(name, family: parts.count == 2 ? String(parts[0]) : nil)
    }
}
