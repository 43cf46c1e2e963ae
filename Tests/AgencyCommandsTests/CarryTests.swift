// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct CarryTests {
    @Test func `a run goes from one ledger to another as a file that verifies by itself`() async throws {
        try await Bench.with { bench in
            let key = try await bench.agency("key", "new").out.trimmingCharacters(in: .whitespacesAndNewlines)
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            let early = try await bench.agency("export", "--out", "early")
            #expect(early.status == 0, "\(early.testDescription)")
            try await bench.finish()
            #expect(try await bench.agency("export", run, "--out", "whole").status == 0)
            #expect(try await bench.agency("export", run, "--out", "whole").status == 65)
            let mode = try FileManager.default.attributesOfItem(atPath: bench.root + "/whole")[.posixPermissions]
            #expect(mode as? Int == 0o600)

            // No ledger is needed, and none is made.
            let verified = try await bench.agency("verify", "whole", "--key", key, "--home", "nowhere")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("holds for the first"))
            #expect(!bench.exists("nowhere"))
            let unsigned = try await bench.agency("verify", "whole", "--home", "nowhere")
            #expect(unsigned.out.contains("nobody whom you trust has signed it"), "\(unsigned.testDescription)")

            // The file of an earlier moment does not pass for the run as it is now.
            #expect(try await bench.agency("checkpoint", run, "--out", "kept").status == 0)
            let older = try await bench.agency("verify", "early", "--checkpoint", "kept", "--key", key)
            #expect(older.status == 65)
            #expect(older.out.contains("an older copy was put in its place"), "\(older.testDescription)")

            let taken = try await bench.agency("import", "early", "--key", key, "--home", "there")
            #expect(taken.status == 0, "\(taken.testDescription)")
            #expect(taken.out.contains("imported run \(run)"))
            let extended = try await bench.agency("import", "whole", "--key", key, "--home", "there")
            #expect(extended.out.contains("more events"), "\(extended.testDescription)")
            let again = try await bench.agency("import", "whole", "--key", key, "--home", "there")
            #expect(again.status == 0)
            #expect(again.out.contains("is here already, the same"))
            #expect(try await bench.agency("verify", "--home", "there").status == 0)
            let here = try await bench.agency("status", run, "--json")
            #expect(try await bench.agency("status", run, "--json", "--home", "there").out == here.out)
            #expect(try await bench.agency("export", run, "--out", "back", "--home", "there").status == 0)
            let back = try await bench.agency("verify", "back", "--checkpoint", "kept", "--key", key)
            #expect(back.status == 0, "\(back.testDescription)")
        }
    }

    @Test func `a run that was carried here goes on in a directory that is named, while nothing has been enacted`()
        async throws
    {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            try FileManager.default.copyItem(atPath: bench.workspace, toPath: bench.root + "/other")
            #expect(try await bench.agency("export", run, "--out", "early").status == 0)
            let before = try await bench.contents()
            var there = bench
            there.variables["AGENCY_HOME"] = bench.root + "/there"
            let taken = try await there.agency("import", "early")
            #expect(taken.out.contains("go on with: agency resume \(run) -w DIRECTORY"), "\(taken.testDescription)")
            for (more, why) in [
                ([], "which did not come with its record; name a directory"), (["-w", "nowhere"], "does not exist"),
                (["-w", "brief.md"], "is not a folder"),
            ] {
                let refused = try await there.agency(["resume", run] + more)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
                #expect(refused.err.contains(why), "\(refused.testDescription)")
            }
            try await there.choose("p1")
            try await there.resume(75, "-w", "other")
            #expect(try await there.events().contains { $0["type"]?.string == "step_observed" })
            try await there.choose("p1.r1")
            try await there.resume(0)
            try await there.requireSound()
            // Nobody has touched what the run worked on before.
            #expect(try await bench.contents() == before)
            let elsewhere = try await there.agency("resume", run, "-w", "ws")
            #expect(elsewhere.status == 65, "\(elsewhere.testDescription)")
            #expect(elsewhere.err.contains("leave -w out"))
        }
    }

    @Test func `a run that had acted before it was carried here acts only in a fork from before then`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            let shown = try await bench.events().count - 1
            try FileManager.default.copyItem(atPath: bench.workspace, toPath: bench.root + "/other")
            try await bench.choose("p1")
            try await bench.resume(75)
            #expect(try await bench.agency("export", run, "--out", "late").status == 0)
            var there = bench
            there.variables["AGENCY_HOME"] = bench.root + "/there"
            let taken = try await there.agency("import", "late")
            #expect(
                taken.out.contains("go on with: agency fork \(run) --at EVENT -w DIRECTORY"),
                "\(taken.testDescription)"
            )
            for more in [[], ["-w", "other"]] {
                let refused = try await there.agency(["resume", run] + more)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.err.contains("its checkpoints are not here"), "\(refused.testDescription)")
            }
            let last = try await there.events().count - 1
            for (place, more) in [(last, ["-w", "other"]), (shown, [])] {
                let refused = try await there.agency(["fork", run, "--at", "\(place)"] + more)
                #expect(refused.status == 65, "\(refused.testDescription)")
            }
            let forked = try await there.agency("fork", run, "--at", "\(shown)", "-w", "other")
            #expect(forked.status == 75, "\(forked.testDescription)")
            try await there.finish()
            try await there.requireSound()
        }
    }

    @Test func `what was redacted is gone, and is said to be`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            let redacted = try await bench.agency("export", run, "--out", "file", "--redact", "prompts,transcripts")
            #expect(redacted.status == 0, "\(redacted.testDescription)")
            #expect(redacted.out.contains("0 artefacts"))
            #expect(try await bench.agency("verify", "file").status == 0)
            #expect(try await bench.agency("import", "file", "--home", "there").status == 0)
            let verified = try await bench.agency("verify", "--home", "there")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("artefacts were redacted and are not here"))
            #expect(try await bench.agency("export", "--out", "again", "--home", "there").status == 0)
            #expect(bench.text("again") == bench.text("file"))

            #expect(try await bench.agency("export", run, "--out", "whole").status == 0)
            #expect(try await bench.agency("import", "whole", "--home", "there").status == 0)
            #expect(try await !bench.agency("verify", "--home", "there").out.contains("redacted"))

            #expect(try await bench.agency("export", run, "--out", "unprompted", "--redact", "prompts").status == 0)
            #expect(bench.text("whole").contains("You play the role"))
            #expect(!bench.text("unprompted").contains("You play the role"))

            #expect(try await bench.agency("export", run, "--out", "holes", "--redact-event", "1").status == 0)
            let holes = try await bench.agency("verify", "holes")
            #expect(holes.status == 0)
            #expect(holes.out.contains("1 events were redacted"))
            let refused = try await bench.agency("import", "holes", "--home", "elsewhere")
            #expect(refused.status == 65)
            #expect(refused.err.contains("it cannot be imported"), "\(refused.testDescription)")
            #expect(try await bench.agency("export", run, "--out", "no", "--redact", "secrets").status == 64)
            #expect(try await bench.agency("export", run, "--out", "no", "--redact-event", "9999").status == 65)
            #expect(!bench.exists("no"))
        }
    }

    @Test func `a spoilt, cut or strange file is refused by its line, and nothing is shown of it`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            #expect(try await bench.agency("export", "--out", "file").status == 0)
            let bytes = Array(try #require(FileManager.default.contents(atPath: bench.root + "/file")))
            var spoilt = bytes
            spoilt[bytes.count / 2] ^= 1
            let strange = [
                "cut": Array(bytes[..<(bytes.count / 2)]), "spoilt": spoilt, "letter": Array("Dear all\n".utf8),
            ]
            for (name, bytes) in strange {
                try Data(bytes).write(to: URL(fileURLWithPath: bench.root + "/" + name))
                for command in [["verify", name], ["import", name, "--home", "there"]] {
                    let refused = try await bench.agency(command)
                    #expect(refused.status == 65, "\(refused.testDescription)")
                    #expect(refused.complaints.count == 1)
                    #expect(refused.err.contains("line "), "\(refused.testDescription)")
                }
            }
            #expect(try await bench.agency("status", "--home", "there").out.contains("no runs yet"))
            #expect(try await bench.agency("import", "file", "--home", "there").status == 0)
            let stranger = try await bench.agency("key", "new", "--home", "stranger")
            let key = stranger.out.trimmingCharacters(in: .whitespacesAndNewlines)
            let untrusted = try await bench.agency("import", "file", "--home", "third", "--key", key)
            #expect(untrusted.status == 65)
            #expect(untrusted.err.contains("no checkpoint of a key that you named"), "\(untrusted.testDescription)")
        }
    }
}
