// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Checks declarations and computes the worst case, before anything runs.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check declarations and compute the worst case of running them.",
        discussion: "Checks an architecture by itself, or with --brief what running that brief could cost at most."
    )

    @Argument(help: "An architecture: a file, or the name of a stock one (change-board, advice).")
    var architecture: String

    @Option(name: .shortAndLong, help: "The brief to compute the worst case for.")
    var brief: String?

    @Option(name: .shortAndLong, help: "The file of profiles, for prices.")
    var profiles: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let read = try Declarations.architecture(architecture)
        guard let brief else {
            if json {
                Terminal.out(try JSONValue(encoding: read).prettyText)
            } else {
                let count = read.roles.count
                Terminal.out(
                    "\(read.name): \(count) roles, \(read.flow.count) stages; references, order and bounds are right"
                )
            }
            return
        }
        let bounds = read.bounds(
            for: try Declarations.brief(brief),
            profiles: try Declarations.profiles(profiles, beside: brief)
        )
        if json {
            Terminal.out(try JSONValue(encoding: bounds).prettyText)
        } else {
            Terminal.out(BoundsText.text(bounds))
        }
        guard bounds.exceeded.isEmpty else { throw ExitStatus.badInput }
    }
}

/// The worst case, for a person to read.
enum BoundsText {
    static func text(_ bounds: Bounds) -> String {
        var lines = [bounds.summary, ""] + bounds.derivation.map { "  " + $0 }
        if !bounds.exceeded.isEmpty {
            lines += ["", "More than the brief allows; a run would stop there:"] + bounds.exceeded.map { "  ✗ " + $0 }
        }
        return lines.joined(separator: "\n")
    }
}

/// Reads declarations by path or stock name.
enum Declarations {
    static func architecture(_ name: String) throws -> Architecture {
        if !FileManager.default.fileExists(atPath: name), let stock = Stock.architecture(name)?.text {
            return try Declaration.readArchitecture(text: stock, file: name, tools: Tools.manifests)
        }
        guard FileManager.default.fileExists(atPath: name) else {
            let names = Stock.architectures.map(\.name).joined(separator: ", ")
            throw RuntimeError(
                .badInput,
                "there is no file \(name) and no stock architecture of that name; stock: \(names)"
            )
        }
        return try Declaration.readArchitecture(bytes: try readFile(name), file: name, tools: Tools.manifests)
    }

    static func brief(_ path: String) throws -> Brief {
        try Declaration.readBrief(bytes: try readFile(path), file: path, tools: Tools.manifests)
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
}
