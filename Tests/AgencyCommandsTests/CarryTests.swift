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
