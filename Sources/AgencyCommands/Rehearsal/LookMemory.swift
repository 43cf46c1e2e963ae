// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import AgencySchema
import Foundation

/// What was seen at workspaces, by what they held: the same look at the same files is made once for all rehearsals.
///
/// A look has the workspace for reading only, no network and nothing else to go by. It is kept in files, so that processes
/// that are killed and those after them have it too.
struct LookMemory: Sendable {
    let path: String

    /// Recalls what was seen, or looks and keeps it.
    ///
    /// - Parameters:
    ///   - key: What is looked at, and how.
    ///   - isKept: Whether what was seen can be seen again: a look that was cut off is none.
    ///   - look: Looks.
    /// - Returns: What was seen.
    /// - Throws: what looking throws; when it cannot be kept.
    func recall<Value: Codable>(
        _ key: JSONValue,
        where isKept: (Value) -> Bool,
        _ look: () async throws -> Value
    ) async throws -> Value {
        let file = path + "/" + Digest(of: key).hex
        if let data = FileManager.default.contents(atPath: file) {
            return try JSONDecoder().decode(Value.self, from: data)
        }
        let value = try await look()
        guard isKept(value) else { return value }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        // Whole or not at all: others read it meanwhile.
        try JSONEncoder().encode(value).write(to: URL(fileURLWithPath: file), options: .atomic)
        return value
    }
}
