// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Carries requests to providers: the one seam between the performers and the network.
///
/// Limits in time, retries and every judgement on the answer belong to the caller; a transport only moves bytes. It must
/// stop soon after its task is cancelled, must not follow redirects and must not decompress.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns as soon as the head of the response is there.
    ///
    /// - Throws: whatever kept the head from coming, such as a refused connection or a failed handshake;
    ///   `CancellationError` when the task was cancelled.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse

    /// What can be waited for with the least work where answers are waited for.
    var clock: any Clock<Duration> { get }

    /// Runs some work of sending and reading where that changes threads the least; it must not block for long.
    ///
    /// - Returns: What the work returns.
    /// - Throws: what the work throws.
    func near<Result>(_ work: () async throws -> Result) async throws -> Result
}

extension HTTPTransport {
    /// The system's.
    public var clock: any Clock<Duration> { ContinuousClock() }

    /// Runs some work where the caller is.
    public func near<Result>(_ work: () async throws -> Result) async throws -> Result { try await work() }
}

/// The head of a response and its body as it arrives.
public struct HTTPResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The headers.
    public var headers: [HTTPHeader]
    /// The body in pieces of any size.
    ///
    /// It can be read once; reading throws when the connection breaks before the body's end.
    public var body: any AsyncSequence<[UInt8], any Error> & Sendable

    /// Makes a response.
    public init(status: Int, headers: [HTTPHeader], body: any AsyncSequence<[UInt8], any Error> & Sendable) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
