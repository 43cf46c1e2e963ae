// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct CheckpointTests {
    @Test func `a rolled back, rewritten or other run is found against a checkpoint that was kept`() async throws {
        try await Bench.with { bench in
            let made = try await bench.agency("key", "new", "--name", "desk")
            #expect(made.status == 0, "\(made.testDescription)")
            let key = made.out.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(key.hasPrefix("desk+"))
            let mode = try FileManager.default.attributesOfItem(atPath: bench.home + "/signing-key")[.posixPermissions]
            #expect(mode as? Int == 0o600)
            #expect(try await bench.agency("key", "new").status == 65)
            #expect(try await bench.agency("key").out == made.out)

            try await bench.beginAndWait()
            try FileManager.default.copyItem(atPath: bench.home, toPath: bench.root + "/older")
            try await bench.finish()
            let run = try #require(try await bench.state()["run"]?.string)
            let kept = try FileManager.default.contentsOfDirectory(atPath: bench.home + "/runs/\(run)/signed")
            // Two choices and the end.
            #expect(kept.count { $0.hasSuffix(".checkpoint") } == 3, "\(kept)")
            let signed = try await bench.agency("checkpoint", run, "--out", "kept")
            #expect(signed.status == 0, "\(signed.testDescription)")
            #expect(try await bench.agency("checkpoint", run).out == bench.text("kept"))
            #expect(try await bench.agency("checkpoint", run, "--out", "kept").status == 65)

            let sound = try await bench.agency("verify", run, "--checkpoint", "kept", "--key", key)
            #expect(sound.status == 0, "\(sound.testDescription)")
            #expect(sound.out.contains("checkpoint of 2"))
            let cut = try await bench.agency("verify", run, "--checkpoint", "kept", "--key", key, "--home", "older")
            #expect(cut.status == 65, "\(cut.testDescription)")
            #expect(cut.out.contains("the record was cut, or an older copy was put in its place"))

            // Whoever lacks the key, or trusts another one, is not told that all is well.
            try bench.write("stranger.key", "desk+00000000+AAAA")
            for trust in [["--key", "stranger.key"], ["--key", "a+b+c"], ["--key", "nowhere"]] {
                let refused = try await bench.agency(["verify", run, "--checkpoint", "kept"] + trust)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
            }
            let another = try await bench.agency("key", "new", "--name", "desk", "--home", "another")
            let untrusted = try await bench.agency(
                "verify",
                run,
                "--checkpoint",
                "kept",
                "--key",
                another.out.trimmingCharacters(in: .whitespacesAndNewlines)
            )
            #expect(untrusted.status == 65)
            #expect(untrusted.err.contains("by none of the keys that you trust"), "\(untrusted.testDescription)")

            let text = bench.text("kept")
            try bench.write("forged", text.replacingOccurrences(of: "time 2", with: "time 3"))
            let forged = try await bench.agency("verify", run, "--checkpoint", "forged", "--key", key)
            #expect(forged.status == 65)
            #expect(forged.err.contains("is not right: the text was changed"), "\(forged.testDescription)")

            // Cut with care: without a checkpoint, what is left is a sound record.
            try await bench.script("ledger.py", bench.ledger, "cut", "short-home/ledger.sqlite", "12")
            #expect(try await bench.agency("verify", run, "--home", "short-home").status == 0)
            let short = try await bench.agency(
                "verify",
                run,
                "--checkpoint",
                "kept",
                "--key",
                key,
                "--home",
                "short-home"
            )
            #expect(short.status == 65)
            #expect(short.out.contains("✗ event 12: is missing"), "\(short.testDescription)")

            try await bench.script("ledger.py", bench.ledger, "rewrite", "forged-home/ledger.sqlite", "9")
            #expect(try await bench.agency("verify", run, "--home", "forged-home").status == 0)
            let rewritten = try await bench.agency(
                "verify",
                run,
                "--checkpoint",
                "kept",
                "--key",
                key,
                "--home",
                "forged-home"
            )
            #expect(rewritten.status == 65)
            #expect(
                rewritten.out.contains("the record was rewritten after it was signed"),
                "\(rewritten.testDescription)"
            )
        }
    }

    @Test func `without a key nothing is signed and the way to one is said`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let refused = try await bench.agency("checkpoint")
            #expect(refused.status == 65)
            #expect(refused.err.contains("agency key new"), "\(refused.testDescription)")
            #expect(try await bench.agency("key", "show").status == 65)
            #expect(try await bench.agency("verify", "--checkpoint", "x").status == 64)
        }
    }
}
