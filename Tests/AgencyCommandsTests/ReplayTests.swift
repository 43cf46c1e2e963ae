// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct ReplayTests {
    /// The position of an event of a kind in the latest run.
    static func place(_ type: String, nth: Int = 0, _ bench: Bench) async throws -> Int {
        let events = try await bench.events().filter { $0["type"]?.string == type }
        return Int(try #require(events.dropFirst(nth).first?["sequence"]?.integer))
    }

    static func runs(_ bench: Bench) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: bench.home + "/runs")) ?? []).sorted()
    }

    @Test func `a run is decided again with nobody performing, and a changed history is found out`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.finish()
            let performed = bench.performances.count
            let replayed = try await bench.agency("replay", "--save", "history.jsonl")
            #expect(replayed.status == 0, "\(replayed.testDescription)")
            #expect(replayed.out.contains("decisions is the recorded one"), "\(replayed.testDescription)")
            #expect(replayed.out.contains("built byte for byte as it was"), "\(replayed.testDescription)")
            let json = try await bench.agency("replay", "--json", "--strict").json()
            #expect(json["agrees"] == true)
            #expect(json["divergences"]?.array?.isEmpty == true)
            #expect(bench.performances.count == performed)
            let again = try await bench.agency("replay", "--from", "history.jsonl", "--json")
            #expect(again.status == 0, "\(again.testDescription)")
            #expect(try again.json()["state"] == json["state"])
            #expect(try again.json()["expected_state"] == json["state"])
            try bench.edit("history.jsonl", #""outcome":"done""#, #""outcome":"halted""#)
            let changed = try await bench.agency("replay", "--from", "history.jsonl")
            #expect(changed.status == 1, "\(changed.testDescription)")
            #expect(changed.out.contains("run_finished"), "\(changed.testDescription)")
            #expect(changed.out.contains("end the run: done"))
            try bench.write("history.jsonl", "{}\n")
            let refused = try await bench.agency("replay", "--from", "history.jsonl")
            #expect(refused.status == 65)
            #expect(refused.complaints.count == 1)
        }
    }

    @Test func `one step is shown alone`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.finish()
            let shown = try await bench.agency("show", "--step", "s1")
            #expect(shown.status == 0, "\(shown.testDescription)")
            #expect(shown.out.contains("Step s1"))
            #expect(!shown.out.contains(" s2  "), "\(shown.testDescription)")
        }
    }

    @Test func `a fork after a step works on a copy as it was, asks anew, and comes to its own end`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.finish()
            let parent = try #require(try await bench.state()["run"]?.string)
            let end = try await bench.contents()
            let kept = try await Self.place("checkpoint_made", nth: 1, bench)
            let performed = bench.performances.count
            let forked = try await bench.agency("fork", parent, "--at", "\(kept)", "--why", "again")
            #expect(forked.status == 75, "\(forked.testDescription)")
            #expect(bench.performances.count == performed)
            let state = try await bench.state()
            let fork = try #require(state["run"]?.string)
            #expect(fork != parent)
            #expect(state["forked_from"]?["run"]?.string == parent)
            #expect(state["waits_for_choice"] == true)
            #expect(try await bench.agency("status").out.contains(parent))
            try await bench.choose("p1")
            try await bench.resume(75)
            try await bench.choose("p1.r1")
            try await bench.resume(0)
            #expect(try await bench.contents() == end)
            let copy = bench.home + "/runs/" + fork + "/workspace"
            #expect(try await bench.script("shop.py", copy + "/shop.db") == end["shop.db"])
            #expect(try String(contentsOfFile: copy + "/list.txt", encoding: .utf8) == end["list.txt"])
            let verified = try await bench.agency("verify")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("forked from \(parent): the \(kept + 1) shared events are that run's"))
            let replayed = try await bench.agency("replay", fork, "--strict")
            #expect(replayed.status == 0, "\(replayed.testDescription)")
            try await bench.requireSound()
            let diff = try await bench.agency("diff", parent, fork)
            #expect(diff.status == 0, "\(diff.testDescription)")
            for words in ["First difference", "Choices", "Outcome", "Costs", "forked from \(parent)"] {
                #expect(diff.out.contains(words), "no \(words): \(diff.testDescription)")
            }
            #expect(diff.out.split(separator: "\n").allSatisfy { $0.count <= 100 })
            let json = try await bench.agency("diff", parent, fork, "--json").json()
            #expect(json["shared_events"]?.integer == Int64(kept + 1))
            #expect(json["right"]?["forked_from"]?["sequence"]?.integer == Int64(kept))
        }
    }

    @Test func `a choice is made in a fork by the person and from what was shown, with no authority from before`()
        async throws
    {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let parent = try #require(try await bench.state()["run"]?.string)
            let sheet = try await bench.sheet()
            let place = "\(try await Self.place("choice_requested", bench))"
            let before = Self.runs(bench)
            let refusals: [([String], Int32, String)] = [
                (["--choose", "p2", "--why", "x"], 64, "--shown"), (["--choose", "p2", "--shown", sheet], 64, "--why"),
                (["--choose", "p2", "--shown", "000000000000", "--why", "x"], 75, "not the digest"),
                (["--choose", "p9", "--shown", sheet, "--why", "x"], 65, "no option"),
                (["--performer", "auditor"], 64, "NAME=VALUE"), (["--performer", "auditor=nobody"], 65, "nobody"),
                (["--performer", "nobody=fast"], 65, "nobody"), (["--edit-goal", "nothing=x"], 65, "no goal"),
                (["-w", "ws"], 65, "another directory"), (["-w", "nowhere"], 65, "does not exist"),
            ]
            for (more, status, words) in refusals {
                let refused = try await bench.agency(["fork", parent, "--at", place] + more)
                #expect(refused.status == status, "\(refused.testDescription)")
                #expect(refused.err.contains(words), "\(refused.testDescription)")
            }
            #expect(try await bench.agency("fork", parent, "--at", "9999").status == 65)
            #expect(Self.runs(bench) == before)
            let chosen = ["--choose", "none", "--shown", sheet, "--reason", "what if nothing", "--as", "Ada"]
            let declined = try await bench.agency(["fork", parent, "--at", place] + chosen)
            #expect(declined.status == 0, "\(declined.testDescription)")
            let state = try await bench.state()
            #expect(state["finished"]?["outcome"]?.string == "declined")
            #expect(state["choices"]?.array?.first?["person"]?.string == "Ada")
            let other = try await bench.agency("status", parent, "--json").json()
            #expect(other["waits_for_choice"] == true)
            try await bench.requireSound()
            // The first run goes on, and its choice is of no use to a fork made just after it.
            try await bench.agencyChoose(parent, "p1", String(sheet.prefix(12)))
            let events = try await bench.agency("events", parent, "--json").out.split(separator: "\n").count
            let held = try await bench.agency("fork", parent, "--at", "\(events - 1)", "--hold", "--json")
            #expect(held.status == 0, "\(held.testDescription)")
            #expect(try held.json()["steps"]?.array?.isEmpty == true)
            try await bench.resume(75)
            #expect(try await bench.state()["steps"]?.array?.isEmpty == true)
            #expect(bench.text("ws/list.txt") == Bench.list)
        }
    }

    @Test func `a fork in the middle of a stage has the rest performed by whoever is named`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let parent = try #require(try await bench.state()["run"]?.string)
            let events = try await bench.events()
            let ended = events.filter {
                $0["type"]?.string == "episode_completed"
                    && $0["body"]?["episode"]?.string?.contains(".evaluate.") == true
            }
            let place = try #require(ended.first?["sequence"]?.integer)
            let kept = try #require(ended.first?["body"]?["episode"]?.string)
            let performed = bench.performances.count
            let forked = try await bench.agency(
                "fork",
                parent,
                "--at",
                "\(place)",
                "--performer",
                "auditor=fast",
                "--performer",
                "saboteur=strong"
            )
            #expect(forked.status == 75, "\(forked.testDescription)")
            let anew = bench.performances.dropFirst(performed)
            #expect(anew.count { $0.contains(".evaluate.") } == ended.count - 1)
            #expect(!anew.contains { $0.hasPrefix(kept) || $0.contains(".propose.") })
            try await bench.requireSound()
            let goals = try await bench.agency(
                "fork",
                parent,
                "--at",
                "\(place)",
                "--edit-goal",
                "split=Each one has two names."
            )
            #expect(goals.status == 75, "\(goals.testDescription)")
            let listed = try await bench.agency("goal", "list").out
            #expect(listed.contains("Each one has two names."))
            #expect(try await bench.agency("goal", "list", parent).out.contains("Each one") == false)
        }
    }
}

extension Bench {
    fileprivate func agencyChoose(_ run: String, _ option: String, _ shown: String) async throws {
        let chosen = try await agency("choose", run, "--option", option, "--shown", shown, "--why", "it is best")
        try #require(chosen.status == 0, "\(chosen.testDescription)")
    }
}
