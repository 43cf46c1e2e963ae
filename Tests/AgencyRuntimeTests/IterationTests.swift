// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// Counts up by one in each episode, and errs where it is told to.
final class Counter: Performer {
    let about = "a counter"
    private let until: Int64
    private let asked = Mutex<(states: [Int64], tries: [Int64: Int])>(([], [:]))
    private let slip: @Sendable (Int64, Int) -> String?

    init(until: Int64, slip: @escaping @Sendable (Int64, Int) -> String? = { _, _ in nil }) {
        self.until = until
        self.slip = slip
    }

    /// The states that it was given, in order.
    var states: [Int64] { asked.withLock { $0.states } }

    func respond(to request: TurnRequest) async throws -> Turn {
        let lines = request.messages[1].text.split(separator: "\n").map(String.init)
        guard let place = lines.firstIndex(where: { $0.hasPrefix("## state") }),
            let state = try JSONValue(parsing: lines[place + 2]).integer
        else { throw PerformerError(.badRequest, "no state") }
        let tries = asked.withLock { asked in
            asked.states.append(state)
            asked.tries[state, default: 0] += 1
            return asked.tries[state] ?? 0
        }
        if let words = slip(state, tries) { return Turn(text: words, performer: about) }
        return Turn(text: "{\"done\":\(state + 1 == until),\"state\":\(state + 1)}", performer: about)
    }
}

struct IterationTests {
    static let architecture = Architecture(
        name: "count",
        roles: [
            Role(
                name: "counter",
                kind: .advance,
                performer: "any",
                instructions: "Add one.",
                repairs: 1,
                state: .integer()
            )
        ],
        flow: [.iterate(role: "counter", atMost: 100)]
    )
    static let brief = Brief(
        name: "count",
        title: "Count",
        goals: [Goal(id: "counted", want: "It is counted.")],
        state: 0
    )

    private func start(_ store: any LedgerStore, _ performer: any Performer) async throws -> (Agency, RunID, Cast) {
        let agency = Agency(store: store, now: { 0 })
        let cast = Cast(everyone: performer, in: Self.architecture)
        let run = try await agency.start(Self.brief, with: Self.architecture, cast: cast, by: "ada")
        return (agency, run, cast)
    }

    @Test func `a long work is taken on step by step until it is done`() async throws {
        let counter = Counter(until: 20)
        let (agency, run, cast) = try await start(InMemoryLedgerStore(), counter)
        let state = try await agency.work(on: run, cast: cast)
        #expect(state.status == .finished)
        #expect(state.finished?.outcome == .done)
        #expect(state.iteration?.number == 20)
        #expect(state.iteration?.state == 20)
        #expect(counter.states == Array(0..<20))
        #expect(state.anomalies.isEmpty)
        #expect(try await agency.state(of: run) == state)
        #expect(try await agency.store.verify(run: run).isSound)
    }

    @Test func `an answer that does not fit is asked for anew, and stays on the record`() async throws {
        let counter = Counter(until: 3) { state, tries in state == 1 && tries == 1 ? "one more is two" : nil }
        let (agency, run, cast) = try await start(InMemoryLedgerStore(), counter)
        let state = try await agency.work(on: run, cast: cast)
        #expect(state.iteration?.state == 3)
        let second = try await agency.events(of: run).compactMap { event -> StateAdvanced? in
            if case .stateAdvanced(let body) = event.event, body.number == 2 { body } else { nil }
        }
        #expect(second.first?.answers.first == "one more is two")
        #expect(second.first?.votes == [0, 1])
        #expect(second.first?.winner == 1)
        #expect(second.first?.flags[0] != nil)
        #expect(state.iteration?.outvoted == 1)
    }

    @Test func `a step without an answer that fits stalls the run until a person has it tried again`() async throws {
        let counter = Counter(until: 5) { state, tries in state == 2 && tries <= 2 ? "{\"done\":1}" : nil }
        let (agency, run, cast) = try await start(InMemoryLedgerStore(), counter)
        var state = try await agency.work(on: run, cast: cast)
        guard case .wait(.stalled(let why)) = state.agenda() else {
            Issue.record("it should be stalled, and is \(state.agenda())")
            return
        }
        #expect(why.contains("invalid-output"))
        #expect(state.iteration?.number == 2)
        try await agency.letGoOn(run, by: Person(name: "ada", identifiedBy: "test"))
        state = try await agency.work(on: run, cast: cast)
        #expect(state.iteration?.state == 5)
        #expect(state.finished?.outcome == .done)
    }

    @Test func `a work that is not done within its bound ends unmet`() async throws {
        let (agency, run, cast) = try await start(InMemoryLedgerStore(), Counter(until: 1000))
        let state = try await agency.work(on: run, cast: cast)
        #expect(state.iteration?.number == 100)
        #expect(state.finished?.outcome == .unmet)
    }

    @Test(arguments: [CrashingLedgerStore.Side.before, .after])
    func `a crash at any append loses nothing and repeats nothing that was recorded`(
        _ side: CrashingLedgerStore.Side
    ) async throws {
        for crash in 2...14 {
            let memory = InMemoryLedgerStore()
            let counter = Counter(until: 10)
            let (_, run, cast) = try await start(memory, counter)
            let broken = Agency(store: CrashingLedgerStore(memory, crashAt: crash - 1, side), now: { 0 })
            _ = try? await broken.work(on: run, cast: cast)
            let before = try await Agency(store: memory, now: { 0 }).state(of: run).iteration?.number ?? 0
            let again = Counter(until: 10)
            let agency = Agency(store: memory, now: { 0 })
            let state = try await agency.work(on: run, cast: Cast(everyone: again, in: Self.architecture))
            #expect(state.iteration?.state == 10)
            #expect(again.states == Array(Int64(before)..<10))
            #expect(state.anomalies.isEmpty)
        }
    }
}

extension IterationTests {
    @Test func `votes correct a performer that errs, and every answer stays on the record`() async throws {
        var architecture = Self.architecture
        architecture.roles[0].repairs = Role.usualRepairs
        architecture.roles[0].vote = VotePolicy(.aheadBy(2, atMost: 10))
        // The first answer to every third state is wrong, and well formed.
        let counter = Counter(until: 30) { state, tries in
            state.isMultiple(of: 3) && tries == 1 ? "{\"done\":false,\"state\":\(state + 7)}" : nil
        }
        let agency = Agency(store: InMemoryLedgerStore(), now: { 0 })
        let cast = Cast(everyone: counter, in: architecture)
        var brief = Self.brief
        brief.goals[0].check = Check(tool: "state", arguments: [:], expect: .equals("30"))
        let run = try await agency.start(brief, with: architecture, cast: cast, by: "ada")
        let state = try await agency.work(on: run, cast: cast)
        #expect(state.iteration?.state == 30)
        #expect(state.finished?.outcome == .done)
        #expect(state.goalOutcomes.map(\.settlement.outcome) == [true])
        // Two right answers in agreement, or three and the wrong one.
        #expect(state.iteration?.answers == 20 * 2 + 10 * 4)
        #expect(state.iteration?.outvoted == 10)
    }

    @Test func `a goal about the state that is missed ends the run unmet`() async throws {
        var brief = Self.brief
        brief.goals[0].check = Check(tool: "state", arguments: ["pointer": "/no"], expect: .equals("30"))
        let cast = Cast(everyone: Counter(until: 3), in: Self.architecture)
        let agency = Agency(store: InMemoryLedgerStore(), now: { 0 })
        let run = try await agency.start(brief, with: Self.architecture, cast: cast, by: "ada")
        #expect(try await agency.work(on: run, cast: cast).finished?.outcome == .unmet)
    }
}
