// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct PolicyTests {
    private static let tools = """
        [{"name": "letters.read", "effect": "read", "reach": "local", "arguments": {"from": "none"},
          "results": {"sender": {"writers": ["anyone"], "readers": ["person"], "repeats": []}}},
         {"name": "letters.send", "effect": "write", "repeatability": {"class": "blind"}, "reach": "leaves",
          "destructive": false, "pays": false, "arguments": {"to": "recipient", "text": "none"}},
         {"name": "purse.pay", "effect": "write", "pays": true}]
        """
    private static let trace = """
        {"brief": {"text": "Thank whoever wrote, and carol@example.com."},
         "plan": {"steps": [
           {"id": "s1", "tool": "letters.read", "arguments": {"from": {"from": "model", "value": "bob"}}},
           {"id": "s2", "tool": "letters.send", "arguments": {
             "to": {"from": "brief", "value": "carol@example.com"}, "text": {"from": "model", "value": "Thanks."}}},
           {"id": "s3", "tool": "letters.send", "arguments": {
             "to": {"from": "result", "result": "s1", "field": "sender"}, "text": {"from": "model", "value": "Thanks."}}}]},
         "results": [{"id": "r1", "call": "c1", "value": {"sender": "eve@evil.test\\u001b[2J"}}],
         "calls": [
           {"id": "c1", "tool": "letters.read", "arguments": {"from": "bob"}},
           {"id": "c2", "tool": "letters.send", "arguments": {"to": "carol@example.com", "text": "Thanks."}},
           {"id": "c3", "tool": "letters.send", "arguments": {"to": "eve@evil.test\\u001b[2J", "text": "Thanks."}},
           {"id": "c4", "tool": "purse.pay", "arguments": {"to": "eve"}}],
         "answers": [{"id": "a1", "of": [{"from": "result", "result": "r1", "field": "sender"}]}]}
        """

    private func evaluate(_ bench: Bench, _ more: String...) async throws -> Outcome {
        try await bench.agency(["policy", "evaluate", "-m", "tools.json", "-t", "trace.json"] + more)
    }

    @Test func `every call of a trace is decided, and says why`() async throws {
        try await Bench.with { bench in
            try bench.write("tools.json", Self.tools)
            try bench.write("trace.json", Self.trace)
            let told = try await evaluate(bench)
            #expect(told.status == 0, "\(told.testDescription)")
            #expect(told.out.contains("c2  letters.send (s2)  allowed"))
            #expect(
                told.out.contains("c3  letters.send (s3)  asks\n    untrusted-authority: “to” decides who is reached")
            )
            #expect(told.out.contains("c4  purse.pay  cannot arise\n    not-in-plan"))
            #expect(told.out.contains("answer a1: leans on untrusted text: r1 (sender)"))
            #expect(told.out.contains("not loaded: purse.pay: it pays and declares no class of effects"))
            #expect(told.out.contains("autonomy 50 %: 1 of 2 calls"))
            #expect(!told.out.contains("\u{1B}[2J"))
            let json = try JSONValue(parsing: Array(try await evaluate(bench, "--json").out.utf8))
            let decisions = json["calls"]?.array?.compactMap { $0["decision"]?.string }
            #expect(decisions == ["allowed", "allowed", "asks", "cannot arise"])
            #expect(json["calls"]?[2]?["reasons"]?[0]?["sources"]?[0]?["result"] == "r1")
            #expect(json["answers"]?[0]?["leansOnUntrusted"] == true)
            #expect(json["autonomy"]?["share"] == 0.5)
        }
    }

    @Test func `another policy is data, and what it would change is shown`() async throws {
        try await Bench.with { bench in
            try bench.write("tools.json", Self.tools)
            try bench.write("trace.json", Self.trace)
            try bench.write(
                "strict.json",
                "{\"name\": \"strict\", \"version\": 2, \"decisions\": {\"untrusted-authority\": \"refused\"}}"
            )
            let told = try await evaluate(bench, "--policy", "strict.json", "--against", "standard.json")
            #expect(told.status == 65)
            let standard = try await bench.agency("policy", "show")
            try bench.write("standard.json", standard.out)
            let again = try await evaluate(bench, "--policy", "strict.json", "--against", "standard.json")
            #expect(again.status == 0, "\(again.testDescription)")
            #expect(again.out.contains("1 of 4 calls would be decided otherwise:\n  c3  letters.send  asks → refused"))
            // What is not open to a policy is not opened by one.
            for bad in ["not-in-plan", "secret-leaves", "not-chosen", "no-such-rule"] {
                try bench.write(
                    "bad.json",
                    "{\"name\": \"x\", \"version\": 1, \"decisions\": {\"\(bad)\": \"allowed\"}}"
                )
                let refused = try await evaluate(bench, "--policy", "bad.json")
                #expect(refused.status == 65, "\(bad)")
                #expect(refused.err.contains("bad.json is not a policy"), "\(refused.testDescription)")
            }
        }
    }

    @Test(arguments: [
        ("{", ":1:2: expected a name"), ("[]", "expected object"),
        ("{\"brief\": {\"text\": \"x\"}}", "“plan” is missing"),
        (
            "{\"brief\": {\"text\": \"x\"}, \"plan\": {\"steps\": [{\"id\": \"a\", \"tool\": \"b\", \"when\": 1}]}}",
            "unknown name"
        ),
        (
            "{\"brief\":{\"text\":\"x\"},\"plan\":{\"steps\":[{\"id\":\"a\",\"tool\":\"b\",\"arguments\":{\"x\":{\"from\":\"thin air\"}}}]}}",
            "expected one of \"brief\""
        ),
        (
            "{\"brief\":{\"text\":\"x\"},\"plan\":{\"steps\":[{\"id\":\"a\",\"tool\":\"b\"},{\"id\":\"a\",\"tool\":\"b\"}]}}",
            "two of its steps are called “a”"
        ),
    ])
    func `a trace that cannot be understood is refused, and says where`(text: String, why: String) async throws {
        try await Bench.with { bench in
            try bench.write("tools.json", Self.tools)
            try bench.write("trace.json", text)
            let refused = try await evaluate(bench)
            #expect(refused.status == 65, "\(refused.testDescription)")
            #expect(refused.err.contains(why), "\(refused.testDescription)")
            #expect(refused.err.contains("trace.json"))
        }
    }

    @Test func `a run is decided as the ledger has it, and the choice says what was chosen after reading`() async throws
    {
        try await Bench.with { bench in
            let begun = try await bench.begin()
            #expect(begun.status == 75, "\(begun.testDescription)")
            let waiting = try await bench.agency("policy", "evaluate", "--run", "latest", "--json")
            #expect(waiting.status == 0, "\(waiting.testDescription)")
            let json = try JSONValue(parsing: Array(waiting.out.utf8))
            #expect(json["calls"]?.array?.isEmpty == true)
            let both = try await bench.agency("policy", "evaluate", "--run", "latest", "-t", "x", "-m", "y")
            #expect(both.status == 64)
        }
    }
}
