// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension Tools {
    /// Settles a forecast by looking.
    ///
    /// - Returns: The settlement; its outcome is `nil` when the look could not tell, and it says why.
    public func settle(_ forecast: Forecast) async -> Settlement {
        await settle(forecast.check, statement: forecast.statement, probability: forecast.probability)
    }

    /// Settles a statement by looking, for no longer than a minute.
    ///
    /// - Returns: The settlement; its outcome is `nil` when the look could not tell, and it says why.
    public func settle(_ check: Check, statement: String, probability: Double) async -> Settlement {
        var settlement = Settlement(
            statement: statement,
            probability: probability,
            outcome: nil,
            expected: check.expect.words,
            observed: ""
        )
        do {
            let result = try await look(Action(tool: check.tool, arguments: check.arguments), seconds: 60)
            settlement.outcome = Self.outcome(of: result, check.expect)
            settlement.observed = Self.observation(of: result)
        } catch {
            let message = (error as? EnactmentError)?.description ?? "the look was given up: \(error)"
            settlement.observed = message.escaped(limit: 400)
        }
        return settlement
    }

    private static func outcome(of result: ToolResult, _ expectation: Expectation) -> Bool? {
        let met = expectation.isMet(status: result.status, output: result.output)
        guard result.isTruncated else { return met }
        // What was left out might have held the text, or made the whole another one.
        switch expectation {
        case .exitStatus: return met
        case .contains(let part):
            // Between our own words on what is not shown, which are no part of what was seen.
            let pieces = result.output.split(separator: "\n", omittingEmptySubsequences: false)
                .split { $0.hasPrefix("[… ") || $0.hasPrefix("… and ") }
            return pieces.contains { $0.joined(separator: "\n").contains(part) } ? true : nil
        default: return nil
        }
    }

    private static func observation(of result: ToolResult) -> String {
        let text = result.output.trimmingWhitespace.escaped(limit: 400)
        if result.isSuccess { return text.isEmpty ? "exit status 0, no output" : text }
        return "exit status \(result.status)" + (text.isEmpty ? "" : ": \(text)")
    }
}
