// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

@testable import AgencyCore
@testable import AgencyEnactment

extension FuzzTarget {
    /// Whatever a server writes, what is said to it is well-formed, bounds hold, and a session that is over stays over.
    static let mcp = FuzzTarget(name: "mcp", longest: 8192) { bytes in
        var bounds = MCPBounds()
        // Small, so that what is made up comes to them.
        (bounds.tools, bounds.pages, bounds.batchMessages, bounds.resultBytes) = (4, 3, 3, 200)
        (bounds.exchangeMessages, bounds.exchangeBytes, bounds.messageBytes) = (16, 4096, 2048)
        var session = MCPSession(bounds: bounds)
        var lines = bytes.split(separator: 0x0A).map(Array.init)[...]
        var actions = session.begin()
        var tools: [MCPTool] = []
        var questions = 0
        while true {
            for action in actions {
                switch action {
                case .send(let line): try checkSent(line)
                case .ready(let version, let server):
                    try hold("it speaks \(version)", MCPSession.versions.contains(version))
                    try hold("a name is not bounded", server.utf8.count <= 2000)
                case .listed(let found):
                    tools = found
                    try checkTools(found, bounds)
                case .answered(let answer):
                    guard let tool = tools.first else { continue }
                    try checkResult(ToolResult(answer, of: tool, limit: bounds.resultBytes), bounds)
                case .refused(_, let message): try hold("a refusal is not bounded", message.count <= 2000)
                case .close(let fault):
                    try hold("a fault is not bounded", fault.what.count <= 2000)
                    try hold("it is over and open", session.fault == fault)
                }
            }
            guard session.fault == nil else { break }
            let isAsked = actions.contains { if case .send(let line) = $0 { isQuestion(line) } else { false } }
            let isDone = actions.contains { !isSent($0) }
            actions = []
            if isDone, !isAsked, questions < 8 {
                questions += 1
                if tools.isEmpty || session.isOutdated {
                    actions = session.list()
                } else {
                    actions = session.call(tools[0].name, [:])
                    if questions == 3 { actions += session.giveUp("late") + session.call(tools[0].name, [:]) }
                }
                continue
            }
            guard let line = lines.popFirst() else { break }
            actions = session.receive(line)
        }
        guard session.fault != nil else { return }
        try hold("what is over says something", session.receive(Array("{}".utf8)).isEmpty)
    }

    private static func isSent(_ action: MCPSession.Action) -> Bool { if case .send = action { true } else { false } }

    private static func isQuestion(_ line: [UInt8]) -> Bool {
        let json = try? JSONValue(parsing: line)
        return json?["method"]?.string.map { !$0.hasPrefix("notifications/") } ?? false
    }

    private static func checkSent(_ line: [UInt8]) throws {
        let json = try JSONValue(parsing: line)
        try hold("a message of two lines", !line.contains(0x0A))
        try hold("a message of another protocol", json["jsonrpc"]?.string == "2.0")
        try hold("a message without a meaning", json["method"] != nil || json["result"] != nil || json["error"] != nil)
    }

    private static func checkTools(_ tools: [MCPTool], _ bounds: MCPBounds) throws {
        try hold("too many tools", tools.count <= bounds.tools)
        let server = ToolServer(name: "s", command: ["s"])
        let offers = MCPOffer.all(tools, of: server, review: nil, bounds: bounds)
        for offer in offers {
            try hold("offered and not", offer.standing.isOffered == (offer.manifest != nil))
            guard let manifest = offer.manifest else { continue }
            try hold("it has another name", manifest.name.rawValue.hasPrefix("mcp.s."))
            try hold("it is of a harmless class", manifest.effect == .write && manifest.reach == .leaves)
            try hold("its words hide something", TextScan(manifest.about).hidden.allSatisfy(\.isBlank))
            try hold("its schema cannot be checked", manifest.parameters.faults().isEmpty)
        }
    }

    private static func checkResult(_ result: ToolResult, _ bounds: MCPBounds) throws {
        // What is cut within a character is repaired, which makes it a little longer.
        let most = bounds.resultBytes * 3 + 64
        try hold("a result of \(result.output.utf8.count) bytes", result.output.utf8.count <= most)
    }
}
