// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A session with a server of tools: it is told what came in and says what to do.
///
/// Nothing here waits, reads or writes. One question is open at a time. Whatever a server does that the protocol does not
/// allow ends the session with a fault; what it asks for (a model's answer, folders, a person's input) is refused.
///
/// > Source: Model Context Protocol, <https://modelcontextprotocol.io/specification/2025-11-25>; earlier versions from
/// > 2025-03-26 on.
struct MCPSession: Sendable {
    /// What is to be done next.
    enum Action: Hashable, Sendable {
        /// Write a line.
        case send([UInt8])
        /// The server is ready; its version of the protocol and its own name.
        case ready(version: String, server: String)
        /// All tools are known.
        case listed([MCPTool])
        /// The call was answered.
        case answered(JSONValue)
        /// The question was refused by the server.
        case refused(code: Int64, message: String)
        /// The session is over.
        case close(MCPFault)
    }

    /// The versions that are spoken, the preferred one first.
    static let versions = ["2025-11-25", "2025-06-18", "2025-03-26"]

    private enum State: Hashable, Sendable {
        case fresh
        case initializing(id: Int64)
        case idle
        case listing(id: Int64, page: Int, tools: [MCPTool])
        case calling(id: Int64)
        case closed(MCPFault)
    }

    private let bounds: MCPBounds
    private var state = State.fresh
    private var lastID: Int64 = 0
    /// Calls that were given up, the answers to which may still come.
    private var givenUp: [Int64] = []
    private var messages = 0
    private var bytes = 0
    private(set) var version: String?
    /// Whether the server said that its tools are no longer those that were listed.
    private(set) var isOutdated = false

    init(bounds: MCPBounds = MCPBounds()) { self.bounds = bounds }

    /// Why the session is over, if it is.
    var fault: MCPFault? { if case .closed(let fault) = state { fault } else { nil } }

    /// Begins the session.
    mutating func begin() -> [Action] {
        guard state == .fresh else { return close("was begun twice") }
        let id = nextID()
        state = .initializing(id: id)
        let parameters: JSONValue = [
            "protocolVersion": .string(Self.versions[0]), "capabilities": [:],
            "clientInfo": ["name": "OpenAgency", "version": "0.1.0"],
        ]
        return [.send(MCPMessage.request(id, "initialize", parameters))]
    }

    /// Asks for the tools.
    mutating func list() -> [Action] {
        guard state == .idle else { return close("was asked for its tools while it was not ready") }
        isOutdated = false
        return list(page: 1, tools: [], cursor: nil)
    }

    /// Calls a tool.
    mutating func call(_ tool: String, _ arguments: JSONValue) -> [Action] {
        guard state == .idle else { return close("was called while it was not ready") }
        let id = nextID()
        state = .calling(id: id)
        return [.send(MCPMessage.request(id, "tools/call", ["name": .string(tool), "arguments": arguments]))]
    }

    /// Gives the open call up; its answer is passed over when it comes.
    mutating func giveUp(_ reason: String) -> [Action] {
        guard case .calling(let id) = state else { return [] }
        state = .idle
        givenUp = (givenUp + [id]).suffix(16)
        let parameters: JSONValue = ["requestId": .integer(id), "reason": .string(reason)]
        return [.send(MCPMessage.notification("notifications/cancelled", parameters))]
    }

    /// Takes a line that came.
    mutating func receive(_ line: [UInt8]) -> [Action] {
        guard fault == nil else { return [] }
        messages += 1
        bytes += line.count
        guard line.count <= bounds.messageBytes else {
            return close("sent a message of more than \(bounds.messageBytes) bytes")
        }
        guard bytes <= bounds.exchangeBytes, messages <= bounds.exchangeMessages else {
            return close(
                "sent more than \(bounds.exchangeMessages) messages or \(bounds.exchangeBytes) bytes for one answer"
            )
        }
        guard let json = try? JSONValue(parsing: line) else {
            return close(
                "wrote a line that is no JSON: “\(String(decoding: line.prefix(200), as: UTF8.self).escaped(limit: 120))”"
            )
        }
        do throws(MCPFault) {
            guard case .array(let batch) = json else { return try take(try MCPMessage(json)) }
            guard version == "2025-03-26", (1...bounds.batchMessages).contains(batch.count) else {
                throw MCPFault("sent a batch, which its version of the protocol does not have, or too large a one")
            }
            messages += batch.count - 1
            var actions: [Action] = []
            for one in batch { actions += try take(try MCPMessage(one)) }
            return actions
        } catch {
            return close("sent \(error.what)")
        }
    }

    /// Takes note that the server is gone.
    mutating func end(_ why: String) -> [Action] { fault == nil ? close(why) : [] }

    private mutating func take(_ message: MCPMessage) throws(MCPFault) -> [Action] {
        switch message {
        case .request(let id, let method):
            if method == "ping" { return [.send(MCPMessage.answer(id, [:]))] }
            return [.send(MCPMessage.refusal(id, -32601, "this client does not offer \(method.escaped(limit: 80))"))]
        case .notification(let method, _):
            if method == "notifications/tools/list_changed" { isOutdated = true }
            return []
        case .refusal(let id, let code, let message):
            guard let id else { throw MCPFault("an error without an id: \(message.escaped(limit: 120))") }
            return try refuse(id, code, message)
        case .answer(let id, let result): return try answer(id, result)
        }
    }

    private mutating func refuse(_ id: Int64, _ code: Int64, _ message: String) throws(MCPFault) -> [Action] {
        switch state {
        case .initializing(id): throw MCPFault("an error where it should begin: \(message.escaped(limit: 200))")
        case .listing(id, _, _), .calling(id):
            finish()
            return [.refused(code: code, message: String(message.prefix(2000)))]
        default: return try late(id)
        }
    }

    private mutating func answer(_ id: Int64, _ result: JSONValue) throws(MCPFault) -> [Action] {
        switch state {
        case .initializing(id): return try greet(result)
        case .calling(id):
            finish()
            return [.answered(result)]
        case .listing(id, let page, let tools): return try listed(result, page, tools)
        default: return try late(id)
        }
    }

    private func late(_ id: Int64) throws(MCPFault) -> [Action] {
        if givenUp.contains(id) { return [] }
        throw MCPFault(
            id > 0 && id <= lastID ? "a second answer to one question" : "an answer to nothing that was asked"
        )
    }

    private mutating func greet(_ result: JSONValue) throws(MCPFault) -> [Action] {
        guard let version = result["protocolVersion"]?.string else { throw MCPFault("no version of the protocol") }
        guard Self.versions.contains(version) else {
            let spoken = Self.versions.joined(separator: ", ")
            throw MCPFault("the version “\(version.escaped(limit: 40))” of the protocol; spoken here are \(spoken)")
        }
        guard result["capabilities"]?["tools"] != nil else { throw MCPFault("word that it has no tools") }
        self.version = version
        finish()
        let name = [result["serverInfo"]?["name"]?.string, result["serverInfo"]?["version"]?.string]
            .compactMap { $0?.escaped(limit: 80) }.joined(separator: " ")
        return [.send(MCPMessage.notification("notifications/initialized")), .ready(version: version, server: name)]
    }

    private mutating func listed(_ result: JSONValue, _ page: Int, _ before: [MCPTool]) throws(MCPFault) -> [Action] {
        guard let found = result["tools"]?.array else { throw MCPFault("a list of tools that is none") }
        guard before.count + found.count <= bounds.tools else { throw MCPFault("more than \(bounds.tools) tools") }
        var tools = before
        for json in found { tools.append(try MCPTool(json, bounds)) }
        guard let cursor = result["nextCursor"], cursor != .null else {
            finish()
            return [.listed(tools)]
        }
        guard let cursor = cursor.string, cursor.utf8.count <= 4096 else {
            throw MCPFault("a place in a list that is none")
        }
        guard page < bounds.pages else { throw MCPFault("more than \(bounds.pages) pages of tools") }
        return list(page: page + 1, tools: tools, cursor: cursor)
    }

    private mutating func list(page: Int, tools: [MCPTool], cursor: String?) -> [Action] {
        let id = nextID()
        state = .listing(id: id, page: page, tools: tools)
        let parameters: JSONValue = cursor.map { ["cursor": .string($0)] } ?? [:]
        return [.send(MCPMessage.request(id, "tools/list", parameters))]
    }

    private mutating func finish() {
        state = .idle
        (messages, bytes) = (0, 0)
    }

    private mutating func close(_ what: String) -> [Action] {
        let fault = MCPFault(what)
        state = .closed(fault)
        return [.close(fault)]
    }

    private mutating func nextID() -> Int64 {
        lastID += 1
        return lastID
    }
}
