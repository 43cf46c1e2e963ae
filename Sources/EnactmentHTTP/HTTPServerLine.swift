// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyPerformers
import Synchronization

/// The way of one session to a server over HTTP: every message is a POST, and its answer a JSON text or a stream of events.
final class HTTPServerLine: ServerLine {
    private let url: String
    private let token: String?
    private let bounds: MCPBounds
    private let carrier: any Carrier
    /// What the server calls the session; it is set by the first answer.
    private let session = Mutex<String?>(nil)

    init(url: String, token: String?, bounds: MCPBounds, carrier: any Carrier) {
        self.url = url
        self.token = token
        self.bounds = bounds
        self.carrier = carrier
    }

    func say(_ message: [UInt8], version: String?, _ hear: ([UInt8]) async throws -> Bool) async throws {
        let request = HTTPRequest(url: url, headers: headers(version, sends: true), body: message)
        try await carrier.with { transport in
            let response: HTTPResponse
            do {
                response = try await transport.send(request)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                if Task.isCancelled { throw CancellationError() }
                throw ServerLineFault("cannot be reached: \(told("\(error)"))")
            }
            try await read(response, isFirst: version == nil, hear)
        }
    }

    func end(version: String?) async {
        guard session.withLock({ $0 }) != nil else { return }
        let request = HTTPRequest(method: .delete, url: url, headers: headers(version, sends: false), body: [])
        // A server that does not let its sessions be ended says 405.
        _ = try? await carrier.with { try await $0.send(request).status }
        session.withLock { $0 = nil }
    }

    private func headers(_ version: String?, sends: Bool) -> [HTTPHeader] {
        var headers: [HTTPHeader] = []
        if sends {
            headers.append(HTTPHeader("content-type", "application/json"))
            headers.append(HTTPHeader("accept", "application/json, text/event-stream"))
        }
        if let session = session.withLock({ $0 }) { headers.append(HTTPHeader("mcp-session-id", session)) }
        if let version { headers.append(HTTPHeader("mcp-protocol-version", version)) }
        if let token { headers.append(HTTPHeader("authorization", "Bearer \(token)")) }
        return headers
    }

    private func read(
        _ response: HTTPResponse,
        isFirst: Bool,
        _ hear: ([UInt8]) async throws -> Bool
    ) async throws {
        guard response.status / 100 == 2 else { throw try await refusal(response) }
        if let encoding = response.headers.value(of: "content-encoding"), encoding.lowercased() != "identity" {
            throw ServerLineFault("sends what is compressed, which was not asked for")
        }
        if isFirst, let id = response.headers.value(of: "mcp-session-id") {
            guard (1...1024).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw ServerLineFault("gives the session a name that is none")
            }
            session.withLock { $0 = $0 ?? id }
        }
        guard response.status != 202, response.status != 204 else { return }
        let type = response.headers.value(of: "content-type")?.split(separator: ";").first?.lowercased()
        switch type {
        case "text/event-stream"?: try await read(events: response, hear)
        case "application/json"?:
            let body = try await body(of: response, limit: bounds.messageBytes)
            if !body.isEmpty { _ = try await hear(body) }
        default:
            // What has no body needs no type.
            guard try await body(of: response, limit: 4096).isEmpty else {
                throw ServerLineFault(
                    "answers with \(told(type ?? "what has no type")), not JSON or a stream of events"
                )
            }
        }
    }

    private func read(events response: HTTPResponse, _ hear: ([UInt8]) async throws -> Bool) async throws {
        var parser = SSEParser(maximumLine: bounds.messageBytes + 64, maximumTotal: bounds.exchangeBytes)
        var refused: (any Error)?
        do {
            for try await piece in response.body {
                for event in try parser.feed(piece) where event.event == "message" && !event.data.isEmpty {
                    do {
                        if try await hear(Array(event.data.utf8)) { return }
                    } catch {
                        refused = error
                        throw error
                    }
                }
                if let fault = parser.fault { throw fault }
            }
        } catch {
            throw refused ?? read(error)
        }
    }

    private func body(of response: HTTPResponse, limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                guard bytes.count + piece.count <= limit else {
                    throw ServerLineFault("sent a message of more than \(limit) bytes")
                }
                bytes += piece
            }
        } catch {
            throw read(error)
        }
        return bytes
    }

    /// What went wrong while an answer was read: a broken connection is one of many errors of the transport.
    private func read(_ error: any Error) -> any Error {
        if Task.isCancelled { return CancellationError() }
        return switch error {
        case let error as PerformerError: ServerLineFault("does not keep to its stream of events: \(error.message)")
        case is ServerLineFault, is CancellationError: error
        default: ServerLineFault("broke off its answer: \(told("\(error)"))")
        }
    }

    private func refusal(_ response: HTTPResponse) async throws -> ServerLineFault {
        if response.status == 404, session.withLock({ $0 }) != nil {
            session.withLock { $0 = nil }
            return ServerLineFault("knows the session no more (status 404)", isSessionOver: true)
        }
        if (300..<400).contains(response.status) {
            return ServerLineFault("wants to be asked elsewhere (status \(response.status)), which is not done")
        }
        // An answer that goes on and on is cut; what there is of it is enough.
        var bytes: [UInt8] = []
        do {
            for try await piece in response.body {
                bytes += piece
                if bytes.count > 4096 { break }
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {}
        let words = told(String(decoding: bytes.prefix(4096), as: UTF8.self))
        let advice = response.status == 401 || response.status == 403 ? "; is its token right?" : ""
        return ServerLineFault("answered with status \(response.status)\(words.isEmpty ? "" : ": \(words)")\(advice)")
    }

    /// Words of the other side, bounded, drawn and without the token.
    private func told(_ text: String) -> String {
        let text = token.map { text.redacting($0) } ?? text
        return text.boundedLine(200)
    }
}
