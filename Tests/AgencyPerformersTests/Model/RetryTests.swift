// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import Testing

struct RetryTests {
    typealias Reply = ScriptedTransport.Reply
    private let good = Reply.stream(Streams.anthropic(text: "x"))

    private func policy(
        _ error: PerformerError,
        times: Int,
        allowance: Duration = .seconds(600),
        random: Double = 1
    ) -> [Duration?] {
        var history = RetryPolicy.History()
        return (0..<times).map { _ in
            let pause = RetryPolicy().pause(after: error, &history, allowance: allowance, random: random)
            history.spent += pause ?? .zero
            return pause
        }
    }

    @Test func `trouble is met with pauses that double, three times`() {
        let error = PerformerError(.overloaded, "m", retry: .later(nil))
        #expect(policy(error, times: 4) == [.seconds(1), .seconds(2), .seconds(4), nil])
        #expect(policy(error, times: 2, random: 0.25) == [.seconds(0.25), .seconds(0.5)])
    }

    @Test func `a timeout is tried once more`() {
        #expect(policy(PerformerError(.timeout, "m", retry: .later(nil)), times: 2) == [.seconds(1), nil])
    }

    @Test func `a wait that was asked for uses up no try but the allowance`() {
        let error = PerformerError(.rateLimited, "m", retry: .later(.seconds(50)))
        #expect(policy(error, times: 6, allowance: .seconds(260)) == Array(repeating: .seconds(50), count: 5) + [nil])
        let absurd = PerformerError(.rateLimited, "m", retry: .later(.seconds(99_999)))
        #expect(policy(absurd, times: 1) == [.seconds(60)])
    }

    @Test func `a wait of nothing asked for again and again comes to an end`() {
        let pauses = policy(
            PerformerError(.rateLimited, "m", retry: .later(.zero)),
            times: 200,
            allowance: .seconds(10)
        )
        #expect(pauses.contains(nil))
        #expect(pauses.compactMap(\.self).allSatisfy { $0 > .zero })
    }

    @Test(arguments: [PerformerError.Code.unauthorized, .badRequest, .refusal, .protocolViolation, .cutOff, .empty])
    func `what cannot be helped is not tried again`(_ code: PerformerError.Code) {
        #expect(policy(PerformerError(code, "m"), times: 1) == [nil])
    }

    @Test func `a limit is waited out as told and nothing is lost`() async throws {
        let limited = Reply.json(#"{"error":"slow down"}"#, status: 429, headers: [HTTPHeader("retry-after", "7")])
        let transport = ScriptedTransport([limited, limited, limited, limited, limited, good])
        let clock = InstantClock()
        let turn = try await ask(.anthropic, transport, clock: clock)
        #expect(turn.text == "x")
        #expect(clock.waits == Array(repeating: .seconds(7), count: 5))
        #expect(turn.usage.calls == 6)
    }

    @Test func `every try is the same request`() async throws {
        let transport = ScriptedTransport([.json("{}", status: 503), .json("{}", status: 500), .refused, good])
        _ = try await ask(.anthropic, transport)
        #expect(transport.requests.count == 4)
        #expect(Set(transport.requests).count == 1)
    }

    @Test func `after the last try the error says to come back later`() async {
        let transport = ScriptedTransport(Array(repeating: .json(#"{"error":"m"}"#, status: 529), count: 9))
        let error = await performerError { try await ask(.openai, transport) }
        #expect(error?.code == .overloaded)
        #expect(error?.retry == .later(nil))
        #expect(error?.failsEpisode == false)
        #expect(transport.requests.count == 4)
    }

    @Test func `a refused connection costs nothing and tells no key`() async {
        let transport = ScriptedTransport(Array(repeating: .refused, count: 9))
        let error = await performerError { try await ask(.openai, transport) }
        #expect(error?.code == .unreachable)
        #expect(error?.usage == Usage())
        #expect(error?.message.contains("sk-secret") == false)
        #expect(error?.message.contains("[key]") == true)
    }

    @Test(arguments: [401, 403, 400, 404, 413, 422])
    func `a refused request is sent once`(_ status: Int) async {
        let transport = ScriptedTransport(Array(repeating: .json("{}", status: status), count: 9))
        let error = await performerError { try await ask(.openai, transport) }
        #expect(error?.retry == .never)
        #expect(transport.requests.count == 1)
    }

    @Test func `a stream that breaks is asked for again, and both are paid for`() async throws {
        let whole = Streams.anthropic(text: "a long answer")
        let half = String(whole.prefix(whole.count / 2))
        let transport = ScriptedTransport([.stream(half, .breaks), .stream(half), .stream(whole)])
        let turn = try await ask(.anthropic, transport)
        #expect(turn.text == "a long answer")
        #expect(turn.usage.calls == 3)
        #expect(turn.usage.estimated)
    }

    @Test func `a stream that breaks after its end is an answer`() async throws {
        let transport = ScriptedTransport([.stream(Streams.anthropic(text: "x"), .breaks)])
        #expect(try await ask(.anthropic, transport).text == "x")
    }

    @Test func `silence is cut and tried once more, with what had come as evidence`() async {
        let begun = String(Streams.openAI.prefix(700))
        let transport = ScriptedTransport([.stream(begun, .hangs), .stream(begun, .hangs), good])
        let error = await performerError {
            try await ask(.openai, transport, deadlineClock: InstantClock())
        }
        #expect(error?.code == .timeout)
        #expect(error?.message.hasPrefix("nothing was heard for 120 seconds") == true)
        #expect(transport.requests.count == 2)
    }

    @Test func `a stream that lingers after its end is an answer`() async throws {
        let transport = ScriptedTransport([.stream(Streams.anthropic(text: "x"), .hangs)])
        let profile = {
            var profile = makeProfile(.anthropic)
            profile.keyVariable = nil
            profile.idleSeconds = 0.2
            return profile
        }()
        let cast = Casting(profiles: [profile], environment: [:], transport: transport, terminal: nil)
        #expect(try await cast.performer(for: profile).respond(to: makeRequest()).text == "x")
    }

    @Test func `cancelling ends a wait at once`() async {
        let transport = ScriptedTransport([.stream("", .hangs)])
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    _ = try await ask(.openai, transport)
                    return false
                } catch { return error is CancellationError }
            }
            while transport.requests.isEmpty { await Task.yield() }
            group.cancelAll()
            #expect(await group.next() == true)
        }
    }
}
