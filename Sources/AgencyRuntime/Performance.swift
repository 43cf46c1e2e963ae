// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

/// One performance of an episode: turns are taken until there is a valid output or none can be had.
struct Performance: Sendable {
    let run: RunID
    let order: EpisodeOrder
    let role: Role
    let prompt: Prompt
    let tools: [ToolManifest]
    let options: [Proposal]
    let performer: any Performer
    let profile: Profile
    let purse: Purse
    let world: (any World)?
    let clock: any Clock<Duration>
    /// Who verifies the answers, when the role is voted on by a verifier.
    var verification: Verification?

    /// What a performance came to.
    struct Ending: Sendable {
        var result: Result
        var transcript: Artefact
        var usage: Usage
        var performer: String
        var isRecorded: Bool
        var milliseconds: Int
        /// How the samples were counted, when there were several.
        var ballot: BallotRecord?
        /// The conversations of the samples besides ``transcript``.
        var others: [Artefact] = []
        /// What was hidden in the results of tools, in words.
        var hidden: String?

        enum Result: Sendable {
            case completed(JSONValue)
            case failed(code: String, message: String)
        }
    }

    /// The deepest nesting of an output: an event has to nest it some levels deeper and still be readable.
    static let deepestOutput = JSONValue.maximumDepth - 32

    /// What the episode may consume: what the worst case of a run was computed from.
    private var limits: Budget { role.limits(performedBy: profile) }
    private var mostCalls: Int { max(1, limits.calls ?? Limits.callsPerEpisode) }
    private var mostSeconds: Double { limits.seconds ?? Limits.secondsPerEpisode }
    /// A person's words are not counted in tokens.
    private var mostTokens: Int? { profile.provider == .person ? nil : limits.tokens }

    /// The conversation that the performance begins with, as it is kept.
    var promptArtefact: Artefact {
        Artefact(prompt.storedBytes(role: role, tools: tools))
    }

    private var usableTools: [ToolManifest] { role.usable(tools) }

    /// Performs.
    ///
    /// - Throws: `PerformerError` when nothing is wrong with the episode but it cannot be performed now;
    ///   `CancellationError`.
    func perform() async throws -> Ending {
        var play = Play(messages: prompt.messages)
        let stopwatch = Stopwatch(clock)
        while play.turns < mostCalls {
            try Task.checkCancellation()
            let left = mostSeconds - stopwatch.seconds
            guard left > 0 else {
                let message = "no output within \(mostSeconds.shortText) seconds"
                return ending(play, .failed(code: "out-of-time", message: message), stopwatch)
            }
            let request = request(play, seconds: left)
            let worst = Self.worstCase(of: request, by: profile)
            if let shortage = shortage(play, worst) { return ending(play, shortage, stopwatch) }
            let before = stopwatch.seconds
            do {
                var turn = try await respond(to: request)
                turn.usage = turn.usage.counted
                purse.settle(worst, actual: turn.usage, seconds: stopwatch.seconds - before)
                if let result = try await take(turn, into: &play, last: play.turns + 1 == mostCalls) {
                    return ending(play, result, stopwatch)
                }
            } catch let error as PerformerError {
                purse.settle(worst, actual: error.usage.counted, seconds: stopwatch.seconds - before)
                play.usage += error.usage.counted
                guard error.failsEpisode else { throw error }
                return ending(play, .failed(code: error.code.description, message: error.message), stopwatch)
            } catch {
                purse.settle(worst, actual: Usage(), seconds: stopwatch.seconds - before)
                throw error
            }
        }
        return ending(play, .failed(code: "out-of-calls", message: "no output after \(mostCalls) turns"), stopwatch)
    }

    /// How much longer than it may take an answer is waited for: a performer that keeps to the limit says so itself.
    static let grace = 5.0

    /// Asks the performer, and stops it when it does not keep to its time: a run must not wait for one answer for ever.
    ///
    /// A person may take longer.
    private func respond(to request: TurnRequest) async throws -> Turn {
        guard performer.needsWatch, profile.provider != .person else { return try await performer.respond(to: request) }
        return try await withThrowingTaskGroup(of: Turn?.self) { group in
            group.addTask { try await performer.respond(to: request) }
            group.addTask {
                try await clock.sleep(for: .seconds(request.seconds + Self.grace))
                return nil
            }
            defer { group.cancelAll() }
            if let turn = try await group.next() ?? nil { return turn }
            let message = "no answer within \(request.seconds.shortText) seconds, nor word of it"
            throw PerformerError(.timeout, message, retry: .later(nil), usage: Usage(calls: 1))
        }
    }

    /// Takes a turn into the conversation; returns how the episode ends, if it ends with it.
    private func take(_ turn: Turn, into play: inout Play, last: Bool) async throws -> Ending.Result? {
        play.take(turn)
        if !turn.calls.isEmpty {
            for call in turn.calls { play.take(await answer(call)) }
            if !last, play.turns + 1 >= mostCalls {
                play.messages.append(.user([.text("Your next turn is the last: write the output now.")]))
            }
            return nil
        }
        if let most = role.vote?.flags.bytes, turn.text.utf8.count > most {
            return .failed(code: "too-long", message: "\(turn.text.utf8.count) bytes, and at most \(most) count")
        }
        let faults: [SchemaFault]
        var code = "schema-invalid"
        do {
            let output = try JSONValue(parsing: turn.text.trimmingWhitespace)
            faults = self.faults(in: output)
            if faults.isEmpty { return .completed(output) }
        } catch {
            faults = [SchemaFault(pointer: "", message: "not one JSON value: \(error)")]
            code = "ill-formed"
        }
        // A sample is never sent back to be mended: whoever slips in form is more likely to be wrong in substance.
        if role.vote != nil { return .failed(code: code, message: "\(faults[0])") }
        let listed = faults.prefix(12).map { "- \($0)" }.joined(separator: "\n")
        guard play.repairs < role.repairs else {
            return .failed(code: "invalid-output", message: "after \(play.repairs) repairs: \(faults[0])")
        }
        play.repairs += 1
        play.messages.append(.user([.text("That output cannot be taken:\n\(listed)\nWrite it again, whole.")]))
        return nil
    }

    /// Finds what is wrong with the shape of an output.
    static func faults(of output: JSONValue, against schema: JSONSchema) -> [SchemaFault] {
        guard output.nesting <= deepestOutput else {
            return [SchemaFault(pointer: "", message: "nested deeper than \(deepestOutput)")]
        }
        return schema.validate(output)
    }

    private func faults(in output: JSONValue) -> [SchemaFault] {
        let shape = Self.faults(of: output, against: prompt.output)
        return shape.isEmpty ? order.faults(in: output, role: role, tools: tools, options: options) : shape
    }

    private func answer(_ call: ToolCall) async -> Message {
        func refuse(_ why: String) -> Message { .tool(call: call.id, output: why, isError: true) }
        guard let tool = usableTools.first(where: { $0.name == call.tool }) else {
            return refuse("there is no tool “\(call.tool)” for this role")
        }
        let faults = tool.parameters.validate(call.arguments)
        guard faults.isEmpty else {
            return refuse("wrong arguments: " + faults.map(\.description).joined(separator: "; "))
        }
        guard let world else { return refuse("there is no workspace to look at") }
        do {
            let result = try await world.look(Action(tool: call.tool, arguments: call.arguments), seconds: 30)
            let cut = result.isTruncated ? "\n[output cut]" : ""
            return .tool(call: call.id, output: result.output + cut, isError: !result.isSuccess)
        } catch {
            return refuse("\(error)")
        }
    }

    private func request(_ play: Play, seconds: Double) -> TurnRequest {
        let left = mostTokens.map { max(0, $0 - play.usage.tokens - Self.estimate(play.messages)) } ?? .max
        return TurnRequest(
            run: run,
            episode: order.id,
            role: role.name,
            turn: play.turns,
            messages: play.messages,
            tools: usableTools,
            output: prompt.output,
            outputTokens: min(profile.outputTokens, left),
            seconds: seconds
        )
    }

    /// Three bytes a token is on the high side for every tokenizer in use, so the reservation is an upper estimate.
    private static func estimate(_ messages: [Message]) -> Int { messages.reduce(0) { $0 + $1.text.utf8.count } / 3 }

    /// The most that the answer to a request can consume.
    static func worstCase(of request: TurnRequest, by profile: Profile) -> Usage {
        let input = estimate(request.messages)
        let price =
            Double(profile.inputPrice.microdollars) * Double(input) / 1e6
            + Double(profile.outputPrice.microdollars) * Double(request.outputTokens) / 1e6
        return Usage(
            inputTokens: input,
            outputTokens: request.outputTokens,
            money: Money(dollars: price / 1e6),
            calls: 1
        )
    }

    /// The fewest tokens for an answer that are worth asking for.
    static let leastOutput = 16

    private func shortage(_ play: Play, _ worst: Usage) -> Ending.Result? {
        if let tokens = mostTokens, worst.outputTokens < min(Self.leastOutput, profile.outputTokens) {
            return .failed(code: "out-of-tokens", message: "the next turn would exceed the role's \(tokens) tokens")
        }
        if let money = role.budget.money, play.usage.money + worst.money > money {
            return .failed(code: "out-of-money", message: "the next turn could exceed the role's \(money)")
        }
        do {
            try purse.reserve(worst)
            return nil
        } catch {
            return .failed(code: "out-of-budget", message: error.description)
        }
    }

    private func ending(_ play: Play, _ result: Ending.Result, _ stopwatch: Stopwatch) -> Ending {
        Ending(
            result: result,
            transcript: Artefact(play.transcript.canonicalBytes),
            usage: play.usage,
            performer: play.performer ?? performer.about,
            isRecorded: play.isRecorded,
            milliseconds: Int(stopwatch.seconds * 1000),
            hidden: play.hidden
        )
    }
}

/// The conversation of a performance as it grows.
private struct Play {
    var messages: [Message]
    var turns = 0
    var repairs = 0
    var usage = Usage()
    var performer: String?
    var isRecorded = false
    /// What tools showed, where something hid in it, by the place of the message.
    private var originals: [Int: String] = [:]

    init(messages: [Message]) { self.messages = messages }

    /// Takes what a tool showed, as the performer may see it.
    mutating func take(_ answer: Message) {
        guard case .tool(let call, let output, let isError) = answer else { return messages.append(answer) }
        let stripped = TextScan.stripped(output)
        if !stripped.utf8.elementsEqual(output.utf8) { originals[messages.count] = output }
        messages.append(.tool(call: call, output: stripped, isError: isError))
    }

    /// The conversation as it is kept: the exact text of every message, and what a tool showed before it was stripped.
    var transcript: JSONValue {
        .array(
            messages.enumerated().map { place, message in
                guard let original = originals[place], case .object(var object) = message.json else {
                    return message.json
                }
                object["original"] = .string(original)
                return .object(object)
            }
        )
    }

    /// What was hidden in the results of tools, in words.
    var hidden: String? {
        guard !originals.isEmpty else { return nil }
        return originals.sorted { $0.key < $1.key }.prefix(4).compactMap { TextScan($0.value).summary }
            .joined(separator: "; ")
    }

    mutating func take(_ turn: Turn) {
        turns += 1
        usage += turn.usage
        performer = turn.performer
        isRecorded = isRecorded || turn.recorded
        messages.append(.performer(text: turn.text, calls: turn.calls))
    }
}

extension JSONValue {
    /// How deep arrays and objects are nested; 0 for a value that is neither.
    fileprivate var nesting: Int {
        switch self {
        case .array(let array): 1 + (array.map(\.nesting).max() ?? 0)
        case .object(let object): 1 + (object.map(\.value.nesting).max() ?? 0)
        default: 0
        }
    }
}

extension Usage {
    /// What is counted of a usage: a performer that reports less than nothing earns no credit.
    var counted: Usage {
        Usage(
            inputTokens: max(0, inputTokens),
            cachedTokens: max(0, cachedTokens),
            outputTokens: max(0, outputTokens),
            reasoningTokens: max(0, reasoningTokens),
            money: max(.zero, money),
            calls: max(0, calls),
            estimated: estimated
        )
    }
}

/// Measures time on a clock that is given.
struct Stopwatch: Sendable {
    private let elapsed: @Sendable () -> Duration

    init(_ clock: any Clock<Duration>) { elapsed = Self.start(clock) }

    private static func start<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    var seconds: Double {
        let (seconds, attoseconds) = elapsed().components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
