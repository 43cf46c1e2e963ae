// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyRuntime
import AgencySchema

/// What is printed as JSON.
enum Output {
    /// Anything that can be written as JSON, for people and programs.
    static func json(_ value: some Encodable) throws -> String { try JSONValue(encoding: value).prettyText }

    /// The JSON Schemas by name.
    static let schemas = Dictionary(
        uniqueKeysWithValues: DeclarationSchema.names.map { ($0, DeclarationSchema.named($0) ?? .any) }
    )
}
