// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

/// One performance of an episode: turns are taken until there is a valid output or none can be had.
struct Performance: Sendable {
    let run: RunID
    var order: EpisodeOrder
    @Boxed var role: Role
    let prompt: Prompt
    let tools: [ToolManifest]
    let options: [Proposal]
    let performer: any Performer
    @Boxed var profile: Profile
    let purse: Purse
    let world: (any World)?
    let clock: any Clock<Duration>
    /// Who verifies the answers, when the role is voted on by a verifier.
    var verification: Boxed<Verification>?
    /// What the prompt is on record as; `nil` for a verifier's, which is kept in its transcript.
    var promptOnRecord: ArtefactReference?

    /// What a performance came to.
    struct Ending: Sendable {
        var result: Result
        /// The whole conversation; its bytes are made when it is recorded, since many may wait for that.
        var transcript: JSONValue
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

        /// The conversation as it is kept.
        var transcriptArtefact: Artefact { Artefact(transcript.canonicalBytes) }
    }

    /// The deepest nesting of an output: an event has to nest it some levels deeper and still be readable.
    static let deepestOutput = JSONValue.maximumDepth - 32

    // What is inlined into a suspended function lies in its frame, as in a worker's.

    /// What the episode may consume: what the worst case of a run was computed from.
    @inline(never)
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
        var play = Play(messages: prompt.messages, onRecordAs: promptOnRecord)
        let stopwatch = Stopwatch(clock)
        let result = try await converse(&play, stopwatch)
        return ending(play, result, stopwatch)
    }

    private func converse(_ play: inout Play, _ stopwatch: Stopwatch) async throws -> Ending.Result {
        while play.turns < mostCalls {
            try Task.checkCancellation()
            if let result = try await exchange(&play, stopwatch) { return result }
        }
        return .failed(code: "out-of-calls", message: "no output after \(mostCalls) turns")
    }

    /// Asks for one turn and takes it; returns how the episode ends, if it ends with it.
    private func exchange(_ play: inout Play, _ stopwatch: Stopwatch) async throws -> Ending.Result? {
        let left = mostSeconds - stopwatch.seconds
        guard left > 0 else {
            return .failed(code: "out-of-time", message: "no output within \(mostSeconds.shortText) seconds")
        }
        let request = request(play, seconds: left)
        let worst = worstCase(of: request)
        if let shortage = shortage(play, worst) { return shortage }
        let before = stopwatch.seconds
        let turn: Turn
        do {
            turn = try await respond(to: request)
        } catch {
            return try fail(with: error, &play, worst, seconds: stopwatch.seconds - before)
        }
        purse.settle(worst, actual: turn.usage.counted, seconds: stopwatch.seconds - before)
        return await take(turn, into: &play)
    }

    /// Settles what a turn has cost that did not come, and says how the episode ends with it.
    ///
    /// - Throws: the error, where nothing is wrong with the episode.
    @inline(never)
    private func fail(
        with error: any Error,
        _ play: inout Play,
        _ worst: Usage,
        seconds: Double
    ) throws -> Ending.Result {
        guard let fault = error as? PerformerError else {
            purse.settle(worst, actual: Usage(), seconds: seconds)
            throw error
        }
        purse.settle(worst, actual: fault.usage.counted, seconds: seconds)
        play.usage += fault.usage.counted
        guard fault.failsEpisode else { throw fault }
        return .failed(code: fault.code.description, message: fault.message)
    }

    /// How much longer than it may take an answer is waited for: a performer that keeps to the limit says so itself.
    static let grace = 5.0

    /// Asks the performer, and stops it when it does not keep to its time: a run must not wait for one answer for ever.
    ///
    /// A person may take longer.
    private func respond(to request: TurnRequest) async throws -> Turn {
        isWatched ? try await watched(request) : try await performer.respond(to: request)
    }

    @inline(never)
    private func watched(_ request: TurnRequest) async throws -> Turn {
        try await withThrowingTaskGroup(of: Turn?.self) { group in
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

    @inline(never)
    private var isWatched: Bool { performer.needsWatch && profile.provider != .person }

    /// Takes a turn into the conversation; returns how the episode ends, if it ends with it.
    private func take(_ turn: Turn, into play: inout Play) async -> Ending.Result? {
        let isLast = play.turns + 1 == mostCalls
        play.take(turn)
        guard !turn.calls.isEmpty else { return judge(turn, &play) }
        for call in turn.calls { play.take(await answer(call)) }
        if !isLast, play.turns + 1 >= mostCalls {
            play.messages.append(.user([.text("Your next turn is the last: write the output now.")]))
        }
        return nil
    }

    /// Says what becomes of an episode by words that are meant as its output; `nil` when they are to be written again.
    @inline(never)
    private func judge(_ turn: Turn, _ play: inout Play) -> Ending.Result? {
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

    @inline(never)
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

    @inline(never)
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

    @inline(never)
    private func worstCase(of request: TurnRequest) -> Usage { Self.worstCase(of: request, by: profile) }

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

    @inline(never)
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

    @inline(never)
    private func ending(_ play: Play, _ result: Ending.Result, _ stopwatch: Stopwatch) -> Ending {
        Ending(
            result: result,
            transcript: play.transcript,
            usage: play.usage,
            performer: play.performer ?? performer.about,
            isRecorded: play.isRecorded,
            milliseconds: Int(stopwatch.seconds * 1000),
            hidden: play.hidden
        )
    }
}

extension JSONValue {
    /// How deep arrays and objects are nested; 0 for a value that is neither.
    fileprivate var nesting: Int {
        switch self {
        case .array(let array): 1 + array.reduce(0) { max($0, $1.nesting) }
        case .object(let object): 1 + object.reduce(0) { max($0, $1.value.nesting) }
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
