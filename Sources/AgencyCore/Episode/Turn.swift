// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// One entry of the conversation that an episode consists of.
public enum Message: Hashable, Sendable {
    /// Instructions that stand above everything else.
    case system(String)
    /// What the performer is given.
    case user([Part])
    /// What the performer answered.
    case performer(text: String, calls: [ToolCall])
    /// What a tool showed, in answer to the call of that name.
    case tool(call: String, output: String, isError: Bool)

    /// A piece of what a performer is given.
    public enum Part: Hashable, Sendable {
        /// Text.
        case text(String)
        /// An image: its bytes in base64 and its media type, such as `image/png`.
        case image(base64: String, mediaType: String)
    }
}

/// A performer's wish to call a tool.
public struct ToolCall: Hashable, Sendable, Codable {
    /// The call's own name, unique in the episode.
    public var id: String
    /// The tool.
    public var tool: ToolName
    /// Its arguments.
    public var arguments: JSONValue

    /// Makes a call.
    public init(id: String, tool: ToolName, arguments: JSONValue) {
        self.id = id
        self.tool = tool
        self.arguments = arguments
    }
}

/// What a performer is asked for, once.
public struct TurnRequest: Hashable, Sendable {
    /// The run, for correlation only; performers must not let the answer depend on it.
    public var run: RunID
    /// The episode.
    public var episode: EpisodeID
    /// The role that is played.
    public var role: RoleName
    /// Which turn of the episode this is, counted from 0.
    public var turn: Int
    /// The conversation so far.
    public var messages: [Message]
    /// The tools that may be called.
    public var tools: [ToolManifest]
    /// The shape that the final answer must have.
    public var output: JSONSchema
    /// The most tokens that the answer may have.
    public var outputTokens: Int
    /// The most seconds that the answer may take.
    public var seconds: Double

    /// Makes a request.
    public init(
        run: RunID,
        episode: EpisodeID,
        role: RoleName,
        turn: Int = 0,
        messages: [Message],
        tools: [ToolManifest] = [],
        output: JSONSchema,
        outputTokens: Int,
        seconds: Double
    ) {
        self.run = run
        self.episode = episode
        self.role = role
        self.turn = turn
        self.messages = messages
        self.tools = tools
        self.output = output
        self.outputTokens = outputTokens
        self.seconds = seconds
    }

    /// The digest of everything that the answer may depend on: messages, tools and shape, not the run or the limits.
    public var digest: Digest {
        let json: JSONValue = [
            "messages": .array(messages.map(\.json)),
            "tools": .array(tools.map { ["name": .string($0.name.rawValue), "parameters": $0.parameters.json] }),
            "output": output.json,
        ]
        return Digest(of: json)
    }
}

/// What a performer answered, once.
public struct Turn: Hashable, Sendable, Codable {
    /// The text, which is the final answer when no tool is called.
    public var text: String
    /// The tools that it wants called before it goes on.
    public var calls: [ToolCall]
    /// What the answer consumed.
    public var usage: Usage
    /// The model, program or person as they name themselves.
    public var performer: String
    /// Whether these are words recorded earlier.
    public var recorded: Bool

    /// Makes an answer.
    public init(
        text: String,
        calls: [ToolCall] = [],
        usage: Usage = Usage(calls: 1),
        performer: String,
        recorded: Bool = false
    ) {
        self.text = text
        self.calls = calls
        self.usage = usage
        self.performer = performer
        self.recorded = recorded
    }
}

/// Plays roles, one turn at a time.
///
/// An implementation returns only a complete answer. A refusal, an empty or cut-off answer, and any failure of the wire
/// are thrown as ``PerformerError``; the runtime decides whether the episode fails or the run waits.
public protocol Performer: Sendable {
    /// Who performs, for people to read: `openai/gpt-… at api.example.org`.
    var about: String { get }

    /// Whether somebody has to see to it that it answers within the seconds of a request.
    ///
    /// One that says no throws `.timeout` by itself when they are over; its time in a queue is not counted then.
    var needsWatch: Bool { get }

    /// Answers one request.
    ///
    /// - Throws: ``PerformerError``; `CancellationError` when the task was cancelled.
    func respond(to request: TurnRequest) async throws -> Turn

    /// Runs some work with many requests where those and their answers change threads the least.
    ///
    /// - Returns: What the work returns.
    /// - Throws: what the work throws.
    func near<Result>(_ work: () async throws -> Result) async throws -> Result

    /// Runs some work when a request of a run may be sent, so that nothing is made of it before; its first request need not
    /// wait any more.
    ///
    /// - Parameters:
    ///   - run: The run whose share of the performer it is.
    ///   - work: The work, which may ask more than once, or not at all.
    /// - Returns: What the work returns.
    /// - Throws: ``PerformerError`` with `.overloaded` when too many wait; `CancellationError` when the task was cancelled
    ///   while it waited; what the work throws.
    func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result
}

extension Performer {
    /// It has to be watched.
    public var needsWatch: Bool { true }

    /// Runs some work where the caller is.
    public func near<Result>(_ work: () async throws -> Result) async throws -> Result { try await work() }

    /// Runs some work at once.
    public func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result {
        try await work()
    }
}

/// Why a performer gave no answer.
public struct PerformerError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public var code: Code
    /// What went wrong, in a line for people; bounded, and never with a key in it.
    public var message: String
    /// Whether asking again can help.
    public var retry: Retry
    /// What was consumed all the same.
    public var usage: Usage

    /// Makes an error.
    public init(_ code: Code, _ message: String, retry: Retry = .never, usage: Usage = Usage()) {
        self.code = code
        self.message = message
        self.retry = retry
        self.usage = usage
    }

    /// What went wrong and the message.
    public var description: String { "\(code): \(message)" }

    /// What can go wrong; an open set.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable word for it.
        public let description: String
        private init(_ word: String) { description = word }

        /// The performer declined; shown to the person who chooses.
        public static let refusal = Code("refusal")
        /// Nothing but white space came.
        public static let empty = Code("empty")
        /// The answer was cut off by a length limit.
        public static let cutOff = Code("cut-off")
        /// The connection ended before the answer did.
        public static let incomplete = Code("incomplete")
        /// The other side did not keep to its protocol.
        public static let protocolViolation = Code("protocol-violation")
        /// The request was refused as wrong: 400, 404, 413, 422.
        public static let badRequest = Code("bad-request")
        /// The key is missing or not accepted: 401, 403.
        public static let unauthorized = Code("unauthorized")
        /// Too many requests: 429.
        public static let rateLimited = Code("rate-limited")
        /// The other side has trouble: 500, 502, 503, 504, 529.
        public static let overloaded = Code("overloaded")
        /// It cannot be reached.
        public static let unreachable = Code("unreachable")
        /// It took too long.
        public static let timeout = Code("timeout")
        /// It sent more than is accepted.
        public static let tooLarge = Code("too-large")
        /// The request does not fit into the model's context.
        public static let contextOverflow = Code("context-overflow")
        /// There is no recording of this.
        public static let notRecorded = Code("not-recorded")
        /// The prompt is not the one that was recorded.
        public static let promptChanged = Code("prompt-changed")
        /// A program performer failed.
        public static let programFailed = Code("program-failed")
        /// The profile cannot be used as it is written.
        public static let badProfile = Code("bad-profile")
    }

    /// Whether asking again can help.
    public enum Retry: Hashable, Sendable {
        /// The same request fails again; the episode has failed or the set-up must change.
        case never
        /// A later try of the same request may succeed, after so long if known; the run waits, nothing has failed.
        case later(Duration?)
    }

    /// Whether the fault lies in this one answer, so that the episode has failed and the run goes on without it.
    public var failsEpisode: Bool {
        [.refusal, .empty, .cutOff, .protocolViolation, .badRequest, .tooLarge, .contextOverflow, .programFailed]
            .contains(code)
    }
}
