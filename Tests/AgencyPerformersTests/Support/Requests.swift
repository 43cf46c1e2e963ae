// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import Testing

/// A shape that every provider's constraint takes.
let verdictSchema = JSONSchema.object(["verdict": .oneOf(["sound", "unsound"]), "score": .number(in: 0...1)])

let queryTool = ToolManifest(
    name: "sqlite.query",
    about: "Runs a query.",
    parameters: .object(["sql": .string()]),
    effect: .read
)

func makeRequest(
    _ messages: [Message] = [.system("You audit."), .user([.text("Is it sound?")])],
    tools: [ToolManifest] = [],
    output: JSONSchema = verdictSchema,
    turn: Int = 0,
    episode: EpisodeID = "0.evaluate.auditor.p1",
    seconds: Double = 600
) -> TurnRequest {
    TurnRequest(
        run: "r1",
        episode: episode,
        role: "auditor",
        turn: turn,
        messages: messages,
        tools: tools,
        output: output,
        outputTokens: 1000,
        seconds: seconds
    )
}

func makeProfile(_ provider: Profile.Provider, structure: Profile.Structure = .schema) -> Profile {
    Profile(
        name: "strong",
        provider: provider,
        model: "test-model",
        url: "http://127.0.0.1:9/v1",
        keyVariable: "TEST_KEY",
        structure: structure,
        inputPrice: Money(dollars: 3),
        outputPrice: Money(dollars: 15)
    )
}

/// Asks through a whole cast, on clocks that never wait.
func ask(
    _ provider: Profile.Provider,
    _ transport: ScriptedTransport,
    _ request: TurnRequest = makeRequest(),
    clock: InstantClock = InstantClock(),
    deadlineClock: any Clock<Duration> = ContinuousClock(),
    delivery: Profile.Delivery = .stream
) async throws -> Turn {
    var profile = makeProfile(provider)
    profile.delivery = delivery
    let cast = Casting(
        profiles: [profile],
        environment: ["TEST_KEY": "sk-secret-123"],
        transport: transport,
        terminal: nil,
        clock: clock,
        deadlineClock: deadlineClock,
        random: { 0.5 }
    )
    return try await cast.performer(for: profile).respond(to: request)
}

/// The error that some work throws; records an issue when it throws none.
func performerError(
    _ location: SourceLocation = #_sourceLocation,
    _ work: () async throws -> some Any
) async -> PerformerError? {
    do {
        let value = try await work()
        Issue.record("no error, but \(value)", sourceLocation: location)
        return nil
    } catch let error as PerformerError {
        return error
    } catch {
        Issue.record("another error: \(error)", sourceLocation: location)
        return nil
    }
}
