// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A session with a server over a network; used by one call at a time.
struct MCPRemoteConnection: Sendable {
    private let server: ToolServer
    private let bounds: MCPBounds
    private let line: any ServerLine
    private var session: MCPSession
    private(set) var tools: [MCPTool] = []
    private(set) var about = ""

    /// Begins a session and lists the tools.
    ///
    /// - Throws: ``EnactmentError`` with `.serverFailed` when the server cannot be reached or does not keep to the protocol;
    ///   `CancellationError`.
    init(_ server: ToolServer, over lines: any ServerLines, bounds: MCPBounds) async throws {
        self.server = server
        self.bounds = bounds
        line = try lines.line(to: server, bounds: bounds)
        session = MCPSession(bounds: bounds)
        do {
            guard case .ready(_, let name) = try await exchange(session.begin(), seconds: bounds.startSeconds) else {
                throw MCPFault("did not begin")
            }
            about = name
            try await list()
        } catch {
            await end()
            throw error is CancellationError ? error : fault(error)
        }
    }

    /// Lists the tools as they are now.
    ///
    /// - Throws: ``MCPFault``, ``ServerLineFault`` or `CancellationError`; the session is of no more use.
    mutating func list() async throws {
        switch try await exchange(session.list(), seconds: bounds.startSeconds) {
        case .listed(let tools): self.tools = tools
        case .refused(let code, let message):
            throw MCPFault("does not list its tools: \(message.escaped(limit: 200)) (code \(code))")
        default: throw MCPFault("does not list its tools")
        }
    }

    /// Calls a tool and waits for what comes of it.
    ///
    /// - Throws: ``MCPFault``, ``ServerLineFault`` or `CancellationError`: what became of the call is not known, and the
    ///   session is of no more use.
    mutating func call(_ tool: String, _ arguments: JSONValue, seconds: Double) async throws -> MCPConnection.Ending {
        switch try await exchange(session.call(tool, arguments), seconds: seconds) {
        case .answered(let result): return .answered(result)
        case .refused(let code, let message): return .refused("\(message) (code \(code))")
        default: throw MCPFault("gave no answer")
        }
    }

    /// Ends the session, telling the server what was given up.
    func end() async {
        var session = session
        let (last, version) = (session.giveUp("it took too long"), session.version)
        _ = try? await Self.within(seconds: 2) {
            for case .send(let message) in last { try await tell(message, version) }
            await line.end(version: version)
        }
    }

    /// What is wrong, for people.
    func fault(_ error: any Error) -> EnactmentError {
        let what =
            switch error {
            case let fault as MCPFault: fault.what
            case let fault as ServerLineFault: fault.what
            case let fault as EnactmentError: fault.message
            default: "cannot be spoken to: \("\(error)".escaped(limit: 200))"
            }
        return EnactmentError(.serverFailed, "the MCP server \(server.name) \(what)")
    }

    /// Does what the session says until it has come to something.
    private mutating func exchange(_ first: [MCPSession.Action], seconds: Double) async throws -> MCPSession.Action {
        let before = self
        let done = try await Self.within(seconds: seconds) {
            var connection = before
            let result = try await connection.exchange(first)
            return (connection, result)
        }
        guard let (connection, result) = done else { throw MCPFault("gave no answer in time") }
        self = connection
        return result
    }

    private mutating func exchange(_ first: [MCPSession.Action]) async throws -> MCPSession.Action {
        var actions = first
        while true {
            var question: [UInt8]?
            for action in actions {
                switch action {
                case .send(let message) where Self.isQuestion(message): question = message
                case .send(let message): try await tell(message, session.version)
                case .close(let fault): throw fault
                default: return action
                }
            }
            guard let question else { throw MCPFault("ended its answer without answering") }
            actions = try await ask(question)
        }
    }

    /// Sends a question, and replies to what the server asks before it answers.
    private mutating func ask(_ question: [UInt8]) async throws -> [MCPSession.Action] {
        var outcome: [MCPSession.Action] = []
        try await line.say(question, version: session.version) { message in
            let actions = session.receive(message)
            let replies = actions.compactMap { action -> [UInt8]? in
                guard case .send(let message) = action, !Self.isQuestion(message) else { return nil }
                return message
            }
            guard replies.count == actions.count else {
                outcome = actions
                return true
            }
            for reply in replies { try await tell(reply, session.version) }
            return false
        }
        return outcome
    }

    private func tell(_ message: [UInt8], _ version: String?) async throws {
        try await line.say(message, version: version) { _ in throw MCPFault("answered what was no question") }
    }

    private static func isQuestion(_ message: [UInt8]) -> Bool {
        guard let json = try? JSONValue(parsing: message) else { return false }
        return json["method"] != nil && json["id"] != nil
    }

    /// Does some work, or gives it up and returns `nil` when it takes longer.
    private static func within<Value: Sendable>(
        seconds: Double,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
