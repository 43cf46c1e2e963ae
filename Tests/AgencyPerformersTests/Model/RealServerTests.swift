// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyPerformers
import AgencySchema
import Foundation
import Testing

/// Real servers that others wrote; skipped unless their addresses are in the environment.
///
/// | variable | meaning |
/// | --- | --- |
/// | `AGENCY_TEST_OPENAI_URL` | where chat completions are spoken, such as `http://127.0.0.1:8466/v1` |
/// | `AGENCY_TEST_ANTHROPIC_URL` | where messages are spoken |
/// | `AGENCY_TEST_MODEL` | the model, `tiny` unless given |
/// | `AGENCY_TEST_KEY` | the key, if one is needed |
/// | `AGENCY_TEST_FREE` | set when the server answers whatever it likes, so that no shape is expected |
@Suite(.serialized, .timeLimit(.minutes(2)))
struct RealServerTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// Without bounds on fractions, which llama.cpp does not enforce.
    private static let shape = JSONSchema.object([
        "verdict": .oneOf(["sound", "unsound"]), "count": .integer(in: 0...99), "sure": .boolean(),
    ])

    private func ask(_ provider: Profile.Provider, _ request: TurnRequest, tokens: Int = 400) async throws -> Turn {
        let name = provider == .openai ? "AGENCY_TEST_OPENAI_URL" : "AGENCY_TEST_ANTHROPIC_URL"
        let profile = Profile(
            name: "real",
            provider: provider,
            model: Self.environment["AGENCY_TEST_MODEL"] ?? "tiny",
            url: Self.environment[name],
            keyVariable: Self.environment["AGENCY_TEST_KEY"] == nil ? nil : "AGENCY_TEST_KEY",
            outputTokens: tokens
        )
        return try await withHTTPTransport(environment: Self.environment) { transport in
            let cast = Casting(
                profiles: [profile],
                environment: Self.environment,
                transport: transport,
                terminal: nil,
                policy: RetryPolicy(attempts: 1)
            )
            return try await cast.performer(for: profile).respond(to: request)
        }
    }

    @Test(.enabled(if: environment["AGENCY_TEST_OPENAI_URL"] != nil))
    func `chat completions keep to the schema`() async throws {
        for _ in 0..<5 {
            let turn = try await ask(.openai, makeRequest(output: Self.shape))
            #expect(turn.usage.calls == 1)
            #expect(!turn.usage.estimated)
            #expect(turn.usage.inputTokens > 0 && turn.usage.outputTokens > 0)
            #expect(!turn.performer.isEmpty)
            guard Self.environment["AGENCY_TEST_FREE"] == nil else { continue }
            #expect(Self.shape.validate(try JSONValue(parsing: turn.text)) == [])
        }
    }

    @Test(.enabled(if: environment["AGENCY_TEST_OPENAI_URL"] != nil && environment["AGENCY_TEST_FREE"] == nil))
    func `an answer cut off by its limit is cut off`() async throws {
        let error = await performerError { try await ask(.openai, makeRequest(), tokens: 3) }
        #expect(error?.code == .cutOff)
    }

    @Test(.enabled(if: environment["AGENCY_TEST_OPENAI_URL"] != nil && environment["AGENCY_TEST_FREE"] == nil))
    func `a request beyond the context is told as such`() async throws {
        let long = makeRequest([.user([.text(String(repeating: "x y ", count: 20_000))])])
        let error = await performerError { try await ask(.openai, long) }
        #expect(error?.code == .contextOverflow)
    }

    @Test(.enabled(if: environment["AGENCY_TEST_ANTHROPIC_URL"] != nil))
    func `messages are an answer or a known outcome`() async throws {
        for _ in 0..<5 {
            do {
                let turn = try await ask(.anthropic, makeRequest())
                #expect(!turn.text.isEmpty)
                #expect(!turn.usage.estimated)
                #expect(!turn.performer.isEmpty)
            } catch let error as PerformerError {
                // A model that says what it likes may also not know when to stop.
                #expect(error.code == .cutOff)
            }
        }
    }

    @Test(.enabled(if: environment["AGENCY_TEST_ANTHROPIC_URL"] != nil && environment["AGENCY_TEST_FREE"] == nil))
    func `messages beyond the context are told as such`() async throws {
        let long = makeRequest([.user([.text(String(repeating: "x y ", count: 20_000))])])
        let error = await performerError { try await ask(.anthropic, long) }
        #expect(error?.code == .contextOverflow)
    }
}
#endif
