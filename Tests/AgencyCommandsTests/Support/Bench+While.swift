// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import Testing

extension Bench {
    /// Lets one of the fixtures, which ends when its standard input does, go on while something is done.
    ///
    /// - Parameters:
    ///   - name: The fixture.
    ///   - arguments: Its arguments.
    ///   - isReady: Whether it has come so far that the work can begin.
    ///   - work: What is done meanwhile.
    /// - Throws: what the work throws; `CancellationError` when the fixture does not come so far.
    func `while`(
        _ name: String,
        _ arguments: [String],
        until isReady: () throws -> Bool,
        _ work: () async throws -> Void
    ) async throws {
        let variables = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"].map { (Environment.Key(stringLiteral: $0), $1) }
        _ = try await Subprocess.run(
            .path(Outcome.filePath(Binary.python)),
            arguments: Arguments(["-B", Binary.fixtures + "/" + name] + arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
            workingDirectory: Outcome.filePath(root),
            input: .inputWriter,
            output: .discarded,
            error: .discarded
        ) { execution in
            do {
                try await wait(until: isReady)
                try await work()
            } catch {
                try? await execution.standardInputWriter.finish()
                throw error
            }
            try await execution.standardInputWriter.finish()
        }
    }
}
