// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

@Suite struct StockTests {
    @Test(arguments: ["change-board", "advice"]) func `a stock architecture can be run as it is`(name: String) throws {
        let sheet = try #require(Stock.architecture(name))
        let profiles = try Declaration.readProfiles(text: Stock.profiles, file: "agency.yaml")
        let file = sheet.name + ".yaml"
        let read = try Declaration.readArchitecture(
            text: sheet.text,
            file: file,
            tools: Samples.tools,
            profiles: profiles
        )
        #expect(read.name == sheet.name)
        #expect(read.about == sheet.about)
        #expect(try Declaration.readArchitecture(text: Declaration.print(read), file: file) == read)
        for role in read.roles where role.kind != .enact {
            #expect(role.instructions.split(separator: "\n").count <= 18, "\(role.name)")
            #expect(role.budget.tokens != nil && role.budget.calls != nil, "\(role.name)")
        }
    }

    @Test func `the starter brief fits into the resources that it allows`() throws {
        let brief = try Declaration.readBrief(text: Stock.brief, file: "brief.md", tools: Samples.tools)
        let profiles = try Declaration.readProfiles(text: Stock.profiles, file: "agency.yaml")
        for sheet in Stock.architectures {
            let architecture = try Declaration.readArchitecture(text: sheet.text, file: sheet.name)
            let bounds = architecture.bounds(for: brief, profiles: profiles)
            #expect(bounds.exceeded.isEmpty, "\(bounds.summary)\n\(bounds.derivation.joined(separator: "\n"))")
        }
    }

    @Test func `advice enacts nothing`() throws {
        let advice = try Declaration.readArchitecture(text: Stock.advice, file: "advice.yaml")
        #expect(!advice.flow.contains { ["enact", "update"].contains($0.word) })
        #expect(advice.bounds(for: try Declaration.readBrief(text: Stock.brief, file: "b"), profiles: []).effects == 0)
    }
}
