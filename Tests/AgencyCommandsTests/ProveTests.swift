// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct ProveTests {
    @Test func `one event is proved in a file that needs no ledger, with its bytes or without`() async throws {
        try await Bench.with { bench in
            let key = try await bench.agency("key", "new").out.trimmingCharacters(in: .whitespacesAndNewlines)
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            #expect(try await bench.agency("checkpoint", run, "--out", "kept").status == 0)
            try await bench.finish()
            let made = try await bench.agency("prove", run, "--event", "3", "--out", "proof")
            #expect(made.status == 0, "\(made.testDescription)")
            #expect(try await bench.agency("prove", run, "--event", "3", "--out", "proof").status == 65)
            let verified = try await bench.agency("verify", "proof", "--key", key, "--home", "nowhere")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("this is event 3 of the"))
            #expect(!bench.exists("nowhere"))
            let told = try await bench.agency("verify", "proof", "--key", key, "--json").json()
            let text = try JSONValue(parsing: try #require(told["text"]?.string))
            #expect(try await bench.events()[3]["type"] == text["type"])

            // Under a checkpoint that was kept, and without the bytes.
            let hidden = try await bench.agency("prove", run, "--event", "3", "--checkpoint", "kept", "--redact")
            #expect(hidden.status == 0, "\(hidden.testDescription)")
            try bench.write("hidden", hidden.out)
            #expect(!hidden.out.contains("\"text\""))
            let seen = try await bench.agency("verify", "hidden", "--key", key, "--checkpoint", "kept", "--json").json()
            #expect(seen["digest"] == told["digest"])
            #expect(seen["text"] == .null)

            // Without somebody whom the verifier trusts it proves nothing.
            let nobody = try await bench.agency("verify", "proof", "--home", "nowhere")
            #expect(nobody.status == 65)
            #expect(nobody.err.contains("say whose checkpoints you trust"), "\(nobody.testDescription)")
            let another = try await bench.agency("key", "new", "--home", "another")
            let strange = another.out.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(try await bench.agency("verify", "proof", "--key", strange).status == 65)
            try bench.edit("proof", "\"event\":3", "\"event\":4")
            let moved = try await bench.agency("verify", "proof", "--key", key)
            #expect(moved.status == 65)
            #expect(moved.err.contains("this is not event 4 of the record"), "\(moved.testDescription)")

            for wrong in [["--event", "9999"], ["--event", "30", "--checkpoint", "kept"], ["--since", "nothing"]] {
                let refused = try await bench.agency(["prove", run] + wrong)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
            }
            for wrong in [[], ["--event", "1", "--since", "kept"], ["--since", "kept", "--redact"]] {
                #expect(try await bench.agency(["prove", run] + wrong).status == 64)
            }
        }
    }

    @Test func `that a record has only grown is proved, and that of a rewritten one cannot be`() async throws {
        try await Bench.with { bench in
            let key = try await bench.agency("key", "new").out.trimmingCharacters(in: .whitespacesAndNewlines)
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            #expect(try await bench.agency("checkpoint", run, "--out", "kept").status == 0)
            try await bench.finish()
            #expect(try await bench.agency("checkpoint", run, "--out", "later").status == 0)
            let grown = try await bench.agency("prove", run, "--since", "kept", "--out", "grown")
            #expect(grown.status == 0, "\(grown.testDescription)")
            let verified = try await bench.agency("verify", "grown", "--key", key, "--checkpoint", "kept")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("goes on from"))
            let backwards = try await bench.agency("prove", run, "--since", "later", "--checkpoint", "kept")
            #expect(backwards.status == 65)

            // Whoever holds the key and the ledger writes an early event anew, and signs the result as it stands.
            try await bench.script("ledger.py", bench.ledger, "rewrite", "forged/ledger.sqlite", "9")
            try FileManager.default.copyItem(
                atPath: bench.home + "/signing-key",
                toPath: bench.root + "/forged/signing-key"
            )
            #expect(try await bench.agency("checkpoint", run, "--out", "lie", "--home", "forged").status == 0)
            let refused = try await bench.agency("prove", run, "--since", "kept", "--home", "forged")
            #expect(refused.status == 65)
            #expect(refused.err.contains("the record was rewritten after it was signed"), "\(refused.testDescription)")
            let lie = try await bench.agency("prove", run, "--event", "3", "--out", "told", "--home", "forged")
            #expect(lie.status == 0, "\(lie.testDescription)")
            // It bears a good signature, and still tells whoever has kept a checkpoint nothing that could be believed.
            #expect(try await bench.agency("verify", "told", "--key", key).status == 0)
            for kept in ["kept", "later"] {
                let found = try await bench.agency("verify", "told", "--key", key, "--checkpoint", kept)
                #expect(found.status == 65, "\(found.testDescription)")
            }
            let split = try await bench.agency("verify", "told", "--key", key, "--checkpoint", "later")
            #expect(split.err.contains("the record was rewritten"), "\(split.testDescription)")
        }
    }
}
