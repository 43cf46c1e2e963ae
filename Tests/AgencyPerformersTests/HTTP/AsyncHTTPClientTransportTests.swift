// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyPerformers
import Foundation
import Testing

/// The real client against a real socket on this machine.
@Suite(.timeLimit(.minutes(1)))
struct AsyncHTTPClientTransportTests {
    private func ask(
        _ url: String,
        idle: Double = 20,
        overall: Double = 20,
        delivery: Profile.Delivery = .stream,
        environment: [String: String] = [:]
    ) async throws -> Turn {
        var profile = makeProfile(.anthropic)
        profile.delivery = delivery
        profile.url = url
        profile.keyVariable = nil
        profile.idleSeconds = idle
        profile.overallSeconds = overall
        let fixed = profile
        return try await withHTTPTransport(environment: environment) { transport in
            let cast = Casting(
                profiles: [fixed],
                environment: [:],
                transport: transport,
                terminal: nil,
                policy: RetryPolicy(attempts: 1)
            )
            return try await cast.performer(for: fixed).respond(to: makeRequest())
        }
    }

    @Test func `a stream in small pieces is an answer`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            for character in Streams.anthropic(text: "löök") { connection.chunk(String(character)) }
            connection.write("0\r\n\r\n")
        }
        defer { server.stop() }
        let turn = try await ask(server.url)
        #expect(turn.text == "löök")
        #expect(!turn.usage.estimated)
    }

    @Test func `a connection that closes after the end and before the last chunk is an answer`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            connection.chunk(Streams.anthropic(text: "x"))
        }
        defer { server.stop() }
        #expect(try await ask(server.url).text == "x")
    }

    @Test func `a connection that closes before the end is none`() async throws {
        let whole = Streams.anthropic(text: "x")
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            connection.chunk(String(whole.dropLast()))
            if connection.request.contains("clean") { connection.write("0\r\n\r\n") }
        }
        defer { server.stop() }
        let dirty = await performerError { try await ask(server.url) }
        #expect(dirty?.code == .incomplete)
        let clean = await performerError { try await ask(server.url + "/clean") }
        #expect(clean?.code == .incomplete)
    }

    @Test func `a redirect to another host is refused`() async throws {
        let other = try LoopbackServer { $0.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
        let server = try LoopbackServer { connection in
            connection.write(
                "HTTP/1.1 307 Elsewhere\r\nLocation: http://localhost:\(other.port)/v1/messages\r\nContent-Length: 0\r\n\r\n"
            )
        }
        defer {
            server.stop()
            other.stop()
        }
        let error = await performerError { try await ask(server.url) }
        #expect(error?.code == .protocolViolation)
        #expect(server.connections == 1)
        #expect(other.connections == 0)
    }

    @Test func `a body without an end is cut at its limit`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            let comment = ":" + String(repeating: "x", count: 65_534) + "\n"
            while connection.chunk(comment) {}
        }
        defer { server.stop() }
        let error = await performerError { try await ask(server.url) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `a stream that falls silent is cut`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            connection.chunk(String(Streams.anthropic.prefix(900)))
            connection.waitForClose()
        }
        defer { server.stop() }
        let error = await performerError { try await ask(server.url, idle: 8) }
        #expect(error?.code == .timeout)
        #expect(error?.message.contains("Let me löök") == true)
        #expect(error?.usage.estimated == false)
    }

    @Test func `a server that says nothing at all is cut`() async throws {
        let server = try LoopbackServer { $0.waitForClose() }
        defer { server.stop() }
        let error = await performerError { try await ask(server.url, idle: 0.3) }
        #expect(error?.code == .timeout)
    }

    @Test func `a server that says nothing until a whole answer is written is waited for`() async throws {
        let answer = #"{"model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{}}"#
        let server = try LoopbackServer { connection in
            usleep(600_000)
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(answer.utf8.count)\r\n\r\n\(answer)"
            )
        }
        defer { server.stop() }
        #expect(try await ask(server.url, idle: 0.2, delivery: .whole).text == "x")
        // One that never answers: on a busy machine an answer may come before anybody looks at the time.
        let silent = try LoopbackServer { $0.waitForClose() }
        defer { silent.stop() }
        let error = await performerError { try await ask(silent.url, overall: 0.2, delivery: .whole) }
        #expect(error?.code == .timeout)
        #expect(error?.message.hasPrefix("no complete answer within 0.2 seconds") == true)
    }

    @Test func `a request that is cancelled ends at once`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            connection.waitForClose()
        }
        defer { server.stop() }
        await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    _ = try await ask(server.url)
                    return nil
                } catch { return error }
            }
            while server.connections == 0 { try? await Task.sleep(for: .milliseconds(5)) }
            let start = ContinuousClock.now
            group.cancelAll()
            #expect(await group.next() as? (any Error) is CancellationError)
            // Neither the silence nor the time altogether was waited for.
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test func `keep-alives without an end are cut by the overall deadline`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            while connection.chunk(": keep-alive\n\n") { usleep(20_000) }
        }
        defer { server.stop() }
        let error = await performerError { try await ask(server.url, overall: 0.5) }
        #expect(error?.code == .timeout)
        #expect(error?.message.hasPrefix("no complete answer within 0.5 seconds") == true)
    }

    @Test func `a port where nobody listens is unreachable`() async throws {
        let server = try LoopbackServer { _ in }
        server.stop()
        let error = await performerError { try await ask(server.url) }
        #expect(error?.code == .unreachable)
        #expect(error?.usage == Usage())
    }

    @Test func `a connection closed before the first byte is unreachable`() async throws {
        let server = try LoopbackServer { _ in }
        defer { server.stop() }
        let error = await performerError { try await ask(server.url) }
        #expect(error?.code == .unreachable)
        #expect(error?.retry == .later(nil))
    }

    @Test func `garbage in the chunked encoding is no answer`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(LoopbackServer.streamHead)
            connection.chunk(String(Streams.anthropic.prefix(900)))
            connection.write("zz\r\nwhat?\r\n")
            connection.waitForClose()
        }
        defer { server.stop() }
        let error = await performerError { try await ask(server.url) }
        #expect(error?.code == .incomplete)
    }

    @Test func `a compressed bomb is refused by its head`() async throws {
        let server = try LoopbackServer { connection in
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
            )
        }
        defer { server.stop() }
        let error = await performerError { try await ask(server.url) }
        #expect(error?.code == .protocolViolation)
    }

    @Test func `what the client sends is what was built`() async throws {
        let server = try LoopbackServer { connection in
            let isRight =
                connection.request.hasPrefix("POST /v1/messages HTTP/1.1\r\n")
                && connection.request.lowercased().contains("accept-encoding: identity\r\n")
                && connection.request.contains("\"Is it sound?\"")
            connection.write(LoopbackServer.streamHead)
            connection.chunk(Streams.anthropic(text: isRight ? "right" : "wrong"))
            connection.write("0\r\n\r\n")
        }
        defer { server.stop() }
        #expect(try await ask(server.url).text == "right")
    }

    @Test func `a proxy is asked in place of the host`() async throws {
        let proxy = try LoopbackServer { connection in
            // This client asks for a tunnel even where it will not encrypt.
            guard connection.request.hasPrefix("CONNECT api.example:81 HTTP/1.1\r\n") else { return }
            connection.write("HTTP/1.1 200 Connected\r\n\r\n")
            let isRight = connection.nextRequest()?.hasPrefix("POST /v1/messages HTTP/1.1\r\n") == true
            connection.write(LoopbackServer.streamHead)
            connection.chunk(Streams.anthropic(text: isRight ? "right" : "wrong"))
            connection.write("0\r\n\r\n")
        }
        defer { proxy.stop() }
        let environment = ["http_proxy": "http://127.0.0.1:\(proxy.port)"]
        #expect(try await ask("http://api.example:81/v1", environment: environment).text == "right")
    }
}
#endif
