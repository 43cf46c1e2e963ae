// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

@Suite(.timeLimit(.minutes(4)))
struct CheckTests {
    private func start(
        _ simulated: SimulatedRun = SimulatedRun(),
        in store: any LedgerStore,
        tools: [ToolManifest] = SimulatedWorld.manifests,
        check: CheckRecord? = nil,
        edit: (inout Architecture) -> Void = { _ in }
    ) async throws -> RunState {
        var architecture = simulated.architecture
        edit(&architecture)
        let agency = Bench.agency(store, SteppedClock())
        let cast = Cast(everyone: simulated.makePerformer(), in: architecture)
        let run = try await agency.start(
            simulated.brief,
            with: architecture,
            cast: cast,
            tools: tools,
            workspace: "notes",
            by: "starter",
            check: check
        )
        return try await agency.state(of: run)
    }

    @Test func `an effect without a choice is refused with the number of its rule, and nothing is recorded`()
        async throws
    {
        let store = InMemoryLedgerStore()
        let error = try await #require(throws: RuntimeError.self) {
            _ = try await start(in: store) { $0.flow.removeAll { $0.word == "choose" } }
        }
        #expect(error.code == .badInput)
        #expect(error.message.contains("[OA011]"))
        #expect(await store.runs().isEmpty)
    }

    @Test func `an episode that reaches outside is refused whatever its tool says of itself`() async throws {
        let store = InMemoryLedgerStore()
        let fetch = ToolManifest(name: "web.fetch", about: "", parameters: .any, effect: .read, repeatability: .blind)
        let error = try await #require(throws: RuntimeError.self) {
            _ = try await start(in: store, tools: SimulatedWorld.manifests + [fetch]) {
                $0.roles[0].tools = ["web.fetch"]
            }
        }
        #expect(error.message.contains("[OA013]") || error.message.contains("[OA040]"))
        #expect(await store.runs().isEmpty)
    }

    @Test func `a goal on a state that no stage makes is refused`() async throws {
        var simulated = SimulatedRun()
        simulated.brief.state = ["a": 1]
        simulated.brief.goals = [
            Goal(id: "g", want: "It is.", check: .init(tool: "state", arguments: [:], expect: .contains("a")))
        ]
        let error = try await #require(throws: RuntimeError.self) {
            _ = try await start(simulated, in: InMemoryLedgerStore())
        }
        #expect(error.message.contains("[OA052]"))
    }

    @Test func `what was decided about rules is on the record, and an error among it refuses the run`() async throws {
        let finding = Finding(.ownJudge, ["flow", 1, "evaluate", "roles"], "m", hint: "h")
        func record(_ severity: Severity) -> CheckRecord {
            let setting = CheckSettings.Setting(rule: "OA023", severity: severity, reason: "So it was decided.")
            let settings = CheckSettings(severities: [setting])
            return CheckRecord(settings: settings, judged: settings.judge([finding], in: "a"))
        }
        let state = try await start(in: InMemoryLedgerStore(), check: record(.note))
        #expect(state.started?.check == record(.note))
        #expect(state.started?.check?.findings.map(\.severity) == [.note])
        let error = try await #require(throws: RuntimeError.self) {
            _ = try await start(in: InMemoryLedgerStore(), check: record(.error))
        }
        #expect(error.message.contains("[OA023]"))
        #expect(try await start(in: InMemoryLedgerStore()).started?.check == nil)
    }
}
