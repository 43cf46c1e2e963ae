// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import OpenAgency

/// A model endpoint that answers chat completions at once or after a time, with an output that fits the role.
struct MockServer {
    private let latency: MockLatency
    private let counts: MockCounts?

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - latency: How long each answer takes.
    ///   - counts: Counts the calls that are marked, if there is one.
    init(latency: MockLatency, counts: MockCounts? = nil) {
        self.latency = latency
        self.counts = counts
    }

    /// Serves until the process is ended; prints `listening on PORT` when it is ready.
    ///
    /// - Parameters:
    ///   - port: The port; 0 for any.
    ///   - isAttached: Whether it ends with its standard input, that is, with the process that started it.
    /// - Throws: when the port is taken.
    func run(port: Int, isAttached: Bool) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await bind(port, on: group)
        Output.line("listening on \(channel.localAddress?.port ?? 0)")
        if isAttached {
            // The main thread has nothing else to do than to wait for the end.
            while !FileHandle.standardInput.availableData.isEmpty {}
            try await channel.close()
        }
        try await channel.closeFuture.get()
        try await group.shutdownGracefully()
    }

    /// Serves for the length of some work, in this process.
    func serve<Result>(_ work: (_ url: String) async throws -> Result) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await bind(0, on: group)
        let result: Result
        do {
            result = try await work("http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1")
        } catch {
            try await channel.close()
            try await group.shutdownGracefully()
            throw error
        }
        try await channel.close()
        try await group.shutdownGracefully()
        return result
    }

    private func bind(_ port: Int, on group: MultiThreadedEventLoopGroup) async throws -> any Channel {
        Machine.raiseFileLimit()
        let answers = try MockAnswers()
        let (latency, counts) = (latency, counts)
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false,
                        withErrorHandling: true
                    )
                    let handler = MockHandler(answers: answers, latency: latency, counts: counts)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
    }
}

/// Answers the requests of one connection.
private final class MockHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answers: MockAnswers
    private let latency: MockLatency
    private let counts: MockCounts?
    private var body = ByteBuffer()
    private var delivery = Profile.Delivery.whole

    init(answers: MockAnswers, latency: MockLatency, counts: MockCounts?) {
        self.answers = answers
        self.latency = latency
        self.counts = counts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            body.clear()
            delivery = head.headers.first(name: "accept") == "text/event-stream" ? .stream : .whole
        case .body(var part): body.writeBuffer(&part)
        case .end:
            let request = MockRequest(body)
            let answer = answers.answer(to: request, delivery)
            let call = counts == nil ? nil : MockCounts.call(in: request)
            if let call { counts?.began(call) }
            let wait = latency.amount(of: call ?? "")
            guard wait > .zero else { return write(answer, call, context) }
            context.eventLoop.assumeIsolated().scheduleTask(in: wait) { self.write(answer, call, context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func write(_ answer: ByteBuffer?, _ call: String?, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else {
            if let call { counts?.ended(call, wasAnswered: false) }
            return
        }
        var head = HTTPResponseHead(version: .http1_1, status: answer == nil ? .badRequest : .ok)
        let text = answer ?? ByteBuffer(string: "no role that is known here plays in this request\n")
        let type = delivery == .stream ? "text/event-stream" : "application/json"
        head.headers.add(name: "content-type", value: answer == nil ? "text/plain" : type)
        switch delivery {
        case .stream: head.headers.add(name: "transfer-encoding", value: "chunked")
        case .whole: head.headers.add(name: "content-length", value: String(text.readableBytes))
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(text))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if let call { counts?.ended(call, wasAnswered: true) }
    }
}
