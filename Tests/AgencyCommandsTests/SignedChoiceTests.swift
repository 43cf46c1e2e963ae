// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Foundation
import Testing

/// What was shown is what is enacted, whatever becomes of the ledger and the files meanwhile.
@Suite struct SignedChoiceTests {
    private static func key(_ bench: Bench) -> String { bench.root + "/.config/agency/desk-key" }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `the first run makes a key for this terminal, says so once, and every choice is signed with it`()
        async throws
    {
        try await Bench.with { bench in
            let begun = try await bench.begin()
            #expect(begun.status == 75, "\(begun.testDescription)")
            #expect(begun.err.contains("made a key with which this terminal signs choices"))
            #expect(try mode(Self.key(bench)) == 0o600)
            #expect(!bench.text("home/ledger.sqlite").contains("PRIVATE+KEY"))
            let shown = try await bench.agency("desk", "show")
            let key = shown.out.trimmingCharacters(in: .newlines)
            try await bench.choose("p1")
            try await bench.resume(75)
            let events = try await bench.events()
            let chosen = try #require(events.first { $0["type"] == "choice_recorded" })
            let id = try #require(chosen["body"]?["signature"]?["key"]?.string)
            #expect(key.contains("+\(id)+"))
            #expect(events.filter { $0["type"] == "step_authorized" }.allSatisfy { $0["body"]?["binding"] != nil })
            let again = try await bench.begin()
            #expect(!again.err.contains("made a key"))
            try await bench.requireSound()
        }
    }

    @Test func `init makes the key, and a key that others may read is refused`() async throws {
        try await Bench.with { bench in
            let made = try await bench.agency("init", "elsewhere")
            #expect(made.status == 0, "\(made.testDescription)")
            #expect(try mode(Self.key(bench)) == 0o600)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: Self.key(bench))
            let refused = try await bench.begin()
            #expect(refused.status == 65 || refused.status == 77, "\(refused.testDescription)")
            #expect(refused.err.contains("chmod 600"))
        }
    }

    @Test func `another key cannot choose, and what it is made to have chosen is not enacted`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let before = try await bench.contents()
            let sheet = try await bench.sheet()
            var other = bench
            other.variables["AGENCY_DESK_KEY"] = bench.root + "/other/desk-key"
            _ = try await other.agency("desk", "show")
            let refused = try await other.agency("choose", "--option", "p1", "--shown", sheet, "--why", "x")
            #expect(refused.status == 77, "\(refused.testDescription)")
            #expect(refused.err.contains("takes choices from"))
            try await bench.choose("p1")
            // A machine that was not told of the desk does not act on its word.
            let elsewhere = try await other.agency("resume")
            #expect(elsewhere.status == 77, "\(elsewhere.testDescription)")
            #expect(elsewhere.err.contains("agency desk trust"))
            #expect(try await bench.contents() == before)
            let key = try await bench.agency("desk", "show").out.trimmingCharacters(in: .newlines)
            #expect(try await other.agency("desk", "trust", key).status == 0)
            #expect(try await other.agency("desk", "list").out.contains(key))
            #expect(try await other.agency("desk", "trust", key + "0").status == 65)
            let trusted = try await other.agency("resume")
            #expect(trusted.status == 75, "\(trusted.testDescription)")
            #expect(try await bench.contents() != before)
        }
    }

    @Test func `a plan that is rewritten in the ledger after the choice is not enacted, with the signature or without`()
        async throws
    {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.choose("p1")
            let before = try await bench.contents()
            try FileManager.default.copyItem(atPath: bench.home, toPath: bench.root + "/kept")
            for how in ["signed", "unsigned"] {
                try bench.remove("home")
                try FileManager.default.copyItem(atPath: bench.root + "/kept", toPath: bench.home)
                try await forge(bench, how)
                // Only who keeps a checkpoint elsewhere could tell from the ledger alone.
                #expect(try await bench.agency("verify").status == 0)
                let resumed = try await bench.agency("resume")
                #expect(resumed.status == (how == "signed" ? 75 : 77), "\(how): \(resumed.testDescription)")
                #expect(try await bench.contents() == before, "\(how)")
                if how == "signed" {
                    #expect(try await bench.state()["anomalies"]?.array?.isEmpty == false)
                } else {
                    #expect(resumed.err.contains("knows no desk"))
                }
            }
            // The harm is real: who says that an unsigned choice will do has the forged plan enacted.
            let harmed = try await bench.agency("resume", "--unsigned")
            #expect(harmed.status == 75, "\(harmed.testDescription)")
            #expect(bench.text("ws/notes.txt") == "owned, names\n")
        }
    }

    /// Rewrites what was proposed, and everything after it so that it fits, as far as one can without the key.
    private func forge(_ bench: Bench, _ how: String) async throws {
        var state = RunState(run: RunID(try #require(try await bench.state()["run"]?.string)))
        var lines: [UInt8] = []
        for (sequence, line) in try await bench.events().enumerated() {
            let stored: JSONValue = [
                "v": 1, "type": line["type"] ?? .null, "at": line["at"] ?? .null, "body": line["body"] ?? .null,
            ]
            let text = stored.canonicalText.replacingOccurrences(of: "splitting names", with: "owned, names")
            var recorded = try RecordedEvent(sequence: sequence, storedBytes: Array(text.utf8))
            fit(&recorded, to: state, isSigned: how == "signed")
            state.apply(recorded)
            lines += try recorded.storedBytes() + [0x0A]
        }
        // Without signatures the forgery is a perfect one.
        #expect((state.choice != nil) == (how == "unsigned"))
        try Data(lines).write(to: URL(fileURLWithPath: bench.root + "/lines"))
        let forged = bench.root + "/forged.sqlite"
        try await bench.script("ledger.py", bench.ledger, "replace", forged, bench.root + "/lines")
        for end in ["", "-wal", "-shm"] where bench.exists("home/ledger.sqlite" + end) {
            try bench.remove("home/ledger.sqlite" + end)
        }
        try FileManager.default.moveItem(atPath: forged, toPath: bench.ledger)
    }

    private func fit(_ recorded: inout RecordedEvent, to state: RunState, isSigned: Bool) {
        switch recorded.event {
        case .runStarted(var event) where !isSigned:
            event.desks = nil
            recorded.event = .runStarted(event)
        case .choiceRequested(var event):
            event.sheet = state.currentSheet.with(event.targets)
            event.digest = event.sheet.digest
            if !isSigned { event.nonce = nil }
            recorded.event = .choiceRequested(event)
        case .choiceRecorded(var event):
            event.choice.shown = state.sheet?.digest ?? event.choice.shown
            if !isSigned { event.signature = nil }
            recorded.event = .choiceRecorded(event)
        default: break
        }
    }

    @Test func `a file that changes between the choice and the act goes back to the person`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let first = try await bench.sheet()
            try await bench.choose("p1")
            // The plan writes notes.txt where there was none.
            try bench.write("ws/notes.txt", "somebody else's\n")
            try await bench.git("add", "-A")
            try await bench.git("commit", "-q", "-m", "Meanwhile")
            let resumed = try await bench.resume(75)
            #expect(resumed.err.contains("notes.txt is no longer what it was"), "\(resumed.testDescription)")
            #expect(bench.text("ws/notes.txt") == "somebody else's\n")
            #expect(try await bench.sheet() != first)
            // Shown as it is now, it can be chosen.
            try await bench.choose("p1")
            try await bench.resume(75)
            #expect(bench.text("ws/notes.txt") == "splitting names\n")
            try await bench.requireSound()
        }
    }

    @Test func `a link that takes the place of a file goes back to the person, and is not followed`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.choose("p1")
            try bench.write("precious.txt", "mine\n")
            try FileManager.default.createSymbolicLink(
                atPath: bench.workspace + "/notes.txt",
                withDestinationPath: bench.root + "/precious.txt"
            )
            try await bench.git("add", "-A")
            try await bench.git("commit", "-q", "-m", "Meanwhile")
            let resumed = try await bench.resume(75)
            #expect(resumed.err.contains("notes.txt is no longer what it was"), "\(resumed.testDescription)")
            #expect(bench.text("precious.txt") == "mine\n")
        }
    }

    @Test func `a file that the plan does not touch may change`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.choose("p1")
            try bench.write("ws/other.txt", "x\n")
            try await bench.git("add", "-A")
            try await bench.git("commit", "-q", "-m", "Meanwhile")
            try await bench.resume(75)
            #expect(bench.text("ws/notes.txt") == "splitting names\n")
        }
    }

    @Test func `two desks that choose at once are one choice`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let sheet = try await bench.sheet()
            let outcomes = try await withThrowingTaskGroup(of: Int32.self) { group in
                for option in ["p1", "p2", "p1", "p2"] {
                    group.addTask {
                        try await bench.agency("choose", "--option", option, "--shown", sheet, "--why", "x").status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.sorted() == [0, 75, 75, 75])
            #expect(try await bench.events().count { $0["type"] == "choice_recorded" } == 1)
            try await bench.requireSound()
        }
    }
}
