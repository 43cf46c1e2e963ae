// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import Testing

struct SSEParserTests {
    private func parse(_ bytes: [UInt8], chunk: Int = .max) throws -> [SSEEvent] {
        var parser = SSEParser()
        var events: [SSEEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            events += try parser.feed(rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
        }
        return events
    }

    @Test(arguments: [
        ("data: a\n\n", [SSEEvent(data: "a")]),
        ("data:a\r\n\r\n", [SSEEvent(data: "a")]),
        ("data: a\r\r", [SSEEvent(data: "a")]),
        ("data: a\r\n\ndata: b\n\r\n", [SSEEvent(data: "a"), SSEEvent(data: "b")]),
        ("\u{FEFF}data: a\n\n", [SSEEvent(data: "a")]),
        ("data: a\ndata:\ndata:  b\n\n", [SSEEvent(data: "a\n\n b")]),
        (": comment\ndata: a\n:\n\n", [SSEEvent(data: "a")]),
        (
            "event: ping\nid: 7\ndata: a\n\ndata: b\n\n",
            [SSEEvent(event: "ping", data: "a", id: "7"), SSEEvent(data: "b", id: "7")]
        ),
        ("id: 1\u{0}2\ndata: a\n\n", [SSEEvent(data: "a")]),
        ("data\n\n", [SSEEvent(data: "")]),
        ("event: nothing\n\nretry: 5\n\ndata: a\n\n", [SSEEvent(data: "a")]),
        ("data: a\u{0}b\n\n", [SSEEvent(data: "a\u{0}b")]),
        ("data:\u{301}x\n\n", [SSEEvent(data: "\u{301}x")]),
        ("data: without an end\n", []),
    ])
    func `a stream is taken apart as the standard says`(_ text: String, _ events: [SSEEvent]) throws {
        #expect(try parse(Array(text.utf8)) == events)
        #expect(try parse(Array(text.utf8), chunk: 1) == events)
    }

    @Test func `it does not matter where a chunk ends`() throws {
        let text = "\u{FEFF}event: a\r\ndata: 日本語 🎌\r\n\r\n: c\ndata: x\ndata: é\n\nid: 1\rdata: z\r\r"
        let bytes = Array(text.utf8)
        let whole = try parse(bytes)
        #expect(whole.count == 3)
        for split in 0...bytes.count {
            var parser = SSEParser()
            let events = try parser.feed(bytes[..<split]) + parser.feed(bytes[split...])
            #expect(events == whole, "split at \(split)")
        }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let bytes = Array("data: ".utf8) + [0xC3, 0x28] + Array("\n\n".utf8)
        #expect(throws: PerformerError.self) { try parse(bytes) }
    }

    @Test func `events before a fault count, wherever the stream is cut`() throws {
        let bytes = Array("data: a\n\ndata: ".utf8) + [0xFF] + Array("\n\ndata: b\n\n".utf8)
        for split in 1..<bytes.count {
            var parser = SSEParser()
            var events: [SSEEvent] = []
            let error = #expect(throws: PerformerError.self) {
                for piece in [bytes[..<split], bytes[split...]] { events += try parser.feed(piece) }
                if let fault = parser.fault { throw fault }
            }
            #expect(error?.code == .protocolViolation)
            #expect(events == [SSEEvent(data: "a")], "split at \(split)")
            #expect(throws: PerformerError.self) { try parser.feed(Array("data: c\n\n".utf8)) }
        }
    }

    @Test func `a line beyond a mebibyte is refused before it is kept`() throws {
        var parser = SSEParser()
        _ = try parser.feed([UInt8](repeating: 0x61, count: SSEParser.maximumLine))
        let error = #expect(throws: PerformerError.self) { try parser.feed([0x61]) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `a stream beyond ten mebibytes is refused even when it is all comments`() throws {
        var parser = SSEParser()
        let comment = Array(":".utf8) + [UInt8](repeating: 0x20, count: 65_534) + [0x0A]
        let error = #expect(throws: PerformerError.self) {
            for _ in 0..<200 { _ = try parser.feed(comment) }
        }
        #expect(error?.code == .tooLarge)
    }
}
