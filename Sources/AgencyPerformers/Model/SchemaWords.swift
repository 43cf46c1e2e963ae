// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// Says in words what shape an answer must have, for endpoints that cannot be made to keep to it.
enum SchemaWords {
    /// The words, or `nil` when any answer will do.
    static func text(for schema: JSONSchema) -> String? {
        guard schema != .any else { return nil }
        return """
            Your final answer must be one JSON value and nothing else: no prose around it and no code fence. It must be \
            valid under this JSON Schema:
            \(schema.json.compactText)
            """
    }
}
