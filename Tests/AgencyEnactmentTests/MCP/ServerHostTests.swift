// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Servers that a person lets reach hosts.
@Suite(.timeLimit(.minutes(3)))
struct ServerHostTests {
    private static let reaching = """
        import os, socket
        def ask(host):
            s = socket.create_connection(('127.0.0.1', 3128), 5); s.settimeout(10)
            s.sendall(b'CONNECT ' + host + b' HTTP/1.1\\r\\n\\r\\n'); answer = s.recv(1000); s.shutdown(socket.SHUT_WR)
            while True:
                part = s.recv(1000)
                if not part: return answer
                answer += part

        """

    @Test func `its tools leave the machine whatever was reviewed, and no role may call them`() async throws {
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let host = try #require(DeclaredHost("127.0.0.1:\(port)"))
                try await ContainedServerTests.with(adjust: { $0.hosts = [host] }) { _, tools, servers async throws in
                    let manifest = try #require(servers.manifests.first { $0.name == "mcp.s.again" })
                    #expect(manifest.reach == .leaves && manifest.effects == .blind && !manifest.checks)
                    let look = await code { _ = try await ContainedServerTests.look(tools, "print('looked')") }
                    #expect(look == .notPermitted)
                    let code =
                        Self.reaching
                        + "print(b'reached' in ask(b'127.0.0.1:\(port)'), b'403' in ask(b'evil.example:443'))"
                    let result = try await ContainedServerTests.act(tools, code)
                    #expect(result.isSuccess && result.output.hasPrefix("True True\n"), "\(result.output)")
                    let connections = try #require(result.connections)
                    #expect(connections.map(\.host) == ["127.0.0.1", "evil.example"])
                    #expect(connections.map { $0.refusal == nil } == [true, false])
                    #expect(result.output.contains("[network: evil.example:443 refused"), "\(result.output)")
                    #expect(bench.accepted == 1)
                    // On the record as it is.
                    let stored = try JSONValue(encoding: result)
                    #expect(stored["connections"]?.array?.count == 2)
                    #expect(try stored.decode(ToolResult.self) == result)
                }
            }
        }
    }

    @Test func `a call without an answer still tells whom it spoke with`() async throws {
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let host = try #require(DeclaredHost("127.0.0.1:\(port)"))
                try await ContainedServerTests.with(adjust: { $0.hosts = [host] }) { _, tools, _ async throws in
                    let code = Self.reaching + "ask(b'127.0.0.1:\(port)'); os._exit(1)"
                    await #expect {
                        _ = try await ContainedServerTests.act(tools, code)
                    } throws: {
                        guard case ActFault.unknown(let why) = $0 else { return false }
                        return why.contains("127.0.0.1:\(port), 0 bytes sent")
                    }
                }
            }
        }
    }

    @Test func `without hosts a server has no way out, in a step as in a look`() async throws {
        try await ContainedServerTests.with { _, tools, _ async throws in
            let code = """
                import os, socket
                try: socket.create_connection(('127.0.0.1', 3128), 5); print('BROKE OUT')
                except OSError as error: print(error.errno, [k for k in os.environ if 'roxy' in k.lower()])
                """
            for result in [
                try await ContainedServerTests.act(tools, code), try await ContainedServerTests.look(tools, code),
            ] {
                #expect(result.output == "111 []\n" && result.connections == nil)
            }
        }
    }
}
