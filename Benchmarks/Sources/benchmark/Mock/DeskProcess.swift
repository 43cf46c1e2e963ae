// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OpenAgency

/// The decision desk as a process of its own, and a browser that is signed in at it.
struct DeskProcess: Sendable {
    private let client: HTTPClient
    private let port: Int
    private let host: String
    private let cookie: String
    private let token: String
    private let pid: Int32

    /// Runs some work with a desk over the ledger in a folder, and ends the desk afterwards.
    static func with(
        program: String,
        folder: String,
        _ work: (DeskProcess) async throws -> Void
    ) async throws {
        let token = String(repeating: "5a", count: 32)
        let accounts =
            #"{"people":[],"programs":[{"name":"bench","word":"\#(Digest(of: token).hex)","mayHold":false,"madeBy":"benchmark"}]}"#
        _ = FileManager.default.createFile(
            atPath: folder + "/accounts",
            contents: Data(accounts.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve", "--port", "0", "--home", folder, "--ledger", folder + "/ledger.sqlite"]
        process.environment = ["AGENCY_DESK_KEY": folder + "/desk-key", "PATH": "/usr/bin:/bin"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            process.interrupt()
            process.waitUntilExit()
        }
        var text = ""
        while !text.contains("sign-in?link=") || !text.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw UsageFault("the desk did not start: \(text)") }
            text += String(decoding: data, as: UTF8.self)
        }
        guard let line = text.split(separator: "\n").first(where: { $0.contains("sign-in?link=") }),
            let url = URL(string: String(line)), let name = url.host, let port = url.port, let word = url.query
        else { throw UsageFault("the desk printed no link: \(text)") }
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8192
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let host = "\(name):\(port)"
            let cookie = try await signIn(client, host: host, port: port, word: word)
            try await work(
                DeskProcess(
                    client: client,
                    port: port,
                    host: host,
                    cookie: cookie,
                    token: token,
                    pid: process.processIdentifier
                )
            )
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private static func signIn(_ client: HTTPClient, host: String, port: Int, word: String) async throws -> String {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/sign-in")
        request.method = .POST
        request.headers.add(name: "host", value: host)
        request.headers.add(name: "origin", value: "http://" + host)
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: word))
        let response = try await client.execute(request, timeout: .seconds(30))
        guard response.status.code == 303, let cookie = response.headers.first(name: "set-cookie") else {
            throw UsageFault("nobody could sign in: \(response.status)")
        }
        return String(cookie.prefix { $0 != ";" })
    }

    /// Gets a page, and returns how many bytes it has.
    func get(_ path: String) async throws -> Int {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.headers.add(name: "host", value: host)
        request.headers.add(name: "cookie", value: cookie)
        let response = try await client.execute(request, timeout: .seconds(120))
        let bytes = try await response.body.collect(upTo: 256 << 20).readableBytes
        guard response.status.code == 200 else { throw UsageFault("\(path): \(response.status)") }
        return bytes
    }

    /// Listens to a run, and is told the place of each event.
    func listen(to run: RunID, after: Int, _ hear: (Int) -> Void) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/runs/\(run)/live?after=\(after)")
        request.headers.add(name: "authorization", value: "Bearer " + token)
        let response = try await client.execute(request, deadline: .distantFuture)
        guard response.status.code == 200 else { throw UsageFault("nobody may listen: \(response.status)") }
        var rest = ""
        for try await part in response.body {
            rest += String(buffer: part)
            while let end = rest.firstIndex(of: "\n") {
                let line = rest[..<end]
                if line.hasPrefix("id: "), let place = Int(line.dropFirst(4)) { hear(place) }
                rest = String(rest[rest.index(after: end)...])
            }
        }
    }

    /// The seconds that processors have spent on the desk.
    var processorSeconds: Double {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// What the desk has resident, in MiB.
    var memory: Double {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? .nan) / 1024
    }
}
