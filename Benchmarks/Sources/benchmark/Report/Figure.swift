// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One number that was measured.
struct Figure: Codable {
    /// What was measured, in words; the same in every repetition.
    var what: String
    /// The number.
    var value: Double
    /// What it is counted in.
    var unit: String

    /// Prints it.
    static func report(_ what: String, _ value: Double, _ unit: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(Figure(what: what, value: value, unit: unit)) else { return }
        Output.line(String(decoding: data, as: UTF8.self))
    }

    /// Reads figures from a file, one a line.
    static func read(_ path: String) throws -> [Figure] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            try JSONDecoder().decode(Figure.self, from: Data(line.utf8))
        }
    }
}

/// Times that were taken one by one.
struct Sample {
    private let sorted: [Double]

    /// Takes times in seconds.
    init(_ seconds: some Sequence<Double>) { sorted = seconds.sorted() }

    var mean: Double { sorted.isEmpty ? .nan : sorted.reduce(0, +) / Double(sorted.count) }
    var least: Double { sorted.first ?? .nan }

    /// The smallest time that at least this part of the times do not exceed.
    func quantile(_ part: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, max(0, Int((part * Double(sorted.count)).rounded(.up)) - 1))]
    }

    var median: Double { quantile(0.5) }
}

extension Duration {
    /// In seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Runs some work and returns how many seconds it took.
func seconds(_ work: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(work).inSeconds
}
