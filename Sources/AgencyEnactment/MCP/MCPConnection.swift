// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A server that is running, and the session with it; used by one call at a time, and blocking.
final class MCPConnection {
    private let server: ToolServer
    private let bounds: MCPBounds
    private let process: ResidentProcess
    private var session: MCPSession
    private(set) var tools: [MCPTool] = []
    private(set) var about = ""

    /// How a call ended.
    enum Ending {
        case answered(JSONValue)
        case refused(String)
    }

    /// Starts the server and lists its tools.
    ///
    /// - Throws: ``EnactmentError`` when it cannot be contained or does not keep to the protocol.
    init(
        _ server: ToolServer,
        in directory: String,
        access: Sandbox.Access,
        sandbox: Sandbox,
        bounds: MCPBounds
    ) throws(EnactmentError) {
        self.server = server
        self.bounds = bounds
        session = MCPSession(bounds: bounds)
        process = try ResidentProcess(server.command, in: directory, access: access, sandbox: sandbox)
        let end = ContinuousClock.now + .seconds(bounds.startSeconds)
        do throws(MCPFault) {
            guard case .ready(_, let name) = try exchange(session.begin(), until: end) else {
                throw MCPFault("did not begin")
            }
            about = name
            try list(until: end)
        } catch {
            throw fault(error)
        }
    }

    /// Calls a tool and waits for what comes of it.
    ///
    /// - Throws: ``MCPFault`` when no answer came: what became of the call is not known, and the connection is of no more use.
    func call(_ tool: String, _ arguments: JSONValue, seconds: Double) throws(MCPFault) -> Ending {
        let end = ContinuousClock.now + .seconds(seconds)
        switch try exchange(session.call(tool, arguments), until: end) {
        case .answered(let result): return .answered(result)
        case .refused(let code, let message): return .refused("\(message) (code \(code))")
        default: throw MCPFault("gave no answer")
        }
    }

    /// Lets the server end by itself, so that what it changed comes out.
    ///
    /// - Returns: What is to be said of it: what was not kept, and why; and what it had to do with hosts.
    /// - Throws: ``FileFault`` when the changes could not be carried over: some of them may have been.
    func close() throws -> (notes: [String], connections: [NetworkConnection]?) {
        let nothing = "none of its changes were kept"
        guard let outcome = try process.close(within: bounds.closeSeconds) else {
            let note = "\(nothing): the server did not end within \(bounds.closeSeconds) s after its input was closed"
            return ([note], process.connections)
        }
        guard outcome.ending == .exited else {
            return (["\(nothing): the server took too much"], outcome.connections)
        }
        return (outcome.notes, outcome.connections)
    }

    /// What it had to do with hosts; none can be reached afterwards.
    var connections: [NetworkConnection]? { process.connections }

    /// Lists the tools anew if the server said since that they have changed.
    func refresh() throws(MCPFault) {
        while process.hasLine() {
            let line = try line(until: ContinuousClock.now + .seconds(1))
            try perform(session.receive(line), until: ContinuousClock.now + .seconds(5))
        }
        if session.isOutdated { try list(until: ContinuousClock.now + .seconds(bounds.startSeconds)) }
    }

    /// What is wrong, for people.
    func fault(_ fault: MCPFault) -> EnactmentError {
        let words = process.lastWords
        let more = words.isEmpty || fault.what.contains(words) ? "" : "; it last complained: \(words)"
        return EnactmentError(.serverFailed, "the MCP server \(server.name) \(fault.what)\(more)", retry: false)
    }

    private func list(until end: ContinuousClock.Instant) throws(MCPFault) {
        switch try exchange(session.list(), until: end) {
        case .listed(let tools): self.tools = tools
        case .refused(let code, let message):
            throw MCPFault("does not list its tools: \(message.escaped(limit: 200)) (code \(code))")
        default: throw MCPFault("does not list its tools")
        }
    }

    /// Does what the session says until it has come to something.
    private func exchange(
        _ first: [MCPSession.Action],
        until end: ContinuousClock.Instant
    ) throws(MCPFault) -> MCPSession.Action {
        var actions = first
        while true {
            if let result = try perform(actions, until: end) { return result }
            let line = try line(until: end)
            actions = session.receive(line)
        }
    }

    @discardableResult
    private func perform(
        _ actions: [MCPSession.Action],
        until end: ContinuousClock.Instant
    ) throws(MCPFault) -> MCPSession.Action? {
        var result: MCPSession.Action?
        for action in actions {
            switch action {
            case .send(let line):
                do throws(ResidentProcess.Failure) {
                    try process.write(line, until: end)
                } catch {
                    throw give(up: error)
                }
            case .close(let fault): throw fault
            default: result = action
            }
        }
        return result
    }

    private func line(until end: ContinuousClock.Instant) throws(MCPFault) -> [UInt8] {
        do throws(ResidentProcess.Failure) {
            return try process.line(limit: bounds.messageBytes, until: end)
        } catch {
            throw give(up: error)
        }
    }

    private func give(up failure: ResidentProcess.Failure) -> MCPFault {
        let what: String
        switch failure {
        case .late:
            what = "gave no answer in time"
            // Told so, it may stop what it is doing; it is killed anyway.
            for case .send(let line) in session.giveUp("it took too long") {
                try? process.write(line, until: ContinuousClock.now + .milliseconds(200))
            }
        case .endless(let limit): what = "wrote a line of more than \(limit) bytes"
        case .ended(let words): what = "ended" + (words.isEmpty ? "" : ": \(words)")
        case .outgrown: what = "had too many processes or took too much memory"
        }
        _ = session.end(what)
        return MCPFault(what)
    }
}
