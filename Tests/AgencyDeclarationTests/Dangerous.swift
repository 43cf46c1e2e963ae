// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

/// Sound declarations with something changed, and the one finding that must come of it.
struct Dangerous: Sendable, CustomTestStringConvertible {
    enum File: String { case architecture, brief, profiles, settings }

    /// What is wrong, in a few words.
    var name: String
    /// The architecture that it began as.
    var sound: String
    /// What is replaced in it.
    var edits: [(old: String, new: String)]
    /// What is replaced in the other files.
    var others: [(file: File, old: String, new: String)] = []
    /// Tools besides the usual ones.
    var tools: [ToolManifest] = []
    /// The rule, and `file:line:column` of its finding.
    var rule: Rule
    var place: String

    init(
        _ rule: Rule,
        _ place: String,
        _ name: String,
        _ sound: String = Sound.board,
        _ edits: [(String, String)] = [],
        others: [(File, String, String)] = [],
        tools: [ToolManifest] = []
    ) {
        self.rule = rule
        self.place = place
        self.name = name
        self.sound = sound
        self.edits = edits.map { ($0.0, $0.1) }
        self.others = others.map { ($0.0, $0.1, $0.2) }
        self.tools = tools
    }

    var testDescription: String { "\(rule.id) \(name)" }

    /// The files as they are after the changes.
    ///
    /// - Parameter settings: What was decided about rules, in place of what the sample says.
    /// - Returns: The files.
    /// - Throws: when what is to be changed is not there.
    func sheets(settings: String? = nil) throws -> Sheets {
        func sheet(_ file: File, _ text: String) throws -> Sheets.Sheet {
            var text = text
            for edit in others where edit.file == file {
                try #require(text.contains(edit.old), "\(edit.old)")
                text = text.replacing(edit.old, with: edit.new)
            }
            return Sheets.Sheet(file: file.rawValue, text: text)
        }
        var architecture = sound
        for edit in edits {
            try #require(architecture.contains(edit.old), "\(edit.old)")
            architecture = architecture.replacing(edit.old, with: edit.new, maxReplacements: 1)
        }
        return Sheets(
            architecture: Sheets.Sheet(file: File.architecture.rawValue, text: architecture),
            brief: try sheet(.brief, Sound.brief),
            profiles: try sheet(.profiles, Sound.profiles),
            settings: try settings.map { .init(file: "settings", text: $0) } ?? sheet(.settings, Sound.settings),
            tools: Sound.tools + tools
        )
    }
}
