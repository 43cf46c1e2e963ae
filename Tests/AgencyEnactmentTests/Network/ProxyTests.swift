// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// The one way out of a contained program, each time with a host that is reached, so that a proxy that lets nobody through does
/// not pass.
@Suite(.timeLimit(.minutes(5)))
struct ProxyTests {
    private static let names = ["api.example.com": ["93.184.216.34"], "evil.example": ["93.184.216.66"]]

    @Test func `without a declared host there is no network, and nobody listens`() async throws {
        try await Bench.with { bench async throws in
            let code = """
                import os
                print([name for _, name in socket.if_nameindex()], [k for k in os.environ if 'roxy' in k.lower()])
                try: print(connect(b'api.example.com:8443'))
                except OSError as error: print('nobody listens', error.errno)
                """
            try await bench.serving { port in
                let network = FakeNetwork(Self.names, port: port)
                let none = try await bench.asking(code, hosts: [], in: network)
                #expect(none.output.text == "['lo'] []\nnobody listens 111\n" && none.connections == nil)
                #expect(bench.accepted == 0 && network.asked.isEmpty)
                let one = try await bench.asking(code, hosts: ["api.example.com:8443"], in: network)
                #expect(one.output.text.contains("(b'200', b'reached ')"), "\(one.output.text)")
                #expect(bench.accepted == 1)
            }
        }
    }

    @Test func `a declared host is reached, and what went to and fro is recorded`() async throws {
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let network = FakeNetwork(Self.names, port: port)
                let outcome = try await bench.asking(
                    """
                    print(connect(b'API.example.com:8443', then=b'hello'))
                    print(connect(b'evil.example:8443', then=b'hello'))
                    print(connect(b'127.0.0.1:\(port)', then=b'by address'))
                    """,
                    hosts: ["api.example.com:8443", "127.0.0.1:\(port)"],
                    in: network
                )
                #expect(
                    outcome.output.text == """
                        (b'200', b'reached hello')
                        (b'403', b'evil.example:8443 is not among the hosts that are declared\\n')
                        (b'200', b'reached by address')

                        """
                )
                let address = NetworkAddress("93.184.216.34")
                #expect(
                    outcome.connections == [
                        NetworkConnection(
                            host: "api.example.com",
                            port: 8443,
                            address: address,
                            sentBytes: 5,
                            receivedBytes: 13
                        ),
                        NetworkConnection(
                            host: "evil.example",
                            port: 8443,
                            refusal: "evil.example:8443 is not among the hosts that are declared"
                        ),
                        NetworkConnection(
                            host: "127.0.0.1",
                            port: port,
                            address: NetworkAddress("127.0.0.1"),
                            sentBytes: 10,
                            receivedBytes: 18
                        ),
                    ]
                )
                #expect(network.asked == ["api.example.com"] && bench.accepted == 2)
            }
        }
    }

    /// What is asked in place of what is declared, as a literal of bytes in Python.
    static let attacks = [
        "b'CONNECT evil.example:8443 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT api.example.com:80 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:22 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT api.example.com HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT evil.example\\0.api.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com\\0.evil.example:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com\\0:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com%00.evil.example:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'GET http://api.example.com:8443/ HTTP/1.1\\r\\nHost: api.example.com\\r\\n\\r\\n'",
        "b'GET / HTTP/1.1\\r\\nHost: api.example.com:8443\\r\\n\\r\\n'",
        "b'POST http://evil.example/ HTTP/1.1\\r\\nContent-Length: 1\\r\\n\\r\\nx'",
        "b'OPTIONS * HTTP/1.1\\r\\n\\r\\n'", "b'connect api.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'\\x05\\x01\\x00'", "b'\\x04\\x01\\x20\\xfb\\x5d\\xb8\\xd8\\x22\\0'",
        "b'\\x16\\x03\\x01\\x00\\x05hello'",
        "b'CONNECT api.example.com:8443@evil.example:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT evil.example@api.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com.evil.example:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT xapi.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com.:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT .api.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT *.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:08443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:+8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:73979 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:8443:22 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com: 8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT  api.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT http://api.example.com:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:8443 HTTP/2\\r\\n\\r\\n'", "b'CONNECT api.example.com:8443\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:8443 HTTP/1.1\\n\\n\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:8443\\rX HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:8443 HTTP/1.1\\r\\nHost: a\\r\\n b\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:8443 HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n'",
        "b'CONNECT api.example.com:8443 HTTP/1.1\\r\\nX: ' + b'x' * 9000 + b'\\r\\n\\r\\n'",
        "'CONNECT api.example\\u3002com:8443 HTTP/1.1\\r\\n\\r\\n'.encode()",
        "'CONNECT \\u0430pi.example.com:8443 HTTP/1.1\\r\\n\\r\\n'.encode()",
        "b'CONNECT 127.0.0.1:8443 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT localhost:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT 2130706433:8443 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT 0x7f.1:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT 127.1:8443 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT 0177.0.0.1:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT [::1]:8443 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT [::ffff:127.0.0.1]:8443 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT [fe80::1%25eth0]:8443 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT 169.254.169.254:80 HTTP/1.1\\r\\n\\r\\n'",
        "b'CONNECT 93.184.216.34:8443 HTTP/1.1\\r\\n\\r\\n'", "b'CONNECT ../run/socket:8443 HTTP/1.1\\r\\n\\r\\n'",
    ]

    @Test func `whatever else is asked for is refused before anybody is connected with`() async throws {
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let network = FakeNetwork(Self.names, port: port)
                let outcome = try await bench.asking(
                    """
                    for attack in [\(Self.attacks.joined(separator: ",\n"))]: print(ask(attack)[0])
                    print(connect(b'api.example.com:8443'))
                    """,
                    hosts: ["api.example.com:8443"],
                    in: network
                )
                let lines = outcome.output.text.split(separator: "\n")
                try #require(lines.count == Self.attacks.count + 1, "\(outcome.output.text)")
                for (attack, line) in zip(Self.attacks, lines) {
                    #expect(["b'400'", "b'403'", "b'405'"].contains(line), "\(attack): \(line)")
                }
                #expect(lines.last == "(b'200', b'reached ')")
                #expect(network.dialled == ["93.184.216.34"] && network.asked == ["api.example.com"])
                let connections = try #require(outcome.connections)
                #expect(connections.count == Self.attacks.count + 1)
                #expect(connections.dropLast().allSatisfy { $0.refusal != nil && $0.address == nil })
                #expect(connections.allSatisfy { TextScan($0.host).isClean && !$0.host.contains("\0") })
            }
        }
    }

    @Test(
        arguments: [
            ["127.0.0.1"], ["127.9.9.9"], ["::1"], ["10.1.2.3"], ["172.31.0.1"], ["192.168.1.1"], ["100.64.0.1"],
            ["169.254.169.254"], ["fe80::1"], ["fd00:ec2::254"], ["224.0.0.1"], ["ff02::1"], ["0.0.0.0"], ["::"],
            ["255.255.255.255"], ["168.63.129.16"], ["100.100.100.200"], ["::ffff:10.0.0.1"], ["::ffff:93.184.216.34"],
            ["64:ff9b::a00:1"], ["2002:7f00:1::"], ["2001:0:1::"], ["2001:db8::1"], ["192.0.2.1"], ["198.18.0.1"],
            ["93.184.216.34", "127.0.0.1"], ["93.184.216.99"],
        ]
    )
    func `a name whose address is nobody's or this machine's is not connected with`(addresses: [String]) async throws {
        let proxy = try #require(Self.proxy(FakeNetwork(["api.example.com": addresses], port: 1)))
        defer { proxy.finish() }
        let host = try #require(DeclaredHost("api.example.com"))
        #expect(throws: ProxyRefusal.self) { try proxy.addresses(of: host) }
        // By its address it is meant as it is.
        let named = try #require(
            DeclaredHost(addresses[0].contains(":") ? "[\(addresses[0])]:443" : addresses[0] + ":443")
        )
        let other = try #require(Self.proxy(FakeNetwork([:], port: 1), hosts: [named]))
        defer { other.finish() }
        #expect(try other.addresses(of: named) == [named.address])
    }

    private static func proxy(_ network: FakeNetwork, hosts: [DeclaredHost]? = nil) -> Proxy? {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let hosts = hosts ?? [DeclaredHost("api.example.com")].compactMap(\.self)
        return Proxy(listener: listener, rules: Proxy.Rules(hosts: hosts, network: network.network))
    }

    @Test func `a name is looked up once, whatever it comes to be later`() async throws {
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let names = ["api.example.com#1": ["93.184.216.34"], "api.example.com": ["127.0.0.1"]]
                let network = FakeNetwork(names, port: port)
                let outcome = try await bench.asking(
                    "for _ in range(3): print(connect(b'api.example.com:8443'))",
                    hosts: ["api.example.com:8443", "api.example.com:9443"],
                    in: network
                )
                #expect(outcome.output.text == String(repeating: "(b'200', b'reached ')\n", count: 3))
                #expect(network.asked.count == 1 && Set(network.dialled) == ["93.184.216.34"])
                // The control: somebody who looks again is led home.
                #expect(try network.network.resolve("api.example.com").first?.specialUse == "loopback")
            }
        }
    }

    @Test func `TLS is let through to the server that it names, and nothing else is at its port`() async throws {
        try await Bench.with { bench async throws in
            try await bench.servingTLS { port in
                let network = FakeNetwork(Self.names, port: port)
                let outcome = try await bench.asking(
                    """
                    import ssl
                    def tls(name):
                        context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
                        s = socket.create_connection(('127.0.0.1', 3128), 5); s.settimeout(20)
                        s.sendall(b'CONNECT api.example.com:443 HTTP/1.1\\r\\n\\r\\n'); s.recv(4096)
                        try: return context.wrap_socket(s, server_hostname=name).recv(100)
                        except (OSError, ssl.SSLError) as error: return 'broken off'
                    print(tls('api.example.com')); print(tls('API.EXAMPLE.COM')); print(tls(None))
                    print(tls('evil.example')); print(tls('api.example.com.evil.example')); print(tls('example.com'))
                    for text in [b'GET / HTTP/1.1\\r\\nHost: evil.example\\r\\n\\r\\n', b'CONNECT evil.example:443 HTTP/1.1\\r\\n\\r\\n', b'\\x16\\x02xx', b'']:
                        print(connect(b'api.example.com:443', then=text)[0])
                    """,
                    hosts: ["api.example.com"],
                    in: network
                )
                let lines = outcome.output.text.split(separator: "\n")
                try #require(lines.count == 10, "\(outcome.output.text)")
                #expect(lines[0] == "b'reached as api.example.com'" && lines[2] == "b'reached as None'")
                #expect(lines[1].lowercased() == "b'reached as api.example.com'")
                #expect(lines[3...5].allSatisfy { $0 == "broken off" }, "\(lines)")
                let connections = try #require(outcome.connections)
                #expect(
                    connections.map { $0.refusal == nil } == [true, true, true] + Array(repeating: false, count: 7)
                )
                // Not a byte of what was meant for somebody else has left.
                #expect(connections.dropFirst(3).allSatisfy { $0.sentBytes == 0 }, "\(connections)")
            }
        }
    }

    @Test func `a host is not asked to lead on to somebody else`() async throws {
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let network = FakeNetwork(Self.names, port: port)
                let outcome = try await bench.asking(
                    """
                    print(connect(b'api.example.com:3128', then=b'CONNECT evil.example:443 HTTP/1.1\\r\\n\\r\\n')[0])
                    print(connect(b'api.example.com:3128', then=b'CONFIRM'))
                    """,
                    hosts: ["api.example.com:3128"],
                    in: network
                )
                #expect(outcome.output.text.hasSuffix("(b'200', b'reached CONFIRM')\n"), "\(outcome.output.text)")
                #expect(outcome.connections?.first?.refusal?.contains("lead on") == true)
                #expect(outcome.connections?.first?.sentBytes == 0)
            }
        }
    }

    @Test func `connections, attempts, bytes and time are bounded`() async throws {
        var bounds = ProxyBounds()
        bounds.connections = 3
        bounds.attempts = 12
        bounds.bytes = 100_000
        bounds.startSeconds = 2
        let limits = bounds
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let network = FakeNetwork(Self.names, port: port)
                let outcome = try await bench.asking(
                    """
                    held = [socket.create_connection(('127.0.0.1', 3128), 5) for _ in range(3)]
                    import time; time.sleep(0.5)
                    print('fourth', ask(b'CONNECT')[0] in (b'closed', b'error 104'))
                    for s in held: s.settimeout(10)
                    print('slow', [b'in time' in s.recv(1000) for s in held])
                    for s in held: s.close()
                    time.sleep(1)
                    print(connect(b'api.example.com:8443', then=b'x' * 50_000)[1] == b'reached ' + b'x' * 50_000 or 'cut off')
                    print(0 < [ask(b'GET')[0] for _ in range(20)].count(b'405') <= 7)
                    """,
                    hosts: ["api.example.com:8443"],
                    in: network,
                    bounds: limits
                )
                #expect(
                    outcome.output.text == """
                        fourth True
                        slow [True, True, True]
                        cut off
                        True

                        """
                )
                // One that comes before another was shut is refused too; behind the last is said that there were more.
                let connections = outcome.connections ?? []
                #expect((5...13).contains(connections.count), "\(connections)")
                #expect(outcome.connections?.contains { $0.refusal?.contains("bytes went") == true } == true)
            }
        }
    }

    @Test func `a program that ends in the midst leaves no connection behind`() async throws {
        try await Bench.with { bench async throws in
            try await bench.serving { port in
                let network = FakeNetwork(Self.names, port: port)
                let clock = ContinuousClock()
                let begin = clock.now
                let outcome = try await bench.asking(
                    """
                    import os
                    s = socket.create_connection(('127.0.0.1', 3128), 5)
                    s.sendall(b'CONNECT api.example.com:8443 HTTP/1.1\\r\\n\\r\\n'); s.recv(1000)
                    print('alive', flush=True)
                    os._exit(0)
                    """,
                    hosts: ["api.example.com:8443"],
                    in: network
                )
                #expect(outcome.output.text == "alive\n" && outcome.connections?.count == 1)
                #expect(clock.now - begin < .seconds(15))
            }
        }
    }
}
