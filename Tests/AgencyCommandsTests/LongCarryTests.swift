// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct LongCarryTests {
    /// An exported run of so many events; `lengthen.py` makes it without the program under test.
    private func long(_ bench: Bench, _ name: String, events: Int, more: [String] = []) async throws {
        if !bench.exists("short") {
            try await bench.beginAndWait()
            #expect(try await bench.agency("export", "--out", "short").status == 0)
        }
        let made = try await bench.play("lengthen.py", ["short", name, "\(events)"] + more)
        try #require(made.status == 0, "\(made.testDescription)")
    }

    @Test func `an import that is killed or cut off shows nothing, and the same command goes on with it`() async throws
    {
        try await Bench.with { bench in
            // So many that whoever is to kill it has time to.
            try await long(bench, "whole", events: 24_000)
            let bytes = try #require(FileManager.default.contents(atPath: bench.root + "/whole"))
            // In the middle of a line, wherever three quarters end.
            let most = bytes.prefix(bytes.count * 3 / 4)
            let line = try #require(most.dropLast().lastIndex(of: UInt8(ascii: "\n")))
            try bytes.prefix(through: line + 40).write(to: URL(fileURLWithPath: bench.root + "/cut"))
            let cut = try await bench.agency("import", "cut", "--home", "there")
            #expect(cut.status == 65)
            #expect(cut.err.contains("the file ends in the middle of a line"), "\(cut.testDescription)")
            #expect(try await bench.agency("status", "--home", "there").out.contains("no runs yet"))

            let killed = try await bench.agency(["import", "whole", "--home", "there"]) {
                try await bench.script("ledger.py", bench.root + "/there/ledger.sqlite", "await", "1")
            }
            #expect(killed.status != 0, "\(killed.testDescription)")
            let part = try await bench.script("ledger.py", bench.root + "/there/ledger.sqlite", "await", "1")
            #expect((1..<24_000).contains(Int(part.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0), "\(part)")
            #expect(try await bench.agency("status", "--home", "there").out.contains("no runs yet"))
            #expect(try await bench.agency("verify", "--home", "there").out.contains("no runs"))
            // The cut file does not pass for the rest of it either.
            #expect(try await bench.agency("import", "cut", "--home", "there").status == 65)

            let taken = try await bench.agency("import", "whole", "--home", "there")
            #expect(taken.status == 0, "\(taken.testDescription)")
            #expect(taken.out.contains("24000 events"))
            let verified = try await bench.agency("verify", "--home", "there")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("✓ 24000 events"))
            #expect(try await bench.agency("export", "--out", "back", "--home", "there").status == 0)
            #expect(bench.text("back") == bench.text("whole"))
        }
    }

    @Test func `the snapshot of a long run is compared with its record when asked for, and a forged one is found`()
        async throws
    {
        try await Bench.with { bench in
            try await long(bench, "whole", events: 6000)
            #expect(try await bench.agency("import", "whole", "--home", "there").status == 0)
            let before = try await bench.agency("verify", "--json", "--home", "there").json()
            #expect(before["snapshot"]?.string == "none")
            // Whatever opens the run keeps a snapshot of it.
            #expect(try await bench.agency("show", "--home", "there").status == 0)
            let verified = try await bench.agency("verify", "--home", "there")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("its snapshot was not compared"), "\(verified.testDescription)")
            let compared = try await bench.agency("verify", "--snapshots", "--home", "there")
            #expect(compared.status == 0, "\(compared.testDescription)")
            #expect(compared.out.contains("✓ its snapshot is what the record comes to"))

            try await bench.script("ledger.py", bench.root + "/there/ledger.sqlite", "forge", "forged/ledger.sqlite")
            let told = try await bench.agency("status", "latest", "--json", "--home", "there").out
            #expect(try await bench.agency("status", "latest", "--json", "--home", "forged").out != told)
            let unasked = try await bench.agency("verify", "--json", "--home", "forged")
            #expect(unasked.status == 0, "\(unasked.testDescription)")
            #expect(try unasked.json()["snapshot"]?.string == "not-compared")
            let found = try await bench.agency("verify", "--snapshots", "--home", "forged")
            #expect(found.status == 65, "\(found.testDescription)")
            #expect(found.out.contains("✗ event "), "\(found.testDescription)")
            #expect(found.out.contains("has a snapshot that is not what the record comes to"))
            let word = try await bench.agency("verify", "--snapshots", "--json", "--home", "forged").json()["snapshot"]
            #expect(word?.string == "other-state")
        }
    }

    @Test func `a file takes no more memory for having more events`() async throws {
        try await Bench.with { bench in
            try await long(bench, "small", events: 60, more: ["4000"])
            try await long(bench, "large", events: 6000, more: ["4000"])
            let size = try #require(FileManager.default.contents(atPath: bench.root + "/large")).count
            #expect(size > 24 << 20)
            for command in ["verify", "import"] {
                let home = ["--home", "there-\(command)"]
                let small = try await memory(bench, [command, "small"] + home)
                try? bench.remove("there-\(command)")
                let large = try await memory(bench, [command, "large"] + home)
                // An import holds a batch of 8 MiB, and the database its own cache.
                let room = command == "verify" ? 4 << 20 : 80 << 20
                #expect(large < small + room, "\(command): \(small) and \(large) bytes")
            }
        }
    }

    /// The most memory that a command has had, in bytes.
    private func memory(_ bench: Bench, _ command: [String]) async throws -> Int {
        let outcome = try await bench.play("memory.py", [Binary.agency] + command)
        try #require(outcome.status == 0, "\(outcome.testDescription)")
        return try #require(Int(outcome.out.split(separator: "\n").last.map(String.init) ?? ""))
    }

    @Test func `the name of a run leads nowhere, and a file that says so is refused`() async throws {
        try await Bench.with { bench in
            for name in ["../../outside", "/tmp/outside", "..", "a/b", "-rf", "r\u{2028}"] {
                try await long(bench, "strange", events: 30, more: ["0", name])
                let refused = try await bench.agency("import", "strange", "--home", "there")
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1, "\(refused.testDescription)")
            }
            #expect(!bench.exists("there/runs"))
            #expect(!bench.exists("outside"))
            #expect(try await bench.agency("status", "--home", "there").out.contains("no runs yet"))
            // The same with an honest name is taken, so that it is the name that was refused.
            try await long(bench, "plain", events: 30, more: ["0", "r-plain"])
            let taken = try await bench.agency("import", "plain", "--home", "there")
            #expect(taken.out.contains("imported run r-plain"), "\(taken.testDescription)")
        }
    }
}
