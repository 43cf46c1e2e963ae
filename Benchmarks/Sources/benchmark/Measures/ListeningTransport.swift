// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency
import Synchronization

/// A transport that remembers the last request, so that it can be sent again by itself.
final class ListeningTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let heard = Mutex<HTTPRequest?>(nil)

    init(wrapping transport: any HTTPTransport) { self.transport = transport }

    var last: HTTPRequest? { heard.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        heard.withLock { $0 = request }
        return try await transport.send(request)
    }
}
