// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import Testing

struct CastTests {
    private func cast(_ environment: [String: String], transport: ScriptedTransport? = ScriptedTransport([])) -> Casting
    {
        Casting(profiles: [], environment: environment, transport: transport, terminal: nil)
    }

    @Test(arguments: [[:], ["TEST_KEY": ""], ["TEST_KEY": "sk-secret\r\nx-evil: 1"], ["TEST_KEY": "sk-sécret"]])
    func `a key that is missing or impossible is named by its variable only`(_ environment: [String: String]) {
        for provider in [Profile.Provider.openai, .anthropic] {
            let error = #expect(throws: PerformerError.self) {
                try cast(environment).performer(for: makeProfile(provider))
            }
            #expect(error?.code == .unauthorized)
            #expect(error?.message.contains("TEST_KEY") == true)
            #expect(error?.message.contains("cret") == false)
        }
    }

    @Test func `a profile that cannot perform here is refused`() {
        let environment = ["TEST_KEY": "k"]
        var nameless = makeProfile(.openai)
        nameless.model = ""
        for profile in [nameless, makeProfile(.person), makeProfile(.program)] {
            let error = #expect(throws: PerformerError.self) { try cast(environment).performer(for: profile) }
            #expect(error?.code == .badProfile)
        }
        let error = #expect(throws: PerformerError.self) {
            try cast(environment, transport: nil).performer(for: makeProfile(.openai))
        }
        #expect(error?.code == .badProfile)
    }

    @Test func `a performer says who it is without its key`() throws {
        let performer = try cast(["TEST_KEY": "sk-secret"]).performer(for: makeProfile(.openai))
        #expect(performer.about == "openai/test-model at http://127.0.0.1:9/v1")
    }

    @Test func `profiles at one endpoint share the tightest of their limits`() async throws {
        var first = makeProfile(.anthropic)
        first.requestsPerMinute = 1
        var second = makeProfile(.anthropic)
        second.name = "fast"
        var elsewhere = makeProfile(.anthropic)
        elsewhere.url = "http://127.0.0.1:10/v1"
        let clock = InstantClock()
        let reply = ScriptedTransport.Reply.stream(Streams.anthropic(text: "x"))
        let cast = Casting(
            profiles: [first, second, elsewhere],
            environment: ["TEST_KEY": "k"],
            transport: ScriptedTransport([reply, reply, reply]),
            terminal: nil,
            clock: clock
        )
        _ = try await cast.performer(for: first).respond(to: makeRequest())
        _ = try await cast.performer(for: elsewhere).respond(to: makeRequest())
        #expect(clock.waits.isEmpty)
        _ = try await cast.performer(for: second).respond(to: makeRequest())
        #expect(clock.waits == [.seconds(60)])
    }

    @Test func `casts that share limits share those of an endpoint, whatever their profiles are called`() async throws {
        let clock = InstantClock()
        let limits = EndpointLimits(clock: clock)
        let reply = ScriptedTransport.Reply.stream(Streams.anthropic(text: "x"))
        func cast(_ profile: Profile) -> Casting {
            Casting(
                profiles: [profile],
                environment: ["TEST_KEY": "k"],
                transport: ScriptedTransport([reply, reply]),
                terminal: nil,
                limits: limits,
                clock: clock
            )
        }
        var first = makeProfile(.anthropic)
        first.requestsPerMinute = 5
        var second = makeProfile(.anthropic)
        second.name = "of another file"
        second.requestsPerMinute = 1
        var elsewhere = makeProfile(.anthropic)
        elsewhere.url = "http://127.0.0.1:10/v1"
        let early = try cast(first).performer(for: first)
        _ = try await early.respond(to: makeRequest())
        _ = try await cast(elsewhere).performer(for: elsewhere).respond(to: makeRequest())
        #expect(clock.waits.isEmpty)
        // The tighter limit holds for both from when it is known, and what the other asked counts.
        let late = try cast(second).performer(for: second)
        _ = try await late.respond(to: makeRequest())
        #expect(clock.waits == [.seconds(60)])
        _ = try await early.respond(to: makeRequest())
        #expect(clock.waits == [.seconds(60), .seconds(60)])
    }
}
