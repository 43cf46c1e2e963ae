// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Networks of every family that reaches somebody.
@Suite(.timeLimit(.minutes(2)))
struct SandboxNetworkTests {
    /// Something on this machine that answers to whoever connects.
    static func listening(
        _ family: String,
        _ address: String,
        kind: String = "STREAM",
        _ work: (String) async throws -> Void
    ) async throws {
        let ready = NSTemporaryDirectory() + "ready-\(UInt64.random(in: 0...(.max)))"
        defer { unlink(ready) }
        let code = """
            import socket, os
            s = socket.socket(socket.AF_\(family), socket.SOCK_\(kind)); s.bind(\(address))
            if '\(kind)' == 'STREAM': s.listen(8)
            name = s.getsockname()
            open('\(ready).new', 'w').write(repr(name)); os.rename('\(ready).new', '\(ready)')
            while True:
                if '\(kind)' == 'STREAM': s.accept()[0].sendall(b'reached')
                else: s.sendto(b'reached', s.recvfrom(10)[1])
            """
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let outcome = try? await Program(name: "python3", arguments: ["-c", code], mergesErrors: true).run()
                if let outcome { Issue.record("the listener ended: \(outcome.output.text)") }
            }
            var name: String?
            for _ in 0..<500 where name == nil {
                name = try? String(contentsOfFile: ready, encoding: .utf8)
                if name == nil { try await Task.sleep(for: .milliseconds(10)) }
            }
            try await work(try #require(name))
            group.cancelAll()
        }
    }

    static func connecting(_ family: String, _ address: String, kind: String = "STREAM") -> String {
        """
        import socket
        try:
            s = socket.socket(socket.AF_\(family), socket.SOCK_\(kind)); s.settimeout(3); s.connect(\(address))
            if '\(kind)' == 'DGRAM': s.send(b'x')
            if s.recv(10) == b'reached': print('HARM')
        except OSError as error: print(error.errno)
        """
    }

    @Test(arguments: [("INET", "('127.0.0.1', 0)"), ("INET6", "('::1', 0)")], ["STREAM", "DGRAM"])
    func `no address of this machine is reached`(_ at: (String, String), kind: String) async throws {
        try await Bench.with { bench async throws in
            try await Self.listening(at.0, at.1, kind: kind) { address in
                try await bench.contain(Self.connecting(at.0, address, kind: kind))
                try await bench.contain(Self.connecting(at.0, address, kind: kind), acting: false)
            }
        }
    }

    @Test func `no socket by an abstract name is reached`() async throws {
        try await Bench.with { bench async throws in
            let name = "'\\0agency-test-\(UInt64.random(in: 0...(.max)))'"
            try await Self.listening("UNIX", name) { address in
                try await bench.contain(Self.connecting("UNIX", address))
            }
        }
    }

    @Test(arguments: [true, false])
    func `no socket in a folder is reached, not even in the workspace`(acting: Bool) async throws {
        try await Bench.with { bench async throws in
            try await Self.listening("UNIX", "'\(bench.outside)/socket'") { address in
                try await bench.contain(Self.connecting("UNIX", address), acting: acting)
            }
            let here = bench.directory + "/here"
            try await Self.listening("UNIX", "'\(here)'") { address in
                // The control is outside and on the thing itself, as a copy of a socket is none.
                let outside = try await bench.harm(Self.connecting("UNIX", address))
                #expect(outside.contains("HARM"))
                let inside = try await bench.python(
                    Self.connecting("UNIX", "'here'") + "\nprint('alive')",
                    acting: acting
                )
                #expect(inside.output.contains("alive") && !inside.output.contains("HARM"), "\(inside.output)")
            }
        }
    }

    @Test func `families without a use inside are not there`() async throws {
        try await Bench.with { bench async throws in
            let code = """
                import socket
                made = []
                for name, family, kind, number in [
                    ('packet', 17, 3, 0), ('vsock', 40, 1, 0), ('alg', 38, 5, 0), ('raw', 2, 3, 255), ('raw6', 10, 3, 58),
                    ('bluetooth', 31, 3, 1), ('can', 29, 3, 1), ('tipc', 30, 1, 0), ('xdp', 44, 3, 0), ('key', 15, 3, 2),
                    ('netfilter', 16, 3, 12), ('audit', 16, 3, 9), ('diag', 16, 3, 4), ('uevent', 16, 3, 15),
                    ('generic', 16, 3, 16), ('crypto', 16, 3, 21), ('mptcp', 2, 1, 262), ('sctp', 2, 1, 132), ('ping', 2, 2, 1)]:
                    try: socket.socket(family, kind, number).close(); made.append(name)
                    except OSError: pass
                print('HARM' if made else '', made)
                """
            try await bench.contain(code)
        }
    }

    @Test func `the addresses of the machine do not show, and the loopback works inside`() async throws {
        try await Bench.with { bench async throws in
            let inside = try await bench.python(
                """
                import socket, threading
                print([name for _, name in socket.if_nameindex()])
                server = socket.create_server(('127.0.0.1', 0))
                threading.Thread(target=lambda: server.accept()[0].sendall(b'own')).start()
                print(socket.create_connection(server.getsockname(), 5).recv(9))
                a, b = socket.socketpair(); a.send(b'pair'); print(b.recv(9))
                try: socket.create_connection(('192.0.2.1', 80), 2); print('HARM')
                except OSError as error: print('no route')
                """
            )
            #expect(inside.output == "['lo']\nb'own'\nb'pair'\nno route\n")
        }
    }
}
