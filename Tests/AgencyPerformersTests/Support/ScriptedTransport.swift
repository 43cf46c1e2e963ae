// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyPerformers
import Synchronization

/// Answers requests with a list of prepared replies and remembers the requests.
final class ScriptedTransport: HTTPTransport {
    /// One prepared reply.
    struct Reply: Sendable {
        var status = 200
        var headers = [HTTPHeader("content-type", "text/event-stream")]
        var chunks: [[UInt8]] = []
        var ending = Ending.clean
        var refuses = false

        /// How the body ends.
        enum Ending: Sendable {
            case clean
            case breaks
            case hangs
        }

        static func stream(_ text: String, _ ending: Ending = .clean) -> Reply {
            Reply(chunks: [Array(text.utf8)], ending: ending)
        }
        static func json(_ text: String, status: Int = 200, headers: [HTTPHeader] = []) -> Reply {
            Reply(
                status: status,
                headers: [HTTPHeader("content-type", "application/json; charset=utf-8")] + headers,
                chunks: [Array(text.utf8)]
            )
        }
        static let refused = Reply(refuses: true)
    }

    struct Broken: Error, CustomStringConvertible { let description: String }

    private let state: Mutex<(replies: [Reply], requests: [HTTPRequest])>

    init(_ replies: [Reply]) { state = Mutex((replies, [])) }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let reply: Reply? = state.withLock { state in
            state.requests.append(request)
            return state.replies.isEmpty ? nil : state.replies.removeFirst()
        }
        guard let reply else { throw Broken(description: "the script has no more replies") }
        if reply.refuses { throw Broken(description: "connection refused, key sk-secret-123 unused") }
        let body = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for chunk in reply.chunks { continuation.yield(chunk) }
            switch reply.ending {
            case .clean: continuation.finish()
            case .breaks: continuation.finish(throwing: Broken(description: "reset by peer"))
            case .hangs: break
            }
        }
        return HTTPResponse(status: reply.status, headers: reply.headers, body: body)
    }
}
