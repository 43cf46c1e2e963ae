// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A model endpoint that answers chat completions at once or after a fixed time, with an output that fits the role.
struct MockServer {
    private let latency: TimeAmount
    private let isAttached: Bool

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - milliseconds: How long each answer takes.
    ///   - isAttached: Whether it ends with its standard input, that is, with the process that started it.
    init(milliseconds: Int, isAttached: Bool) {
        latency = .milliseconds(Int64(milliseconds))
        self.isAttached = isAttached
    }

    /// Serves until the process is ended; prints `listening on PORT` when it is ready.
    func run(port: Int) async throws {
        Machine.raiseFileLimit()
        let answers = try MockAnswers()
        let latency = latency
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false,
                        withErrorHandling: true
                    )
                    try channel.pipeline.syncOperations.addHandler(MockHandler(answers: answers, latency: latency))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
        Output.line("listening on \(channel.localAddress?.port ?? 0)")
        if isAttached {
            // The main thread has nothing else to do than to wait for the end.
            while !FileHandle.standardInput.availableData.isEmpty {}
            try await channel.close()
        }
        try await channel.closeFuture.get()
        try await group.shutdownGracefully()
    }
}

/// Answers the requests of one connection.
private final class MockHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answers: MockAnswers
    private let latency: TimeAmount
    private var body = ByteBuffer()

    init(answers: MockAnswers, latency: TimeAmount) {
        self.answers = answers
        self.latency = latency
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end:
            let answer = answers.answer(to: body.readableBytesView)
            guard latency > .zero else { return write(answer, context) }
            context.eventLoop.assumeIsolated().scheduleTask(in: latency) { self.write(answer, context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func write(_ answer: ByteBuffer?, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var head = HTTPResponseHead(version: .http1_1, status: answer == nil ? .badRequest : .ok)
        head.headers.add(name: "content-type", value: answer == nil ? "text/plain" : "text/event-stream")
        head.headers.add(name: "transfer-encoding", value: "chunked")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let text = answer ?? ByteBuffer(string: "no role that is known here plays in this request\n")
        context.write(wrapOutboundOut(.body(.byteBuffer(text))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
