// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

/// A good declaration with one thing changed, and the faults that must be found.
struct Spoilt: Sendable, CustomTestStringConvertible {
    enum Kind { case architecture, brief, profiles, goals }

    var number: Int
    var kind: Kind
    /// What is replaced; `nil` for the whole text.
    var old: String?
    var new: String
    /// `line:column: message` of each fault.
    var faults: [String]

    init(_ number: Int, _ kind: Kind, _ old: String?, _ new: String, _ faults: [String]) {
        self.number = number
        self.kind = kind
        self.old = old
        self.new = new
        self.faults = faults
    }

    var testDescription: String { "\(number)" }

    var text: String {
        guard let old else { return new }
        return sample.replacing(old, with: new, maxReplacements: 1)
    }

    var sample: String {
        switch kind {
        case .architecture: Samples.architecture
        case .brief: Samples.brief
        case .profiles: Samples.profiles
        case .goals: ""
        }
    }

    func read() throws {
        switch kind {
        case .architecture: _ = try Declaration.readArchitecture(text: text, file: "f", tools: Samples.tools)
        case .brief: _ = try Declaration.readBrief(text: text, file: "f", tools: Samples.tools)
        case .profiles: _ = try Declaration.readProfiles(text: text, file: "f")
        case .goals: _ = try Declaration.readGoals(text: text, file: "f", tools: Samples.tools)
        }
    }
}

@Suite struct FaultTests {
    @Test(arguments: Spoilt.texts + Spoilt.architectures + Spoilt.rest)
    func `a fault is found at its place`(spoilt: Spoilt) throws {
        if let old = spoilt.old { #expect(spoilt.sample.contains(old)) }
        let error = try #require(throws: DeclarationError.self) { try spoilt.read() }
        let found = error.faults.map { "\($0.line):\($0.column): \($0.message)" }
        #expect(found == spoilt.faults, "GOLD \(spoilt.number) \(found)")
        #expect(error.faults.allSatisfy { !$0.hint.isEmpty && $0.file == "f" })
    }
}
