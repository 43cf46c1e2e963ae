// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

/// What a program did.
struct Outcome: Sendable, CustomTestStringConvertible {
    let command: String
    /// The exit status, or 128 and the number of the signal.
    let status: Int32
    let out: String
    let err: String
    /// How long it took.
    let time: Duration

    /// The lines of standard error.
    var complaints: [String] { err.split(separator: "\n").map(String.init) }

    var testDescription: String { "\(command) → \(status)\n\(out.suffix(2000))\n\(err.suffix(2000))" }

    /// Standard output as one JSON value.
    func json(_ place: SourceLocation = #_sourceLocation) throws -> JSONValue {
        let value = try? JSONValue(parsing: out)
        return try #require(value, "no JSON: \(testDescription)", sourceLocation: place)
    }

    /// Starts a program and waits for its end.
    ///
    /// - Parameters:
    ///   - path: The program; no shell is involved.
    ///   - arguments: Its arguments.
    ///   - folder: Where it is started.
    ///   - environment: All of its environment.
    ///   - work: What is done meanwhile; it can send signals.
    /// - Returns: What it did.
    /// - Throws: `SubprocessError` when it cannot be started; what the work throws, the program being killed first.
    static func of(
        _ path: String,
        _ arguments: [String],
        in folder: String,
        environment: [String: String],
        during work: @Sendable (_ send: (Signal) -> Void) async throws -> Void = { _ in }
    ) async throws -> Outcome {
        let start = ContinuousClock.now
        let variables = environment.map { (Environment.Key(stringLiteral: $0), $1) }
        let result = try await Subprocess.run(
            .path(filePath(path)),
            arguments: Arguments(arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
            workingDirectory: filePath(folder),
            input: .none,
            output: .string(limit: 32 << 20),
            error: .string(limit: 32 << 20)
        ) { execution in
            do {
                try await work { signal in try? execution.send(signal: signal) }
            } catch {
                try? execution.send(signal: .kill)
                throw error
            }
        }
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): Int32(code)
            case .signaled(let number): 128 + Int32(number)
            }
        return Outcome(
            command: ([path.split(separator: "/").last.map(String.init) ?? path] + arguments).joined(separator: " "),
            status: status,
            out: result.standardOutput,
            err: result.standardError,
            time: start.duration(to: .now)
        )
    }

    /// A path of the type that Subprocess wants, whose module is no dependency of this one.
    static func filePath<Path: ExpressibleByStringLiteral>(_ text: String) -> Path
    where Path.StringLiteralType == String { Path(stringLiteral: text) }
}
