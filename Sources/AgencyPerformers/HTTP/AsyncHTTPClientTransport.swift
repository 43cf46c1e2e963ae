// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Runs some work with a transport over the network and shuts it down afterwards, whatever happens.
///
/// It speaks HTTP/1.1, follows no redirects, decompresses nothing, and goes through the proxy that `http_proxy`,
/// `https_proxy` and `no_proxy` name, except to this machine itself.
///
/// - Parameters:
///   - environment: Where the names of proxies are looked up.
///   - connect: How long a connection may take to come about.
///   - work: The work; the transport is of no use after it.
/// - Returns: What the work returns.
/// - Throws: what the work throws, or what the client says when it cannot be shut down.
public func withHTTPTransport<Result>(
    environment: [String: String],
    connect: Duration = .seconds(10),
    _ work: (any HTTPTransport) async throws -> Result
) async throws -> Result {
    let transport = AsyncHTTPClientTransport(environment: environment, connect: connect)
    let result: Result
    do {
        result = try await work(transport)
    } catch {
        // The work's own error is the one that matters.
        try? await transport.shutDown()
        throw error
    }
    try await transport.shutDown()
    return result
}

/// Carries requests with AsyncHTTPClient.
private struct AsyncHTTPClientTransport: HTTPTransport {
    private let proxies: ProxySettings
    private let direct: HTTPClient
    private let proxied: [ProxySettings.Proxy: HTTPClient]
    private let executors: [ObjectIdentifier: EventLoopExecutor]

    init(environment: [String: String], connect: Duration) {
        proxies = ProxySettings(environment: environment)
        direct = Self.client(proxy: nil, connect: connect)
        var proxied: [ProxySettings.Proxy: HTTPClient] = [:]
        for proxy in [proxies.http, proxies.https] {
            if let proxy, proxied[proxy] == nil { proxied[proxy] = Self.client(proxy: proxy, connect: connect) }
        }
        self.proxied = proxied
        let loops = direct.eventLoopGroup.makeIterator().map { (ObjectIdentifier($0), EventLoopExecutor($0)) }
        executors = Dictionary(loops) { first, _ in first }
    }

    func shutDown() async throws {
        for client in proxied.values { try await client.shutdown() }
        try await direct.shutdown()
    }

    var clock: any Clock<Duration> { EventLoopClock(direct.eventLoopGroup) }

    func near<Result>(_ work: () async throws -> Result) async throws -> Result {
        let loop = direct.eventLoopGroup.any()
        guard let executor = executors[ObjectIdentifier(loop)] else { return try await work() }
        return try await withTaskExecutorPreference(executor, operation: work)
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        // The caller has its own deadlines; the client's would count the time in its queue and end at the head.
        Self.response(try await client(for: request.url).execute(Self.message(request), deadline: .distantFuture))
    }

    // What is inlined into a suspended function lies in its frame, once for each request that is under way.

    @inline(never)
    private func client(for url: String) -> HTTPClient { proxies.proxy(for: url).flatMap { proxied[$0] } ?? direct }

    @inline(never)
    private static func message(_ request: HTTPRequest) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: request.url)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        for header in request.headers { message.headers.add(name: header.name, value: header.value) }
        // Put into a buffer when it is written, which thousands may wait to be: that buffer is as long again.
        if !request.body.isEmpty { message.body = .bytes(request.body) }
        return message
    }

    @inline(never)
    private static func response(_ response: HTTPClientResponse) -> HTTPResponse {
        HTTPResponse(
            status: Int(response.status.code),
            headers: response.headers.map { HTTPHeader($0.name.lowercased(), $0.value) },
            body: response.body.map { Array($0.readableBytesView) }
        )
    }

    private static func client(proxy: ProxySettings.Proxy?, connect: Duration) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        // What is asked and answered is on the ledger; spans that nobody gathers would be made for each request.
        configuration.tracing.tracer = nil
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: TimeAmount(connect), read: nil)
        configuration.connectionPool.idleTimeout = .seconds(30)
        // The limiter bounds the requests; a smaller number here would only hide them in another queue.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        // Whether to try again is for the retry policy alone to decide, since a request costs money.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let proxy {
            let login = proxy.user.map { user in
                HTTPClient.Authorization.basic(username: user, password: proxy.password ?? "")
            }
            configuration.proxy = .server(host: proxy.host, port: proxy.port, authorization: login)
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
#endif
