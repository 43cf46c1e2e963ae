// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// What a review may say, and what follows from it.
struct MCPReviewTests {
    private static let server = ToolServer(name: "s", command: ["x"])

    private static func tool(
        _ name: String = "t",
        _ about: String = "Does it.",
        _ schema: JSONValue = ["type": "object"]
    ) throws -> MCPTool {
        try MCPTool(["name": .string(name), "description": .string(about), "inputSchema": schema])
    }

    private static func offer(_ tool: MCPTool, _ entry: MCPReview.Entry?) -> MCPOffer {
        let review = entry.map { MCPReview(server: "s", reviewer: "r", tools: [$0]) }
        return MCPOffer.all([tool], of: server, review: review)[0]
    }

    @Test func `the class is what the person said, and nothing else`() throws {
        let tool = try Self.tool()
        let plain = Self.offer(tool, nil)
        #expect(plain.standing == .unreviewed && plain.manifest?.effect == .write && plain.manifest?.effects == .blind)
        let read = Self.offer(tool, .init(name: "t", digest: tool.digest.hex, effect: .read, effects: .pure))
        #expect(read.standing == .reviewed && read.manifest?.effect == .read && read.manifest?.effects == .pure)
        let refused = Self.offer(
            tool,
            .init(name: "t", digest: tool.digest.hex, effect: .read, effects: .pure, allowed: false)
        )
        #expect(refused.standing == .refused && refused.manifest == nil)
    }

    @Test func `any change of name, description or schema is another tool`() throws {
        let tool = try Self.tool()
        let entry = MCPReview.Entry(name: "t", digest: tool.digest.hex, effect: .read, effects: .pure)
        let others = [
            try Self.tool("t", "Does it!"), try Self.tool("t", "Does it.\u{200B}"),
            try Self.tool("t", "Does it.", ["type": "object", "properties": ["a": ["type": "string"]]]),
            try MCPTool([
                "name": "t", "description": "Does it.", "inputSchema": ["type": "object"],
                "outputSchema": ["type": "object"],
            ]),
        ]
        for other in others {
            #expect(Self.offer(other, entry).standing == .changed)
            #expect(Self.offer(other, entry).manifest == nil)
        }
        let hinted = try MCPTool([
            "name": "t", "description": "Does it.", "inputSchema": ["type": "object"],
            "annotations": ["readOnlyHint": true],
        ])
        #expect(Self.offer(hinted, entry).standing == .reviewed, "hints are no part of it")
    }

    @Test func `a review reads back equal`() throws {
        let review = MCPReview(
            server: "s",
            reviewer: "r",
            tools: [.init(name: "t", digest: "00", effect: .write, effects: .transactional, allowed: false)]
        )
        #expect(try MCPReview(parsing: review.bytes) == review)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"server":"s","reviewer":"r"}"#,
        #"{"server":"s","reviewer":"r","tools":[{"name":"t","digest":"0","effect":"read","class":"blind","allowed":true}]}"#,
        #"{"server":"s","reviewer":"r","tools":[{"name":"t","digest":"0","effect":"write","class":"pure","allowed":true}]}"#,
        #"{"server":"s","reviewer":"r","tools":[{"name":"t","digest":"0","effect":"write","class":"keyed","allowed":true}]}"#,
        #"{"server":"s","reviewer":"r","tools":[{"name":"t","digest":"0","effect":"harmless","class":"pure","allowed":true}]}"#,
        #"{"server":"s","reviewer":"r","tools":[{"name":"t","digest":"0","effect":"read","class":"pure","allowed":true},{"name":"t","digest":"1","effect":"read","class":"pure","allowed":true}]}"#,
    ])
    func `what is no sound review is refused`(text: String) {
        #expect(throws: EnactmentError.self) { try MCPReview(parsing: Array(text.utf8)) }
    }
}
