// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Plays roles with a model behind an HTTP endpoint.
///
/// It holds the request to its endpoint's limits and deadlines, sends it again when that can help, and returns a complete
/// and checked answer or throws.
struct ModelPerformer<Dialect: WireDialect>: Performer {
    let dialect: Dialect
    let profile: Profile
    let key: String?
    let about: String
    let transport: any HTTPTransport
    let limiter: Limiter
    let policy: RetryPolicy
    /// Measures and waits out pauses.
    let pauses: Stopwatch
    /// Measures deadlines.
    let deadlines: Stopwatch
    let random: @Sendable () -> Double

    /// ``Deadlines`` and the retry policy keep to the time.
    var needsWatch: Bool { false }

    func respond(to request: TurnRequest) async throws -> Turn {
        let names = try ToolWireNames(request.tools)
        var history = RetryPolicy.History()
        var wasted = Usage()
        while true {
            var begun = pauses.elapsed()
            do {
                let left = Duration.seconds(max(0, request.seconds)) - history.spent
                var turn = try await limiter.withPermit(for: request.run) {
                    // Time in the queue is our own doing and is not held against the answer.
                    begun = pauses.elapsed()
                    // It is written when its turn has come: thousands may wait for theirs, and each is as long as its prompt.
                    let message = try dialect.request(for: request)
                    return try await attempt(message, for: request, names: names, within: left)
                }
                turn.usage += wasted
                return turn
            } catch {
                let pause = try pause(after: error, request, &history, &wasted, took: pauses.elapsed() - begun)
                try await pauses.wait(pause)
                history.spent += pause
            }
        }
    }

    /// How long to wait before it is tried again.
    ///
    /// - Throws: the error, with all that was wasted, where it is not to be.
    @inline(never)
    private func pause(
        after error: any Error,
        _ request: TurnRequest,
        _ history: inout RetryPolicy.History,
        _ wasted: inout Usage,
        took: Duration
    ) throws -> Duration {
        guard var error = error as? PerformerError else { throw error }
        wasted += error.usage
        error.usage = wasted
        history.spent += took
        let allowance = Duration.seconds(max(0, request.seconds))
        guard let pause = policy.pause(after: error, &history, allowance: allowance, random: random()) else {
            throw error
        }
        return pause
    }

    func near<Result>(_ work: () async throws -> Result) async throws -> Result { try await transport.near(work) }

    func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result {
        try await limiter.inTurn(for: run, work)
    }

    private func attempt(
        _ message: HTTPRequest,
        for request: TurnRequest,
        names: ToolWireNames,
        within left: Duration
    ) async throws -> Turn {
        let overall = max(.milliseconds(1), min(.seconds(profile.overallSeconds), left))
        // Nothing is heard of an answer that comes whole while it is written.
        let idle = profile.delivery == .stream ? .seconds(max(0.001, profile.idleSeconds)) : overall
        let limits = Deadlines(idle: idle, overall: overall)
        // In a box, because each call that it passes through waits with room for it.
        let answer = try await near {
            try await limits.enforce(on: deadlines) { pulse in
                Boxed(wrappedValue: try await exchange(message, for: request, pulse: pulse))
            }
        }
        return try answer.wrappedValue.turn(for: request, profile: profile, names: names)
    }

    private func exchange(
        _ message: HTTPRequest,
        for request: TurnRequest,
        pulse: @Sendable () -> Void
    ) async throws -> AssembledAnswer {
        let response: HTTPResponse
        do {
            response = try await transport.send(message)
        } catch {
            throw try unreachable(error)
        }
        pulse()
        guard (200..<300).contains(response.status) else {
            throw self.error(response, body: try await beginning(of: response.body, pulse: pulse))
        }
        return try await read(response, for: request, pulse: pulse)
    }

    /// What is said of a request that came to no answer.
    ///
    /// - Throws: `CancellationError` when it was cancelled.
    @inline(never)
    private func unreachable(_ error: any Error) throws -> any Error {
        if error is PerformerError { return error }
        try Task.checkCancellation()
        let fault = ErrorReading(key: key).safe(String(describing: error))
        return PerformerError(.unreachable, "no answer from \(about): \(fault)", retry: .later(nil))
    }

    /// What is said of an answer that is none.
    @inline(never)
    private func error(_ response: HTTPResponse, body: [UInt8]) -> PerformerError {
        var error = dialect.error(status: response.status, headers: response.headers, body: body)
        if (300..<400).contains(response.status) {
            error.message = "\(about) sends us elsewhere (status \(response.status)); redirects are not followed"
        }
        error.usage = Usage(calls: 1)
        return error
    }

    private func read(
        _ response: HTTPResponse,
        for request: TurnRequest,
        pulse: @Sendable () -> Void
    ) async throws -> AssembledAnswer {
        var reader = try AnswerReader(translator: dialect.makeTranslator(), headers: response.headers)
        do {
            do {
                for try await chunk in response.body {
                    pulse()
                    try reader.feed(chunk)
                }
            } catch let error as PerformerError {
                throw error
            } catch {
                // With the sign of the end there, a connection that breaks or lingers takes nothing away.
                if reader.isComplete { return reader.translator.answer }
                throw reader.cutOff("the connection broke (\(ErrorReading(key: key).safe(String(describing: error))))")
            }
            try reader.end()
            return reader.translator.answer
        } catch var error as PerformerError {
            error.usage = reader.translator.answer.consumption(for: request, profile: profile)
            throw error
        }
    }

    /// The beginning of the body of an error, where its message is; a connection that breaks here changes nothing.
    private func beginning(
        of body: any AsyncSequence<[UInt8], any Error> & Sendable,
        pulse: @Sendable () -> Void
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body {
                pulse()
                bytes += chunk
                if bytes.count > 1 << 16 { break }
            }
        } catch {
            try Task.checkCancellation()
        }
        return bytes
    }
}
