// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyRuntime
import AgencySchema
import Foundation

/// Reads declarations by path or stock name.
enum Declarations {
    static func architecture(_ name: String, tools: [ToolManifest] = Tools.manifests) throws -> Architecture {
        let sheet = try architectureSheet(name)
        return try Declaration.readArchitecture(bytes: sheet.bytes, file: sheet.file, tools: tools)
    }

    private static func architectureSheet(_ name: String) throws -> Sheets.Sheet {
        if FileManager.default.fileExists(atPath: name) { return try sheet(name) }
        if let stock = Stock.architecture(name)?.text { return Sheets.Sheet(file: name, text: stock) }
        let names = Stock.architectures.map(\.name).joined(separator: ", ")
        throw RuntimeError(
            .badInput,
            "there is no file \(name) and no stock architecture of that name; stock: \(names)"
        )
    }

    static func brief(_ path: String, tools: [ToolManifest] = Tools.manifests) throws -> Brief {
        try Declaration.readBrief(bytes: try readFile(path), file: path, tools: tools)
    }

    /// The path of the profiles that are meant: named, or agency.yaml here or beside the brief.
    static func profilesPath(_ named: String?, beside brief: String) -> String? {
        if let named { return absolute(named) }
        let beside = URL(fileURLWithPath: brief).deletingLastPathComponent().path + "/agency.yaml"
        return ["agency.yaml", beside].first { FileManager.default.fileExists(atPath: $0) }.map(absolute)
    }

    static func profiles(_ named: String?, beside brief: String) throws -> [Profile] {
        guard let path = profilesPath(named, beside: brief) else { return [] }
        return try Declaration.readProfiles(bytes: try readFile(path), file: path)
    }

    /// The questions of a file, for probing a role.
    static func questions(_ path: String) throws -> [ProbeQuestion] {
        try Declaration.readQuestions(bytes: try readFile(path), file: path)
    }

    /// The files that are checked together.
    static func sheets(
        architecture: String,
        brief: String? = nil,
        profiles: String? = nil,
        baseline: String? = nil
    ) throws -> Sheets {
        Sheets(
            architecture: try architectureSheet(architecture),
            brief: try brief.map(sheet),
            profiles: try profiles.map(sheet),
            settings: try baseline.map(sheet),
            tools: Tools.manifests
        )
    }

    /// The usual tools, and those of a file.
    ///
    /// - Throws: `RuntimeError` with `.badInput` when the file holds something else, or a tool of a name that there is.
    static func tools(besides path: String) throws -> [ToolManifest] {
        let more = try PolicyFiles.tools(path)
        if let twice = more.first(where: { tool in Tools.manifests.contains { $0.name == tool.name } }) {
            throw RuntimeError(.badInput, "\(path): there is a tool of the name “\(twice.name)” already")
        }
        return Tools.manifests + more
    }

    private static func sheet(_ path: String) throws -> Sheets.Sheet {
        Sheets.Sheet(file: path, bytes: try readFile(path))
    }
}
