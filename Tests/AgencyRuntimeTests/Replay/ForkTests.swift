// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// Runs that share a past with another and differ from there.
@Suite(.timeLimit(.minutes(3)))
struct ForkTests {
    static let simulated = SimulatedRun(critique: 0)

    static func agency(_ bench: Bench, _ name: RunID = "r-fork") -> Agency {
        let clock = bench.clock
        return Agency(store: bench.store, clock: clock, now: { clock.nowMilliseconds }, makeRunID: { name })
    }

    static func fork(
        _ bench: Bench,
        at sequence: Int,
        _ difference: Difference = Difference(),
        of parent: RunID = "r-test",
        named name: RunID = "r-fork",
        cast: Cast? = nil,
        reason: String = "what if"
    ) async throws -> RunID {
        try await agency(bench, name).fork(
            parent,
            at: sequence,
            difference,
            cast: cast ?? bench.cast,
            workspace: "copy",
            by: Bench.person,
            reason: reason
        )
    }

    /// The place of an event of a kind.
    static func place(_ type: String, in bench: Bench, nth: Int = 0) async throws -> Int {
        let places = try await bench.events().enumerated().filter { $0.element.type == type }.map(\.offset)
        return try #require(places.dropFirst(nth).first)
    }

    static func finished(_ simulated: SimulatedRun = simulated) async throws -> Bench {
        let bench = try await Bench(simulated)
        _ = try await bench.finish()
        return bench
    }

    /// Works on a fork and chooses the first option until it is over.
    static func finish(
        _ fork: RunID,
        _ bench: Bench,
        _ world: SimulatedWorld,
        cast: Cast? = nil
    ) async throws -> RunState {
        let agency = agency(bench)
        for _ in 0..<8 {
            let state = try await agency.work(on: fork, cast: cast ?? bench.cast, world: world)
            guard state.agenda() == .wait(.choice), let sheet = state.sheet, let option = state.options.first else {
                return state
            }
            try await agency.choose(.option(option.id), in: fork, shown: sheet.digest, by: Bench.person, reason: "r")
        }
        return try await agency.state(of: fork)
    }

    @Test func `episodes recorded before the event stay, the others are performed by whoever plays now`() async throws {
        let bench = try await Self.finished()
        let places = try await bench.events().enumerated().filter {
            if case .episodeCompleted(let event) = $0.element {
                event.episode.rawValue.hasPrefix("0.evaluate")
            } else {
                false
            }
        }.map(\.offset)
        let other = ScriptedPerformer(about: "other") { .output(Self.simulated.output(of: $0.episode)) }
        let cast = Cast([
            (profile: Profile(name: "any", provider: .program), performer: bench.performer),
            (profile: Profile(name: "other", provider: .program), performer: other),
        ])
        let asked = bench.performer.requests.count
        let fork = try await Self.fork(bench, at: places[1], Difference(performers: ["auditor": "other"]), cast: cast)
        let before = try await bench.agency.state(of: fork)
        let kept = Set(before.episodeOrder.filter { before.episodes[$0]?.isOver == true })
        #expect(kept.count == 5)
        let state = try await Self.agency(bench).work(on: fork, cast: cast, world: bench.simulated.makeWorld())
        #expect(state.agenda() == .wait(.choice))
        #expect(state.anomalies.isEmpty)
        let performed = other.requests.map(\.episode) + bench.performer.requests.dropFirst(asked).map(\.episode)
        #expect(Set(performed).isDisjoint(with: kept))
        #expect(!other.requests.isEmpty)
        #expect(other.requests.allSatisfy { $0.role == "auditor" })
        #expect(state.architecture?.role("auditor")?.performer == "other")
        for id in kept { #expect(state.episodes[id]?.performer == "simulated") }
        let replay = try await bench.agency.replay(fork)
        #expect(replay.counts == [:], "\(replay.divergences.first?.description ?? "")")
        #expect(replay.state == state)
    }

    @Test func `a choice made in the shared past permits nothing in the fork`() async throws {
        let bench = try await Self.finished()
        let fork = try await Self.fork(bench, at: try await Self.place("choice_recorded", in: bench))
        let state = try await bench.agency.state(of: fork)
        #expect(state.choice == nil)
        #expect(state.options.map(\.id) == ["p1", "p2", "p3"])
        #expect(throws: AuthorizationRefusal.self) { _ = try state.authorize("s1", now: 0) }
        let world = bench.simulated.makeWorld()
        let waiting = try await Self.agency(bench).work(on: fork, cast: bench.cast, world: world)
        #expect(waiting.agenda() == .wait(.choice))
        #expect(waiting.sheet?.run == fork)
        #expect(world.acts.isEmpty)
    }

    @Test func `a record that ends within the shared past permits nothing`() async throws {
        let bench = try await Self.finished()
        let chosen = try await Self.place("choice_recorded", in: bench)
        let fork = try await Self.fork(bench, at: try await Self.place("checkpoint_made", in: bench, nth: 1))
        var state = RunState(run: fork)
        for event in try await bench.agency.events(of: fork).prefix(chosen + 2) { state.apply(event) }
        #expect(state.agenda() == .enact("s1"))
        #expect(state.isInSharedPast)
        #expect(throws: AuthorizationRefusal.self) { _ = try state.authorize("s1", now: 0) }
    }

    @Test func `another option is chosen where one was, by the person and from what was shown`() async throws {
        let bench = try await Self.finished()
        let requested = try await Self.place("choice_requested", in: bench)
        let point = try await bench.agency.forkingPoint(of: bench.run, at: requested)
        let shown = try #require(point.shown?.digest.short)
        let difference = Difference(choice: .init(.option("p2"), shown: shown))
        let fork = try await Self.fork(bench, at: requested, difference, reason: "the other one")
        let state = try await bench.agency.state(of: fork)
        #expect(state.enactment.proposal == "p2")
        #expect(state.choice?.choice.person == "chooser")
        #expect(state.choice?.choice.identifiedBy == "test")
        #expect(state.choice?.choice.reason == "the other one")
        let world = bench.simulated.makeWorld()
        let end = try await Self.finish(fork, bench, world)
        #expect(end.finished?.outcome == .done)
        #expect(end.anomalies.isEmpty)
        #expect(Set(world.acts.map(\.effect)).isDisjoint(with: bench.world.acts.map(\.effect)))
    }

    @Test func `a choice in a fork is refused where it could not be made, and leaves no run`() async throws {
        let bench = try await Self.finished()
        let requested = try await Self.place("choice_requested", in: bench)
        let shown = try #require(try await bench.agency.forkingPoint(of: bench.run, at: requested).shown?.digest.short)
        let cases: [(Int, Difference, String, RuntimeError.Code)] = [
            (requested, Difference(choice: .init(.option("p2"), shown: "0123456789ab")), "r", .stale),
            (requested, Difference(choice: .init(.option("p2"), shown: String(shown.prefix(6)))), "r", .stale),
            (requested, Difference(choice: .init(.option("p9"), shown: shown)), "r", .notFound),
            (requested, Difference(choice: .init(.option("p2"), shown: shown)), " ", .badInput),
            (3, Difference(choice: .init(.option("p2"), shown: shown)), "r", .notNow),
            (requested, Difference(goals: []), "r", .badInput),
            (requested, Difference(performers: ["nobody": "any"]), "r", .badInput),
            (requested, Difference(performers: ["auditor": "nobody"]), "r", .badInput),
            (requested, Difference(performers: ["keeper": "any"]), "r", .badInput),
            (requested, Difference(goals: [Lives.goal], choice: .init(.none, shown: shown)), "r", .badInput),
        ]
        for (place, difference, reason, code) in cases {
            await #expect { try await Self.fork(bench, at: place, difference, reason: reason) } throws: {
                ($0 as? RuntimeError)?.code == code
            }
        }
        #expect(try await bench.store.runs().map(\.run) == ["r-test"])
    }

    @Test func `goals that differ have the options judged anew in the fork alone`() async throws {
        let bench = try await Self.finished()
        let fork = try await Self.fork(
            bench,
            at: try await Self.place("choice_requested", in: bench),
            Difference(goals: [Lives.goal])
        )
        let end = try await Self.finish(fork, bench, bench.simulated.makeWorld())
        #expect(end.finished?.outcome == .done)
        #expect(end.goalOutcomes.map(\.goal) == ["only"])
        #expect(try await bench.state().goalOutcomes.map(\.goal) == ["first", "last"])
    }

    @Test func `a fork is refused in the middle of an act, after the end, and where there is no event`() async throws {
        let bench = try await Self.finished()
        let last = try await bench.events().count - 1
        let cases: [(Int, RuntimeError.Code, String)] = [
            (try await Self.place("step_intended", in: bench), .notNow, "under way"),
            (try await Self.place("step_settled", in: bench), .notNow, "under way"), (last, .notNow, "over"),
            (last + 1, .notFound, "0 to \(last)"), (-1, .notFound, "0 to"), (.max, .notFound, "0 to"),
        ]
        for (place, code, words) in cases {
            await #expect { try await Self.fork(bench, at: place) } throws: {
                ($0 as? RuntimeError)?.code == code && "\($0)".contains(words)
            }
        }
        await #expect { try await Self.fork(bench, at: 0, of: "r-none") } throws: {
            ($0 as? RuntimeError)?.code == .notFound
        }
    }

    @Test func `wherever a run is forked, the fork comes to an end of its own and nothing of the other is touched`()
        async throws
    {
        let bench = try await Self.finished()
        let before = try await bench.store.head(of: bench.run)
        let parentActs = Set(bench.world.acts.map(\.effect))
        var forks = 0
        for place in 0..<(try await bench.events().count) {
            let name = RunID("r-fork-\(place)")
            let fork: RunID
            do {
                fork = try await Self.fork(bench, at: place, named: name)
            } catch let error as RuntimeError where error.code == .notNow {
                continue
            }
            forks += 1
            let point = try await bench.agency.forkingPoint(of: bench.run, at: place)
            let world = bench.world
            let acts = world.acts.count
            if let checkpoint = point.checkpoint {
                try await world.restore(checkpoint)
            } else {
                world.restart(["readme.txt": "hello\n"])
            }
            let end = try await Self.finish(fork, bench, world)
            #expect(end.finished?.outcome == .done, "forked at \(place)")
            #expect(end.anomalies.isEmpty, "forked at \(place): \(end.anomalies)")
            #expect(world.files["c.txt"]?.hasPrefix("third") == true)
            #expect(world.acts.dropFirst(acts).allSatisfy { !parentActs.contains($0.effect) })
            #expect(end.choices.contains { $0.sequence > place }, "forked at \(place): nobody chose")
            let replay = try await bench.agency.replay(fork)
            #expect(replay.counts == [:], "forked at \(place): \(replay.divergences.first?.description ?? "")")
            let past = try #require(try await bench.store.comparePast(of: fork))
            #expect(past.faults.isEmpty)
            #expect(past.compared == place + 1)
            #expect(try await bench.store.verify(run: fork).isSound)
        }
        #expect(forks > 20)
        #expect(try await bench.store.head(of: bench.run) == before)
    }

    @Test func `a fork can be forked, and its older past is not a place to do it`() async throws {
        let bench = try await Self.finished()
        let requested = try await Self.place("choice_requested", in: bench)
        let first = try await Self.fork(bench, at: requested)
        let world = bench.simulated.makeWorld()
        _ = try await Self.finish(first, bench, world)
        let events = try await bench.agency.events(of: first)
        let done = try #require(events.last { $0.event.type == "checkpoint_made" }).sequence
        await #expect { try await Self.fork(bench, at: requested, of: first, named: "r-second") } throws: {
            "\($0)".contains("fork that one there")
        }
        let second = try await Self.fork(bench, at: done, of: first, named: "r-second")
        let point = try await bench.agency.forkingPoint(of: first, at: done)
        try await world.restore(point.checkpoint ?? "")
        let end = try await Self.finish(second, bench, world)
        #expect(end.finished?.outcome == .done)
        #expect(end.anomalies.isEmpty)
        #expect(end.forks.map(\.run) == ["r-test", "r-fork"])
        #expect(try await bench.agency.replay(second).counts == [:])
        #expect(try await bench.store.comparePast(of: second)?.faults == [])
    }

    @Test func `a past that was changed before it was shared is found`() async throws {
        let bench = try await Self.finished()
        let fork = try await Self.fork(bench, at: 12)
        let entries = try await bench.store.entries(of: fork, from: 0, limit: 100)
        for (place, name) in [(0, "r-bad-0"), (5, "r-bad-5"), (12, "r-bad-12")] {
            var bytes = entries.map(\.bytes)
            bytes[place] = Array(
                String(decoding: bytes[place], as: UTF8.self).replacing("Careful", with: "Careless").replacing(
                    "careful",
                    with: "careless"
                ).replacing("simulated", with: "imagined").utf8
            )
            let run = RunID(name)
            _ = try await bench.store.append(bytes, artefacts: [], to: run, after: Head(emptyRun: run), row: nil)
            let past = try #require(try await bench.store.comparePast(of: run))
            #expect(past.faults.map(\.sequence) == [place])
            #expect(past.faults.first?.kind == .otherPast)
        }
        #expect(try await bench.store.comparePast(of: bench.run) == nil)
        let alone = InMemoryLedgerStore()
        _ = try await alone.append(entries.map(\.bytes), artefacts: [], to: fork, after: Head(emptyRun: fork), row: nil)
        #expect(try await alone.comparePast(of: fork)?.isParentHere == false)
    }
}
