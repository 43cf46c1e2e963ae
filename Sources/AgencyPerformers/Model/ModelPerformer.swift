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
            } catch var error as PerformerError {
                wasted += error.usage
                error.usage = wasted
                history.spent += pauses.elapsed() - begun
                let pause = policy.pause(
                    after: error,
                    &history,
                    allowance: .seconds(max(0, request.seconds)),
                    random: random()
                )
                guard let pause else { throw error }
                try await pauses.wait(pause)
                history.spent += pause
            }
        }
    }

    func near<Result>(_ work: () async throws -> Result) async throws -> Result { try await transport.near(work) }

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
        let answer = try await near {
            try await limits.enforce(on: deadlines) { pulse in
                try await exchange(message, for: request, pulse: pulse)
            }
        }
        return try answer.turn(for: request, profile: profile, names: names)
    }

    private func exchange(
        _ message: HTTPRequest,
        for request: TurnRequest,
        pulse: @Sendable () -> Void
    ) async throws -> AssembledAnswer {
        let response: HTTPResponse
        do {
            response = try await transport.send(message)
        } catch let error as PerformerError {
            throw error
        } catch {
            try Task.checkCancellation()
            let fault = ErrorReading(key: key).safe(String(describing: error))
            throw PerformerError(.unreachable, "no answer from \(about): \(fault)", retry: .later(nil))
        }
        pulse()
        guard (200..<300).contains(response.status) else {
            var error = dialect.error(
                status: response.status,
                headers: response.headers,
                body: try await beginning(of: response.body, pulse: pulse)
            )
            if (300..<400).contains(response.status) {
                error.message = "\(about) sends us elsewhere (status \(response.status)); redirects are not followed"
            }
            error.usage = Usage(calls: 1)
            throw error
        }
        return try await read(response, for: request, pulse: pulse)
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
