// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyRuntime
import AgencyTestKit
import Testing

/// Keys of persons, which their passwords open: two accounts at one desk are two persons.
@Suite struct PersonKeyTests {
    private static let good = ["verdict": "option", "option": "p1", "reason": "because"]

    private static var two: SimulatedRun {
        var simulated = SimulatedRun(critique: 0)
        let index = simulated.architecture.flow.firstIndex { $0.word == "choose" } ?? 0
        simulated.architecture.flow[index] = .choose(expires: 3600, returns: 1, persons: 2)
        return simulated
    }

    private static func choose(_ bench: ConsoleBench, _ session: String) async throws -> ConsoleBench.Answer {
        try await bench.choose(session, try await bench.openForm(session).merging(good) { $1 })
    }

    @Test func `where two have to choose, two accounts at one desk are two, and one is one`() async throws {
        try await ConsoleBench.with(Self.two, choosers: ["ben", "cleo"]) { bench in
            let ben = try await bench.signIn("ben", ConsoleBench.password)
            #expect(try await Self.choose(bench, ben).status == 303)
            #expect(try await bench.agency.state(of: bench.run).choice == nil)
            let again = try await Self.choose(bench, ben)
            #expect(again.status == 403 && again.text.contains("is a second one by the same person"))
            let cleo = try await bench.signIn("cleo", ConsoleBench.password)
            #expect(try await Self.choose(bench, cleo).status == 303)
            let state = try await bench.agency.state(of: bench.run)
            #expect(state.chosen.map(\.choice.person) == ["ben", "cleo"])
            let keys = bench.accounts.read().choosers.map(\.id)
            #expect(state.chosen.map(\.signature?.key) == keys)
            #expect(Set(keys).count == 2 && !keys.contains(bench.agency.desk?.key.id ?? ""))
            let done = try await bench.agency.work(on: bench.run, cast: bench.cast, world: bench.simulated.makeWorld())
            #expect(!done.enactment.trials.isEmpty && done.anomalies.isEmpty)
        }
    }

    @Test func `what somebody chose who is let in no more is not enacted`() async throws {
        try await ConsoleBench.with(Self.two, choosers: ["ben", "cleo"]) { bench in
            for name in ["ben", "cleo"] {
                let session = try await bench.signIn(name, ConsoleBench.password)
                #expect(try await Self.choose(bench, session).status == 303)
            }
            try bench.accounts.change { try $0.remove(person: "cleo") }
            let world = bench.simulated.makeWorld()
            await #expect {
                try await bench.agency.work(on: bench.run, cast: bench.cast, world: world)
            } throws: { ($0 as? RuntimeError)?.code == .notPermitted }
            #expect(world.standing.isEmpty)
        }
    }

    @Test func `where two have to choose, the desk is nobody, and signs for nobody whom the run does not know`()
        async throws
    {
        try await ConsoleBench.with(Self.two, choosers: ["ben", "cleo"]) { bench in
            let state = try await bench.agency.state(of: bench.run)
            #expect(Set(state.desks.map(\.id)) == Set(bench.accounts.read().choosers.map(\.id)))
            // Whoever reads the terminal is one more person only with an account of their own.
            let ada = try await bench.signIn()
            #expect(try await Self.choose(bench, ada).status == 403)
            try bench.add("eve", .chooser)
            let eve = try await bench.signIn("eve", ConsoleBench.password)
            let refused = try await Self.choose(bench, eve)
            #expect(refused.status == 403 && refused.text.contains("begun before you had it"))
            #expect(try await bench.agency.state(of: bench.run).votes.isEmpty)
        }
    }

    @Test func `nobody chooses by an invitation in the name of somebody whose key the run knows`() async throws {
        try await ConsoleBench.with(choosers: ["ben"]) { bench in
            let salt = String(repeating: "a5", count: 16)
            let other = try PasswordHash.set("an admin's own idea", salt: salt, cost: 1 << 4)
            let name = try #require(bench.accounts.read().person("ben")?.key?.key.name)
            let forged = try PersonKey(name, seed: Hexadecimal.bytes(Tokens.random()) ?? [], for: other)
            try bench.accounts.change {
                try $0.update("ben") {
                    $0.password = other.kept
                    $0.key = forged
                }
            }
            let session = try await bench.signIn("ben", "an admin's own idea")
            #expect(try await Self.choose(bench, session).status == 403)
            #expect(try await bench.agency.state(of: bench.run).choice == nil)
        }
    }

    @Test func `an account from before there were keys gets one when its person signs in`() async throws {
        try await ConsoleBench.with(choosers: ["ben"]) { bench in
            try bench.accounts.change { try $0.update("ben") { $0.key = nil } }
            _ = try await bench.signIn("ben", ConsoleBench.password)
            let made = try #require(bench.accounts.read().person("ben")?.key?.key)
            _ = try await bench.signIn("ben", ConsoleBench.password)
            #expect(bench.accounts.read().person("ben")?.key?.key == made)
        }
    }

    @Test func `an account that the run does not know chooses with the key of the desk`() async throws {
        try await ConsoleBench.with(choosers: ["ben"]) { bench in
            try bench.add("dora", .chooser)
            let session = try await bench.signIn("dora", ConsoleBench.password)
            #expect(try await Self.choose(bench, session).status == 303)
            let state = try await bench.agency.state(of: bench.run)
            #expect(state.chosen.map(\.signature?.key) == [bench.agency.desk?.key.id])
        }
    }

    @Test func `a new password leaves the key, and one by invitation makes another`() async throws {
        try await ConsoleBench.with(choosers: ["ben"]) { bench in
            let first = try #require(bench.accounts.read().person("ben")?.key?.key)
            let session = try await bench.signIn("ben", ConsoleBench.password)
            let page = try await bench.ask("GET", "/account", session: session)
            #expect(page.text.contains(first.id))
            let form = [
                "form": try page.field("form"), "now": ConsoleBench.password, "password": "a new one, and long",
                "again": "a new one, and long",
            ]
            #expect(try await bench.ask("POST", "/account/password", session: session, form: form).status == 303)
            #expect(bench.accounts.read().person("ben")?.key?.key == first)
            let after = try await bench.signIn("ben", "a new one, and long")
            #expect(try await Self.choose(bench, after).status == 303)
            #expect(try await bench.agency.state(of: bench.run).chosen.map(\.signature?.key) == [first.id])

            let ada = try await bench.signIn()
            let people = try await bench.ask("GET", "/people", session: ada)
            let invite = ["form": try people.field("form"), "name": "ben"]
            let told = try await bench.ask("POST", "/people/invite", session: ada, form: invite)
            let word = try #require(told.text.firstMatch(of: /sign-in\?link=([0-9a-f]{64})/)?.output.1)
            let set = ["link": String(word), "password": "yet another one", "again": "yet another one"]
            #expect(try await bench.ask("POST", "/sign-in", form: set).status == 303)
            let second = try #require(bench.accounts.read().person("ben")?.key?.key)
            #expect(second.publicKey != first.publicKey)
        }
    }

    @Test func `another password, and a file that was changed, open nothing`() throws {
        let salt = String(repeating: "0f", count: 16)
        let right = try PasswordHash.set("correct horse battery", salt: salt, cost: 16)
        let wrong = try PasswordHash.set("correct horse batterz", salt: salt, cost: 16)
        let key = try PersonKey("ben@desk", seed: Array(0..<32), for: right)
        #expect(try key.opened(with: right).key == key.key)
        #expect(throws: RuntimeError.self) { try key.opened(with: wrong) }
        #expect(throws: RuntimeError.self) { try key.resealed(from: wrong, to: right) }
        #expect(try key.resealed(from: right, to: wrong).opened(with: wrong).key == key.key)
        #expect(right.pad.count == 32 && Hexadecimal.text(right.pad) != right.kept.key)
    }
}
#endif
