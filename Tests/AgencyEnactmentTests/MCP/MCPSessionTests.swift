// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// What a session does with what comes in, without any server.
struct MCPSessionTests {
    private static func line(_ json: JSONValue) -> [UInt8] { json.compactBytes }

    private static func greeting(_ version: String, id: Int64 = 1, tools: Bool = true) -> [UInt8] {
        line([
            "jsonrpc": "2.0", "id": .integer(id),
            "result": [
                "protocolVersion": .string(version), "capabilities": tools ? ["tools": [:]] : [:],
                "serverInfo": ["name": "s", "version": "1"],
            ],
        ])
    }

    private static func ready(_ version: String = "2025-11-25", bounds: MCPBounds = MCPBounds()) -> MCPSession {
        var session = MCPSession(bounds: bounds)
        _ = session.begin()
        _ = session.receive(greeting(version))
        return session
    }

    private static func fault(_ actions: [MCPSession.Action]) -> String? {
        for case .close(let fault) in actions { return fault.what }
        return nil
    }

    @Test(arguments: MCPSession.versions)
    func `each version that is spoken is accepted, and nothing is offered to the server`(version: String) {
        var session = MCPSession()
        guard case .send(let hello)? = session.begin().first, let json = try? JSONValue(parsing: hello) else {
            Issue.record("does not begin")
            return
        }
        #expect(json["method"]?.string == "initialize")
        #expect(json["params"]?["protocolVersion"]?.string == "2025-11-25")
        #expect(json["params"]?["capabilities"] == [:])
        let actions = session.receive(Self.greeting(version))
        #expect(actions.last == .ready(version: version, server: "s 1"))
        #expect(actions.count == 2)
    }

    @Test(arguments: ["2024-11-05", "2099-01-01", "", "2025-11-25\u{200B}"])
    func `another version ends the session`(version: String) {
        var session = MCPSession()
        _ = session.begin()
        #expect(Self.fault(session.receive(Self.greeting(version)))?.contains("version") == true)
        #expect(session.receive(Self.greeting("2025-11-25")) == [], "what comes after is not listened to")
    }

    @Test(arguments: [
        "", "x", "[]", "1", "null", "{}", #"{"jsonrpc":"1.0","id":1,"result":{}}"#, #"{"jsonrpc":"2.0","id":1}"#,
        #"{"jsonrpc":"2.0","result":{}}"#, #"{"jsonrpc":"2.0","id":null,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":"1","result":{}}"#, #"{"jsonrpc":"2.0","id":1.5,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":9,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":2,"result":{},"error":{"code":1,"message":"x"}}"#,
        #"{"jsonrpc":"2.0","id":2,"error":"x"}"#, #"{"jsonrpc":"2.0","id":2,"error":{"code":"1","message":"x"}}"#,
        #"{"jsonrpc":"2.0","method":5}"#, #"{"jsonrpc":"2.0","method":"m","id":[1]}"#,
        #"{"jsonrpc":"2.0","method":"m","id":null}"#,
        #"{"jsonrpc":"2.0","id":1,"result":{}}"#, #"{"jsonrpc":"2.0","id":2,"id":2,"result":{}}"#,
        #"[{"jsonrpc":"2.0","id":2,"result":{}}]"#, #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"x"}}"#,
    ])
    func `what is no message of the protocol ends the session`(text: String) {
        var session = Self.ready()
        _ = session.call("t", [:])
        #expect(Self.fault(session.receive(Array(text.utf8))) != nil)
        #expect(session.fault != nil)
    }

    @Test func `an answer is taken once, and a late one after giving up is passed over`() {
        var session = Self.ready()
        _ = session.call("t", [:])
        let answer: JSONValue = ["jsonrpc": "2.0", "id": 2, "result": ["content": []]]
        #expect(session.receive(Self.line(answer)) == [.answered(["content": []])])
        #expect(Self.fault(session.receive(Self.line(answer))) == "sent a second answer to one question")
        var other = Self.ready()
        _ = other.call("t", [:])
        guard case .send(let line)? = other.giveUp("late").first, let cancelled = try? JSONValue(parsing: line) else {
            Issue.record("nothing is said")
            return
        }
        #expect(cancelled["method"]?.string == "notifications/cancelled")
        #expect(cancelled["params"]?["requestId"] == 2)
        #expect(other.receive(Self.line(answer)) == [])
        #expect(other.fault == nil)
    }

    @Test(arguments: ["sampling/createMessage", "roots/list", "elicitation/create", "anything/else"])
    func `what a server asks for is refused`(method: String) throws {
        var session = Self.ready()
        let asked: JSONValue = ["jsonrpc": "2.0", "id": "q", "method": .string(method), "params": [:]]
        guard case .send(let line)? = session.receive(Self.line(asked)).first else {
            Issue.record("no answer")
            return
        }
        let reply = try JSONValue(parsing: line)
        #expect(reply["id"] == "q" && reply["error"]?["code"] == -32601)
        let ping: JSONValue = ["jsonrpc": "2.0", "id": 5, "method": "ping"]
        #expect(session.receive(Self.line(ping)) == [.send(Self.line(["jsonrpc": "2.0", "id": 5, "result": [:]]))])
    }

    @Test func `messages, bytes, tools and pages are bounded`() {
        var bounds = MCPBounds()
        bounds.exchangeMessages = 10
        bounds.messageBytes = 1000
        bounds.exchangeBytes = 5000
        bounds.tools = 3
        bounds.pages = 2
        let note = Self.line(["jsonrpc": "2.0", "method": "notifications/message"])
        var session = Self.ready(bounds: bounds)
        for _ in 0..<10 { #expect(session.receive(note) == []) }
        #expect(Self.fault(session.receive(note)) != nil)
        session = Self.ready(bounds: bounds)
        #expect(Self.fault(session.receive([UInt8](repeating: 0x20, count: 1001)))?.contains("1000 bytes") == true)
        let tool: JSONValue = ["name": "t", "inputSchema": ["type": "object"]]
        func page(_ id: Int64, _ count: Int, more: Bool) -> [UInt8] {
            var result: JSONObject = ["tools": .array(Array(repeating: tool, count: count))]
            if more { result["nextCursor"] = "n" }
            return Self.line(["jsonrpc": "2.0", "id": .integer(id), "result": .object(result)])
        }
        session = Self.ready(bounds: bounds)
        _ = session.list()
        #expect(Self.fault(session.receive(page(2, 4, more: false))) == "sent more than 3 tools")
        session = Self.ready(bounds: bounds)
        _ = session.list()
        #expect(Self.fault(session.receive(page(2, 1, more: true))) == nil)
        #expect(Self.fault(session.receive(page(3, 1, more: true))) == "sent more than 2 pages of tools")
    }

    @Test func `only the first version has batches`() {
        let batch = Self.line([
            ["jsonrpc": "2.0", "method": "notifications/tools/list_changed"],
            ["jsonrpc": "2.0", "id": 2, "result": [:]],
        ])
        var session = Self.ready("2025-03-26")
        _ = session.call("t", [:])
        #expect(session.receive(batch) == [.answered([:])])
        #expect(session.isOutdated)
        session = Self.ready("2025-06-18")
        _ = session.call("t", [:])
        #expect(Self.fault(session.receive(batch)) != nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `no bytes whatever are taken for an answer or stop the program`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let good = Array(#"{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"x"}]}}"#.utf8)
        for _ in 0..<200 {
            var session = Self.ready()
            _ = session.call("t", [:])
            var bytes = good
            for _ in 0...(next() % 4) {
                switch next() % 3 {
                case 0: bytes[Int(next()) % bytes.count] = UInt8(truncatingIfNeeded: next())
                case 1: bytes.remove(at: Int(next()) % bytes.count)
                default: bytes.insert(UInt8(truncatingIfNeeded: next()), at: Int(next()) % bytes.count)
                }
            }
            let actions = session.receive(bytes)
            #expect(actions.count <= 1)
            if case .answered? = actions.first {
                #expect((try? JSONValue(parsing: bytes))?["id"] == 2)
            }
        }
    }
}
