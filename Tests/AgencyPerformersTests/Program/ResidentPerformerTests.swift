// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ResidentPerformerTests {
    private func performer(_ script: String, concurrency: Int = 1, seconds: Double = 30) throws -> any Performer {
        var profile = makeProfile(.program)
        profile.command = ["python3", "-u", "-c", "import json, os, sys, time\n" + script]
        profile.lifetime = .resident
        profile.concurrency = concurrency
        profile.overallSeconds = seconds
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "SECRET": "s3cret"]
        return try Casting(profiles: [profile], environment: environment, transport: nil, terminal: nil)
            .performer(for: profile)
    }

    private static let counting = """
        count = 0
        for line in sys.stdin:
            heard = json.loads(line)
            count += 1
            print(json.dumps({"output": {"pid": os.getpid(), "count": count, "episode": heard["episode"],
                "secret": os.environ.get("SECRET", "")}}), flush=True)
        """

    private func ask(_ performer: any Performer, _ request: TurnRequest = makeRequest()) async throws -> JSONValue {
        try JSONValue(parsing: try await performer.respond(to: request).text)
    }

    @Test func `one program answers one request after another`() async throws {
        let performer = try performer(Self.counting)
        let first = try await ask(performer)
        for count in 2...20 {
            let next = try await ask(performer)
            #expect(next["pid"] == first["pid"])
            #expect(next["count"]?.integer == Int64(count))
        }
        #expect(first["episode"] == "0.evaluate.auditor.p1")
        #expect(first["secret"] == "")
    }

    @Test func `as many programs run as requests are made at once`() async throws {
        let performer = try performer(Self.counting.replacing("count += 1", with: "time.sleep(0.2)"), concurrency: 3)
        let programs = try await withThrowingTaskGroup(of: Int64?.self) { group in
            for _ in 0..<9 { group.addTask { try await ask(performer)["pid"]?.integer } }
            return try await group.reduce(into: Set<Int64?>()) { $0.insert($1) }
        }
        #expect((1...3).contains(programs.count))
    }

    @Test func `a long request and a long answer arrive whole`() async throws {
        let performer = try performer("for line in sys.stdin: print(json.dumps({'text': line[-3000000:]}), flush=True)")
        let long = makeRequest([.user([.text(String(repeating: "x", count: 4 << 20))])])
        #expect(try await performer.respond(to: long).text.utf8.count == 3_000_000)
        #expect(try await performer.respond(to: long).text.utf8.count == 3_000_000)
    }

    @Test(
        arguments: [
            ("sys.exit('no more')", PerformerError.Code.programFailed), ("os.kill(os.getpid(), 9)", .programFailed),
            ("os.close(1); time.sleep(60)", .programFailed), ("print('hello', flush=True)", .protocolViolation),
            ("print('{\"text\":\"a\"}\\n{}', flush=True)", .protocolViolation), ("print(flush=True)", .empty),
            ("time.sleep(60)", .timeout), ("sys.stdin.close(); time.sleep(60)", .timeout),
            ("while True: sys.stdout.write('x' * 65536)", .tooLarge),
        ]
    )
    func `a program that misbehaves once is started anew`(fault: String, code: PerformerError.Code) async throws {
        try await withTemporaryDirectory { folder in
            let mark = "\(folder)/mark"
            let script = """
                for line in sys.stdin:
                    if not os.path.exists(\(String(reflecting: mark))):
                        open(\(String(reflecting: mark)), "w").close()
                        \(fault)
                    else:
                        print('{"text":"well"}', flush=True)
                """
            let performer = try performer(script, seconds: code == .timeout ? 1 : 30)
            let error = await #expect(throws: PerformerError.self) { try await performer.respond(to: makeRequest()) }
            #expect(error?.code == code, "\(String(describing: error))")
            if fault.contains("no more") { #expect(error?.message.contains("no more") == true) }
            #expect(try await performer.respond(to: makeRequest()).text == "well")
        }
    }

    @Test func `much that is said on standard error holds nothing up`() async throws {
        let performer = try performer(
            "for line in sys.stdin:\n    sys.stderr.write('e' * 1000000)\n    print('{\"text\":\"a\"}', flush=True)"
        )
        for _ in 0..<3 { #expect(try await performer.respond(to: makeRequest()).text == "a") }
    }

    @Test func `whoever is cancelled does not wait for the answer`() async throws {
        let performer = try performer("time.sleep(600)")
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await performer.respond(to: makeRequest()) }
                try await Task.sleep(for: .milliseconds(300))
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func `a program that there is not is named`() async throws {
        var profile = makeProfile(.program)
        profile.command = ["/nowhere/to/be/found"]
        profile.lifetime = .resident
        let performer = try Casting(profiles: [profile], environment: [:], transport: nil, terminal: nil)
            .performer(for: profile)
        let error = await #expect(throws: PerformerError.self) { try await performer.respond(to: makeRequest()) }
        #expect(error?.code == .programFailed)
        #expect(error?.message.contains("/nowhere/to/be/found") == true)
    }

    @Test func `the program ends with its performer`() async throws {
        let process: Int32
        do {
            let performer = try performer(Self.counting)
            process = Int32(try await ask(performer)["pid"]?.integer ?? 0)
            #expect(kill(process, 0) == 0)
        }
        #expect(kill(process, 0) == -1)
    }
}
