// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment

/// A harm that a program can do, to be done twice: outside, to show that it is one, and inside, where it has to fail.
extension Bench {
    /// Runs a command of Python outside any sandbox, in a scratch copy of the workspace.
    func harm(_ code: String) async throws -> String {
        let scratch = root + "/scratch-\(UInt64.random(in: 0...(.max)))"
        try await host("cp", ["-a", directory, scratch])
        return try await harm(code, in: scratch)
    }

    func harm(_ code: String, in scratch: String) async throws -> String {
        let program = Program(
            name: "python3",
            arguments: ["-c", "import os; os.chdir('\(scratch)')\n" + code],
            limits: .init(seconds: 60),
            mergesErrors: true
        )
        return try await program.run().output.text
    }

    /// Runs the same command outside and inside, where the program is to live and do no harm.
    func contain(
        _ code: String,
        acting: Bool = true,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let outside = try await harm(code)
        #expect(outside.contains("HARM"), "no harm was done outside: \(outside)", sourceLocation: location)
        let inside = try await python(code + "\nprint('alive')", acting: acting)
        #expect(inside.output.contains("alive"), "no sign of life: \(inside.output)", sourceLocation: location)
        #expect(!inside.output.contains("HARM"), "\(inside.output)", sourceLocation: location)
    }

    /// A file outside the workspace that nobody inside is to read or change.
    func secret(_ name: String = "secret") throws -> String {
        let path = outside + "/" + name
        try Data("secret".utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}
