// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyRuntime
import AgencySchema
import Foundation

/// What is printed as JSON.
enum Output {
    /// Anything that can be written as JSON, for people and programs.
    static func json(_ value: some Encodable) throws -> String { try JSONValue(encoding: value).prettyText }

    /// Writes a file that somebody asked for, in the place of one that is there.
    ///
    /// - Throws: ``RuntimeError`` with `.unavailable`.
    static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw RuntimeError(.unavailable, "\(path) cannot be written")
        }
    }

    /// The JSON Schemas by name.
    static let schemas = Dictionary(
        uniqueKeysWithValues: DeclarationSchema.names.map { ($0, DeclarationSchema.named($0) ?? .any) }
    )
}
