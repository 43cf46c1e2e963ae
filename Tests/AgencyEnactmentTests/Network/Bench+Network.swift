// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import AgencyCore
@testable import AgencyEnactment

/// A network in which names are what a test says, and every address leads to one port of this machine.
final class FakeNetwork: Sendable {
    private let names: [String: [String]]
    private let port: Int
    private let state = Mutex<(asked: [String], dialled: [String])>(([], []))

    /// The names that were looked up, and the addresses that were connected with.
    var asked: [String] { state.withLock { $0.asked } }
    var dialled: [String] { state.withLock { $0.dialled } }

    init(_ names: [String: [String]], port: Int) {
        self.names = names
        self.port = port
    }

    var network: Network {
        Network { [self] name in
            let turn = state.withLock {
                $0.asked.append(name)
                return $0.asked.count
            }
            let texts = names["\(name)#\(turn)"] ?? names[name] ?? []
            return texts.compactMap { NetworkAddress($0) }
        } connect: { [self] address, _ in
            state.withLock { $0.dialled.append(address.description) }
            guard let here = NetworkAddress("127.0.0.1") else { return -1 }
            return Network.system.connect(here, port)
        } own: {
            [NetworkAddress("93.184.216.99")].compactMap(\.self)
        }
    }
}

extension Bench {
    /// Python by which a contained program asks for connections.
    static let asking = """
        import socket
        def ask(head, then=b'', least=0):
            s = socket.create_connection(('127.0.0.1', 3128), 5); s.settimeout(20)
            answer = b''
            try:
                s.sendall(head)
                while b'\\r\\n\\r\\n' not in answer:
                    part = s.recv(4096)
                    if not part: return answer or b'closed', b''
                    answer += part
                head, rest = answer.split(b'\\r\\n\\r\\n', 1)
                status = head.split(b' ')[1]
                if status == b'200':
                    if then: s.sendall(then)
                    s.shutdown(socket.SHUT_WR)
                while True:
                    part = s.recv(65536)
                    if not part: break
                    rest += part
                return status, rest
            except OSError as error:
                return b'error %d' % (error.errno or 0), b''
        def connect(place, **more): return ask(b'CONNECT ' + place + b' HTTP/1.1\\r\\n\\r\\n', **more)
        """

    /// Runs Python inside, with hosts to reach.
    func asking(
        _ code: String,
        hosts: [String],
        in network: FakeNetwork,
        bounds: ProxyBounds = ProxyBounds(),
        seconds: Double = 60
    ) async throws -> Program.Outcome {
        var sandbox = Sandbox()
        sandbox.hosts = hosts.compactMap { DeclaredHost($0) }
        #expect(sandbox.hosts.count == hosts.count)
        sandbox.network = network.network
        sandbox.proxyBounds = bounds
        return try await sandbox.run(
            ["python3", "-c", Self.asking + "\n" + code],
            in: directory,
            access: .readWrite,
            seconds: seconds
        )
    }

    /// A server that says what it was sent to whoever connects, and counts them in a file.
    func serving(_ work: (Int) async throws -> Void) async throws {
        try await serving(
            """
            def serve(s):
                s.sendall(b'reached')
                said = b''
                while True:
                    part = s.recv(65536)
                    if not part: break
                    said += part
                s.sendall(b' ' + said)
            """,
            work
        )
    }

    /// A server that talks TLS and answers with the name that it was asked for.
    func servingTLS(_ work: (Int) async throws -> Void) async throws {
        try await host(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                "\(root)/key.pem", "-out", "\(root)/cert.pem", "-days", "2", "-subj", "/CN=api.example.com",
            ]
        )
        try await serving(
            """
            import ssl
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain('\(root)/cert.pem', '\(root)/key.pem')
            def note(socket, name, context): socket.asked = name
            context.sni_callback = note
            def serve(s):
                t = context.wrap_socket(s, server_side=True)
                t.sendall(b'reached as ' + str(getattr(t, 'asked', None)).encode()); t.recv(100); t.close()
            """,
            work
        )
    }

    private func serving(_ code: String, _ work: (Int) async throws -> Void) async throws {
        let ready = root + "/ready"
        let server = """
            import os, socket, threading
            \(code)
            s = socket.create_server(('127.0.0.1', 0))
            open('\(ready).new', 'w').write(str(s.getsockname()[1])); os.rename('\(ready).new', '\(ready)')
            def safely(c):
                try: serve(c)
                except OSError: pass
                finally: c.close()
            while True:
                c, _ = s.accept()
                open('\(root)/accepted', 'a').write('x')
                threading.Thread(target=safely, args=(c,), daemon=True).start()
            """
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let outcome = try? await Program(name: "python3", arguments: ["-c", server], mergesErrors: true).run()
                if let outcome { Issue.record("the server ended: \(outcome.output.text)") }
            }
            var port: Int?
            for _ in 0..<1000 where port == nil {
                port = text(ready).flatMap { Int($0) }
                if port == nil { try await Task.sleep(for: .milliseconds(10)) }
            }
            try await work(try #require(port))
            group.cancelAll()
        }
    }

    /// How many have connected with the server.
    var accepted: Int { bytes(root + "/accepted")?.count ?? 0 }
}
