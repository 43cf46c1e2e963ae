// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Plays every role of a simulated history, as one process reaches it: slow, failing, or saying what does not fit.
struct ProcessPerformer: Performer {
    let process: SimulatedProcess
    let scenario: Scenario

    /// As long as nobody should wait.
    static let ever = Duration.seconds(1_000_000)

    var about: String { "simulated" }

    func respond(to request: TurnRequest) async throws -> Turn {
        let chance = process.scene.chance
        let faults = process.scene.faults
        try await process.pass("ask for \(request.episode)")
        process.scene.witness.seeRequest(request.episode, of: request.run, by: process.name, looked: process.looked)
        let used = usage(request)
        if faults != SimulatedFaults() { try await think(request, chance, faults) }
        if chance.happens(faults.performer) { throw trouble(chance, used) }
        var turn = Turn(text: "", usage: used, performer: about)
        if request.turn == 0, !request.tools.isEmpty, chance.happens(0.1) {
            turn.calls = [ToolCall(id: "c1", tool: "notes.read", arguments: ["path": "readme.txt"])]
        } else if chance.happens(faults.nonsense) {
            process.scene.trace.count("nonsense")
            turn.text = Self.nonsense(chance, scenario)
        } else {
            turn.text = scenario.output(of: request, chance: chance, faults: faults).compactText
        }
        try await process.pass("answer for \(request.episode)")
        return turn
    }

    private func think(_ request: TurnRequest, _ chance: Chance, _ faults: SimulatedFaults) async throws {
        if chance.happens(faults.hanging) {
            process.scene.trace.note(process.name, "waits for an answer for \(request.episode) that does not come")
            process.scene.trace.count("hanging")
            // Of the performers of a long work it is asked that they keep their time: a watch for each would cost too much.
            if chance.happens(0.5) || scenario.target != nil {
                try await process.scene.clock.sleep(for: .seconds(request.seconds))
                throw PerformerError(.timeout, "no answer", retry: .later(nil), usage: Usage(calls: 1))
            }
            // It does not keep to the limit that it was given.
            try await process.scene.clock.sleep(for: Self.ever)
        }
        let time = chance.time(upTo: .seconds(faults.delay > 0 ? 5 : 0.2))
        // Some do not notice that nobody waits for the answer any more.
        if chance.happens(0.1) {
            try? await process.scene.clock.sleep(for: time)
        } else {
            try await process.scene.clock.sleep(for: time)
        }
    }

    private func trouble(_ chance: Chance, _ used: Usage) -> PerformerError {
        process.scene.trace.count("performer trouble")
        let codes: [PerformerError.Code] = [
            .refusal, .empty, .cutOff, .incomplete, .protocolViolation, .badRequest, .unauthorized, .rateLimited,
            .overloaded, .unreachable, .timeout, .tooLarge, .contextOverflow, .programFailed,
        ]
        let code = chance.pick(codes) ?? .refusal
        return PerformerError(
            code,
            "simulated",
            retry: .later(.seconds(1)),
            usage: chance.happens(0.5) ? used : Usage(calls: 1)
        )
    }

    /// No more than was reckoned with: the promise about what is spent is about performers that keep to their limits.
    private func usage(_ request: TurnRequest) -> Usage {
        let input = request.messages.reduce(0) { $0 + $1.text.utf8.count } / 4
        return Usage(inputTokens: input, outputTokens: min(request.outputTokens, 200), calls: 1)
    }

    private static func nonsense(_ chance: Chance, _ scenario: Scenario) -> String {
        switch chance.number(0...6) {
        case 0: ""
        case 1: "I would rather not say."
        case 2: "{}"
        case 3: "{\"title\": \"unfinished"
        case 4: String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        case 5 where scenario.target == nil:
            SimulatedRun.proposal(
                "Burn it",
                [Step(id: "s1", intent: "x", action: Action(tool: "notes.burn", arguments: [:]))]
            ).compactText
        default: SimulatedRun.critique(objections: ["no such step"]).compactText + " and more"
        }
    }
}

extension Message {
    fileprivate var text: String {
        switch self {
        case .system(let text): text
        case .user(let parts): parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        case .performer(let text, _): text
        case .tool(_, let output, _): output
        }
    }
}
