// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencySchema
import Foundation
import Testing

@Suite struct ServeTests {
    @Test func `a choice in the browser is signed by this terminal, and is what is enacted`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let sheet = try await bench.sheet()
            let seen = try await bench.play("browser.py", [Binary.agency, "p1", "Every step can be undone."])
            try #require(seen.status == 0, "\(seen.testDescription)")
            let told = try seen.json()
            #expect(told["outside"] == 401 && told["chosen"] == 303 && told["again"] == 409)
            #expect(told["shown"]?.string?.hasPrefix(sheet) == true)
            #expect(told["ended"] == 0)
            let chosen = try #require(try await bench.events().first { $0["type"] == "choice_recorded" })
            #expect(chosen["body"]?["choice"]?["reason"]?.string == "Every step can be undone.")
            #expect(chosen["body"]?["choice"]?["identifiedBy"]?.string?.contains("a link of agency serve") == true)
            #expect(chosen["body"]?["signature"]?["key"]?.string?.isEmpty == false)
            try await bench.resume(75)
            #expect(try await bench.events().contains { $0["type"] == "step_observed" })
            try await bench.requireSound()
            // Who came in is verified with the runs, and goes with them to another ledger.
            let verified = try await bench.agency("verify")
            #expect(verified.status == 0, "\(verified.testDescription)")
            #expect(verified.out.contains("desk-register: ✓ 1 events"), "\(verified.testDescription)")
            let moved = try await bench.agency("migrate", bench.home, "there.sqlite")
            #expect(moved.out.contains("desk-register: ✓ 1 events"), "\(moved.testDescription)")
        }
    }

    @Test func `a port that is taken is said, and without a ledger there is nothing to open`() async throws {
        try await Bench.with { bench in
            let none = try await bench.agency("serve", "--port", "0")
            #expect(none.status != 0 && none.err.contains("there is no ledger"), "\(none.testDescription)")
            try await bench.beginAndWait()
            let taken = try await bench.shell(
                """
                /usr/bin/python3 -c '
                import socket, subprocess, sys
                place = socket.socket(); place.bind(("127.0.0.1", 0)); place.listen()
                port = str(place.getsockname()[1])
                sys.exit(subprocess.run([sys.argv[1], "serve", "--port", port]).returncode)' '\(Binary.agency)'
                """
            )
            #expect(taken.status == 69, "\(taken.testDescription)")
            #expect(taken.err.contains("port"), "\(taken.testDescription)")
        }
    }
}
#endif
