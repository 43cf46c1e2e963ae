// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyDeclaration
import AgencySchema
import Foundation
import Testing

/// The schemas that are published beside the documentation.
@Suite struct SchemaFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/schemas")

    @Test(arguments: ["tools", "trace", "policy", "questions"])
    func `a published schema is the one that files are read by`(name: String) throws {
        let schema = try #require(DeclarationSchema.named(name))
        let file = Self.folder.appending(path: "\(name).schema.json")
        if ProcessInfo.processInfo.environment["AGENCY_WRITE_GOLDEN"] != nil {
            try Data((schema.json.prettyText + "\n").utf8).write(to: file)
        }
        let published = try JSONValue(parsing: Array(try Data(contentsOf: file)))
        #expect(published == schema.json)
        #expect(schema.faults().isEmpty)
    }
}
