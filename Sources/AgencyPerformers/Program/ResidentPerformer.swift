// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema
import Dispatch
import Synchronization

/// Plays roles with a program that stays, for work of very many small episodes.
///
/// The program is started when it is first needed, and again after a failure; as many of it run as turns are asked for at
/// once, up to the profile's concurrency. A request is one line of JSON on its standard input, as ``ProgramPerformer``
/// writes it; the answer is one line on its standard output, as told at ``ProgramAnswer``. It ends when its standard input
/// does. One that answers too late, too long or with more than a line is killed and not asked again.
public struct ResidentPerformer: Performer {
    private let profile: Profile
    private let variables: [String: String]
    private let limiter: Limiter
    private let idle = Idle()

    init(profile: Profile, environment: [String: String], limiter: Limiter) throws(PerformerError) {
        try ProgramPerformer.check(profile)
        self.profile = profile
        self.limiter = limiter
        variables = ProgramPerformer.variables(of: environment)
    }

    /// The program.
    public var about: String { "the program \(profile.command.first ?? "")".boundedLine(200) }

    /// It is ended when its time is over, which begins when it is its turn.
    public var needsWatch: Bool { false }

    /// Runs some work when there is a place for a program.
    public func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result {
        try await limiter.inTurn(for: run, work)
    }

    /// Asks one of the programs.
    ///
    /// - Throws: ``PerformerError`` with `.programFailed` when it cannot be started or ends without an answer, `.timeout`
    ///   when it takes too long, `.tooLarge` when it writes too much, and what ``ProgramAnswer`` finds wrong with what it
    ///   wrote.
    public func respond(to request: TurnRequest) async throws -> Turn {
        let question = ProgramPerformer.input(for: request).compactBytes
        let seconds = max(0.001, min(profile.overallSeconds, request.seconds))
        let answer = try await limiter.withPermit(for: request.run) {
            let program = try idle.take() ?? ResidentProgram(profile.command, environment: variables)
            let answer = try await Self.ask(program, question, seconds: seconds)
            idle.put(program)
            return answer
        }
        return try ProgramAnswer(answer, turn: request.turn).turn(
            for: request,
            performer: profile.command.first?.split(separator: "/").last.map(String.init) ?? ""
        )
    }

    private static func ask(_ program: ResidentProgram, _ question: [UInt8], seconds: Double) async throws -> [UInt8] {
        try await withTaskCancellationHandler {
            do {
                return try await withCheckedThrowingContinuation { continuation in
                    DispatchQueue.global().async {
                        continuation.resume(
                            with: Result {
                                try program.ask(question, seconds: seconds, limit: ProgramPerformer.maximumOutput)
                            }
                        )
                    }
                }
            } catch {
                program.stop()
                try Task.checkCancellation()
                throw error
            }
        } onCancel: {
            program.stop()
        }
    }

    /// The programs that nobody is asking.
    private final class Idle: Sendable {
        private let programs = Mutex<[ResidentProgram]>([])

        func take() -> ResidentProgram? { programs.withLock { $0.popLast() } }

        func put(_ program: ResidentProgram) { programs.withLock { $0.append(program) } }
    }
}
