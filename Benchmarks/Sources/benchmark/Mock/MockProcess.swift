// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The mock server as a process of its own, so that its work is not counted with ours.
enum MockProcess {
    /// Runs some work with the address of a mock server, and ends the server afterwards.
    ///
    /// What `BENCHMARK_MOCK_PREFIX` says, such as `chrt -f 20`, stands before its command.
    static func with<Result>(latency: Int, _ work: (_ url: String) async throws -> Result) async throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        let prefix = ProcessInfo.processInfo.environment["BENCHMARK_MOCK_PREFIX"] ?? ""
        process.arguments =
            prefix.split(separator: " ").map(String.init)
            + [program, "mock", "--latency-milliseconds", String(latency), "--attached", "yes"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        var line = ""
        while !line.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            line += String(decoding: data, as: UTF8.self)
        }
        guard let port = line.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) }) else {
            throw UsageFault("the mock server did not start: \(line)")
        }
        return try await work("http://127.0.0.1:\(port)/v1")
    }
}
