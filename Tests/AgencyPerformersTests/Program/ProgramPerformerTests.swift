// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ProgramPerformerTests {
    private static let environment = ["PATH": "/usr/bin:/bin", "HOME": "/", "SECRET": "s3cret"]

    private func run(
        _ script: String,
        _ request: TurnRequest = makeRequest(tools: [queryTool]),
        seconds: Double = 60
    ) async throws -> Turn {
        var profile = makeProfile(.program)
        profile.command = ["sh", "-c", script]
        profile.overallSeconds = seconds
        return try await ProgramPerformer(profile: profile, environment: Self.environment).respond(to: request)
    }

    @Test func `a program gets the request and its answer is the turn`() async throws {
        let turn = try await run(
            #"printf '{"output":'; cat; printf ',"performer":"echo","usage":{"input_tokens":3,"dollars":0.5}}'"#
        )
        let heard = try JSONValue(parsing: turn.text)
        #expect(heard["episode"] == "0.evaluate.auditor.p1")
        #expect(heard["role"] == "auditor")
        #expect(heard["turn"] == 0)
        #expect(heard["messages"] == .array(makeRequest().messages.map(\.json)))
        #expect(heard["tools"]?[0]?["name"] == "sqlite.query")
        #expect(heard["output_schema"]?.compactText == verdictSchema.json.compactText)
        #expect(heard["output_tokens"] == 1000)
        #expect(turn.performer == "echo")
        #expect(turn.usage == Usage(inputTokens: 3, money: Money(dollars: 0.5), calls: 1))
    }

    @Test func `a program waits for its turn, and nobody holds that against it`() async throws {
        var profile = makeProfile(.program)
        profile.command = ["sh", "-c", #"echo '{"text":"done"}'"#]
        profile.concurrency = 1
        let program = try ProgramPerformer(profile: profile, environment: Self.environment)
        // Whoever watched it would count the time in the queue as well.
        #expect(!program.needsWatch)
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let request = makeRequest()
                    return try await program.inTurn(for: request.run) { try await program.respond(to: request).text }
                }
            }
            for try await text in group { #expect(text == "done") }
        }
    }

    @Test func `a program may call tools`() async throws {
        let turn = try await run(#"echo '{"tool_calls":[{"tool":"sqlite.query","arguments":{"sql":"x"}}]}'"#)
        #expect(turn.calls == [ToolCall(id: "call-0-0", tool: "sqlite.query", arguments: ["sql": "x"])])
        #expect(turn.performer == "sh")
    }

    @Test func `a program that reads nothing of a long request can answer`() async throws {
        let long = makeRequest([.user([.text(String(repeating: "x", count: 4 << 20))])])
        #expect(try await run(#"echo '{"text":"done"}'"#, long).text == "done")
        #expect(try await run(#"exec 0<&-; sleep 0.1; echo '{"text":"done"}'"#, long).text == "done")
    }

    @Test func `a long answer arrives whole`() async throws {
        let turn = try await run(#"printf '{"text":"'; head -c 3000000 /dev/zero | tr '\0' x; printf '"}'"#)
        #expect(turn.text.utf8.count == 3_000_000)
    }

    @Test(arguments: [
        (#"echo '{"refusal":"no"}'"#, PerformerError.Code.refusal), ("true", .empty), ("printf ' \\n'", .empty),
        (#"echo '{"text":"  "}'"#, .empty), ("echo hello", .protocolViolation),
        ("printf '\\377{}'", .protocolViolation),
        (#"printf '{"text":"\377"}'"#, .protocolViolation), (#"echo '{"text":"a","text":"b"}'"#, .protocolViolation),
        (#"echo '{"text":"a"} {}'"#, .protocolViolation), ("echo '[]'", .protocolViolation),
        ("echo '{}'", .protocolViolation),
        (#"echo '{"text":"a","output":1}'"#, .protocolViolation), (#"echo '{"text":1}'"#, .protocolViolation),
        (#"echo '{"text":"a","surprise":1}'"#, .protocolViolation), (#"echo '{"tool_calls":[]}'"#, .protocolViolation),
        (#"echo '{"tool_calls":[{"tool":"rm","arguments":{}}]}'"#, .protocolViolation),
        (#"echo '{"tool_calls":[{"tool":"sqlite.query","arguments":[]}]}'"#, .protocolViolation),
        (#"echo '{"text":"a","usage":{"input_tokens":-1}}'"#, .protocolViolation),
        ("kill -9 $$", .programFailed), (#"echo '{"text":"a"}'; exit 3"#, .programFailed),
    ])
    func `what is no answer is refused`(_ script: String, _ code: PerformerError.Code) async {
        #expect(await performerError { try await run(script) }?.code == code)
    }

    @Test func `a failure shows the end of the complaints, harmless and bounded`() async {
        let error = await performerError {
            try await run(#"head -c 100000 /dev/zero | tr '\0' y >&2; printf '\nlast\033[31m words\n' >&2; exit 7"#)
        }
        #expect(error?.message.contains("7") == true)
        #expect(error?.message.contains("last\\u{1b}[31m words") == true)
        #expect((error?.message.count ?? 999) <= 400)
    }

    @Test func `a program that is not there has failed`() async {
        for command in [["no-such-program-here"], ["/no/such/program"]] {
            var profile = makeProfile(.program)
            profile.command = command
            let fixed = profile
            let error = await performerError {
                try await ProgramPerformer(profile: fixed, environment: Self.environment).respond(to: makeRequest())
            }
            #expect(error?.code == .programFailed)
        }
    }

    @Test func `a flood is stopped`() async {
        #expect(await performerError { try await run("yes") }?.code == .tooLarge)
        #expect(await performerError { try await run("yes >&2") }?.code == .tooLarge)
    }

    @Test func `nothing of the environment leaks`() async throws {
        let turn = try await run(#"printf '{"text":"'; env | cut -d= -f1 | sort | tr '\n' ' '; printf '"}'"#)
        let names = Set(turn.text.split(separator: " "))
        #expect(names.isSuperset(of: ["HOME", "PATH"]))
        #expect(names.isDisjoint(with: ["SECRET", "LANG", "USER"]))
    }

    @Test func `a program that hangs is killed with everything it has started`() async throws {
        try await withTemporaryDirectory { directory in
            let script = "sleep 300 & echo $! > \(directory)/child; sleep 300"
            let error = await performerError { try await run(script, seconds: 1) }
            #expect(error?.code == .timeout)
            #expect(error?.retry == .later(nil))
            let child = try String(contentsOfFile: directory + "/child", encoding: .utf8).trimmingCharacters(
                in: .newlines
            )
            try await expectGone(child)
        }
    }

    @Test func `a program is killed when the task is cancelled`() async throws {
        try await withTemporaryDirectory { directory in
            let script = "sleep 300 & echo $! > \(directory)/new; mv \(directory)/new \(directory)/child; wait"
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do {
                        _ = try await run(script)
                        return false
                    } catch { return error is CancellationError }
                }
                while !FileManager.default.fileExists(atPath: directory + "/child") { await Task.yield() }
                group.cancelAll()
                #expect(await group.next() == true)
            }
            let child = try String(contentsOfFile: directory + "/child", encoding: .utf8).trimmingCharacters(
                in: .newlines
            )
            try await expectGone(child)
        }
    }

    /// Whether a process is gone or at least dead; init may take a moment to bury it.
    private func expectGone(_ process: String) async throws {
        for _ in 0..<200 {
            let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            if state == nil || state?.contains(") Z ") == true { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("process \(process) is still there")
    }
}
