// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Says how far ahead an answer must be for a long work to come out right.
struct PlanVotes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan-votes",
        abstract: "Say how many votes each step of a long work needs, and what they cost.",
        discussion: """
            A pilot is a file with a line for each item: how often it was sampled and how often the answer was right, such \
            as 3,2. Two samples of each item show whether errors repeat, which decides whether more votes help.
            """
    )

    @Option(help: "The probability that one sample is right, such as 0.99; errors are assumed to be independent.")
    var success: Double?
    @Option(help: "A file with samples and right answers of each item; “-” reads standard input.")
    var pilot: String?
    @Option(help: "The steps that must all be right.")
    var steps = 1
    @Option(help: "The acceptable probability that any step is wrong.")
    var risk = 0.05
    @Option(help: "The share of samples that pass the red flags.")
    var valid = 1.0
    @Option(help: "What one sample costs, in dollars.")
    var price: Double?
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (success == nil) != (pilot == nil) else {
            throw ValidationError("say how good one sample is: either --success or --pilot")
        }
        func check(_ name: String, _ value: Double?, _ isRight: (Double) -> Bool, _ words: String) throws {
            guard let value, !(value.isFinite && isRight(value)) else { return }
            throw ValidationError("--\(name) must be \(words)")
        }
        try check("success", success, { $0 > 0 && $0 <= 1 }, "above 0 and at most 1")
        try check("risk", risk, { $0 > 0 && $0 < 1 }, "above 0 and below 1")
        try check("valid", valid, { $0 > 0 && $0 <= 1 }, "above 0 and at most 1")
        try check("price", price, { $0 >= 0 && $0 <= 1e6 }, "from 0 to 1000000 dollars")
        guard (1...1_000_000_000_000).contains(steps) else { throw ValidationError("--steps must be from 1 to 10^12") }
    }

    func run() async throws {
        let read = try pilot.map(PilotFile.read)
        let mixture = read?.mixture ?? StepMixture(success: success ?? 0, correlation: 0)
        let plan = VotePlan(mixture, steps: steps, risk: risk, valid: valid)
        let page = VotePlanText(plan: plan, pilot: read, price: price)
        Terminal.out(json ? page.json.prettyText : page.text)
        guard plan.lead != nil else { throw ExitStatus.unmet }
    }
}

/// Reads the file of a pilot.
enum PilotFile {
    /// The most bytes of a pilot: millions of items.
    static let mostBytes = 64 << 20

    static func read(_ path: String) throws -> Pilot {
        let bytes = path == "-" ? Array(FileHandle.standardInput.readDataToEndOfFile()) : try readFile(path)
        guard bytes.count <= mostBytes else {
            throw RuntimeError(.badInput, "\(path): \(bytes.count) bytes are too many")
        }
        var items: [Pilot.Item] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = String(decoding: line, as: UTF8.self).trimmingWhitespace
            if text.isEmpty || text.hasPrefix("#") { continue }
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.trimmingWhitespace) }
            guard parts.count == 2, let samples = parts[0], let right = parts[1] else {
                // The first line may name the columns.
                if items.isEmpty, index == 0, parts.count == 2, parts.allSatisfy({ $0 == nil }) { continue }
                throw RuntimeError(.badInput, "\(path):\(index + 1): write samples and right answers, such as 3,2")
            }
            guard (1...1_000_000).contains(samples), (0...samples).contains(right) else {
                throw RuntimeError(.badInput, "\(path):\(index + 1): \(right) right of \(samples) samples cannot be")
            }
            items.append(Pilot.Item(samples: samples, right: right))
        }
        guard !items.isEmpty else { throw RuntimeError(.badInput, "\(path): there are no items in it") }
        return Pilot(items)
    }
}

extension Substring {
    fileprivate var trimmingWhitespace: String { String(self).trimmingWhitespace }
}
