// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema
import Subprocess

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Plays roles with a program that reads the request as JSON and writes its answer as JSON.
///
/// The program is started anew for each turn, without a shell, in a session of its own, with nothing of the environment
/// but `PATH`, `HOME`, `LANG` and `TMPDIR`. When its time is up, when it writes too much or when the task is cancelled, it
/// is killed with everything that it has started.
///
/// Standard input holds `episode`, `role`, `turn`, `messages`, `tools`, `output_schema` and `output_tokens`; what may come
/// back is told at ``ProgramAnswer``.
public struct ProgramPerformer: Performer {
    /// The most bytes that a program may write.
    public static let maximumOutput = 10 << 20

    private let profile: Profile
    private let variables: [Environment.Key: String]
    private let limiter: Limiter
    private let deadlines: Stopwatch

    /// Makes a performer for a profile with a command.
    ///
    /// - Throws: ``PerformerError`` with `.badProfile` when the profile names no command.
    public init(profile: Profile, environment: [String: String]) throws(PerformerError) {
        try self.init(
            profile: profile,
            environment: environment,
            limiter: Limiter(concurrency: profile.concurrency, requestsPerMinute: profile.requestsPerMinute),
            deadlines: Stopwatch(ContinuousClock())
        )
    }

    init(
        profile: Profile,
        environment: [String: String],
        limiter: Limiter,
        deadlines: Stopwatch
    ) throws(PerformerError) {
        try Self.check(profile)
        self.profile = profile
        self.limiter = limiter
        self.deadlines = deadlines
        variables = Dictionary(
            uniqueKeysWithValues: Self.variables(of: environment).map { (Environment.Key(stringLiteral: $0), $1) }
        )
    }

    /// The part of the environment that a program gets.
    static func variables(of environment: [String: String]) -> [String: String] {
        environment.filter { ["PATH", "HOME", "LANG", "TMPDIR"].contains($0.key) }
    }

    /// - Throws: ``PerformerError`` with `.badProfile` when the profile names no command that could be started.
    static func check(_ profile: Profile) throws(PerformerError) {
        _ = ignoresBrokenPipes
        guard let program = profile.command.first, !program.isEmpty else {
            throw PerformerError(.badProfile, "the profile “\(profile.name)” names no command")
        }
        guard profile.command.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw PerformerError(.badProfile, "the command of the profile “\(profile.name)” holds a NUL")
        }
    }

    /// The program.
    public var about: String { "the program \(profile.command.first ?? "")".boundedLine(200) }

    /// It is ended when its time is over, which begins when it is its turn.
    public var needsWatch: Bool { false }

    /// Runs some work when there is a place for a program.
    public func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result {
        try await limiter.inTurn(for: run, work)
    }

    /// Runs the program once.
    ///
    /// - Throws: ``PerformerError`` with `.programFailed` when it cannot be started or ends with another status than 0,
    ///   `.timeout` when it takes too long, `.tooLarge` when it writes too much, and what ``ProgramAnswer`` finds wrong with
    ///   what it wrote.
    public func respond(to request: TurnRequest) async throws -> Turn {
        let input = Self.input(for: request).compactBytes
        let limit = Duration.seconds(max(0.001, min(profile.overallSeconds, request.seconds)))
        let output = try await limiter.withPermit(for: request.run) {
            // A program may think in silence as long as it likes within its time.
            try await Deadlines(idle: limit, overall: limit).enforce(on: deadlines) { _ in try await run(input) }
        }
        return try ProgramAnswer(output, turn: request.turn).turn(
            for: request,
            performer: profile.command.first?.split(separator: "/").last.map(String.init) ?? ""
        )
    }

    private func run(_ input: [UInt8]) async throws -> [UInt8] {
        var options = PlatformOptions()
        // Without a session of its own, its group would be ours.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        let program = profile.command[0]
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(Self.path(program)) : .name(program),
                arguments: Arguments(Array(profile.command.dropFirst())),
                environment: .custom(variables),
                platformOptions: options,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                try await Self.converse(execution, input: input)
            }
            guard case .exited(0) = result.terminationStatus else {
                throw Self.failure("the program \(result.terminationStatus)", result.closureResult.errors)
            }
            return result.closureResult.output
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw PerformerError(.programFailed, "\(about): \(error.description.boundedLine(200))")
        }
    }

    private static func converse(
        _ execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>,
        input: [UInt8]
    ) async throws -> (output: [UInt8], errors: [UInt8]) {
        try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask {
                // A program need not read what it is told; then writing fails and nothing is wrong.
                _ = try? await execution.standardInputWriter.write(input)
                try? await execution.standardInputWriter.finish()
                return .written
            }
            group.addTask { .output(try await collect(execution.standardOutput)) }
            group.addTask { .errors(try await tail(of: execution.standardError)) }
            var output: [UInt8] = []
            var errors: [UInt8] = []
            for try await part in group {
                switch part {
                case .written: break
                case .output(let bytes): output = bytes
                case .errors(let bytes): errors = bytes
                }
            }
            return (output, errors)
        }
    }

    private static func collect(_ sequence: SubprocessOutputSequence) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in sequence {
            bytes.append(contentsOf: buffer.withUnsafeBytes { Array($0) })
            guard bytes.count <= maximumOutput else {
                throw PerformerError(.tooLarge, "the program wrote more than \(maximumOutput) bytes")
            }
        }
        return bytes
    }

    private static func tail(of sequence: SubprocessOutputSequence) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var count = 0
        for try await buffer in sequence {
            bytes.append(contentsOf: buffer.withUnsafeBytes { Array($0) })
            count += buffer.count
            if bytes.count > 8192 { bytes.removeFirst(bytes.count - 4096) }
            guard count <= maximumOutput else {
                throw PerformerError(.tooLarge, "the program wrote more than \(maximumOutput) bytes of complaints")
            }
        }
        return bytes
    }

    /// What went wrong, with the last lines of what the program complained of.
    static func failure(_ what: String, _ complaints: [UInt8]) -> PerformerError {
        let lines = String(decoding: complaints, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = String(lines.suffix(5).joined(separator: " / ").suffix(240)).boundedLine(300)
        return PerformerError(.programFailed, what + (words.isEmpty ? "" : ": \(words)"))
    }

    static func input(for request: TurnRequest) -> JSONValue {
        [
            "episode": .string(request.episode.rawValue),
            "role": .string(request.role.rawValue),
            "turn": .integer(Int64(request.turn)),
            "messages": .array(request.messages.map(\.json)),
            "tools": .array(
                request.tools.map {
                    ["name": .string($0.name.rawValue), "about": .string($0.about), "parameters": $0.parameters.json]
                }
            ),
            "output_schema": request.output.json,
            "output_tokens": .integer(Int64(request.outputTokens)),
        ]
    }

    /// A path of the type that Subprocess wants, whose module is no dependency of this one.
    private static func path<Path: ExpressibleByStringLiteral>(_ text: String) -> Path
    where Path.StringLiteralType == String { Path(stringLiteral: text) }

    private enum Part: Sendable {
        case written
        case output([UInt8])
        case errors([UInt8])
    }

    /// Writing to a program that has gone must be an error and not the end of this process, as for sockets.
    private static let ignoresBrokenPipes: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return true
    }()
}
