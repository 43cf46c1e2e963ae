// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyLedger
import AgencyRuntime
import ArgumentParser
import Foundation

/// Where the ledger is.
struct HomeOptions: ParsableArguments {
    @Option(name: .long, help: "The folder of the ledger (default: $AGENCY_HOME, else .agency here).")
    var home: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The ledger, where it is not in that folder: a file, or postgresql://… (default: $AGENCY_LEDGER).",
            valueName: "location"
        )
    )
    var ledger: String?

    var folder: Home {
        let environment = ProcessInfo.processInfo.environment
        let location = ledger ?? environment["AGENCY_LEDGER"].flatMap { $0.isEmpty ? nil : $0 }
        return Home(
            path: home ?? environment["AGENCY_HOME"] ?? ".agency",
            location: location.map { LedgerLocation($0) }
        )
    }
}

/// Who acts.
struct PersonOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "Your name, where the login name does not say it.")
    var name: String?

    /// The person, identified as far as a command line can.
    var person: Person {
        let login = NSUserName()
        let place = Terminal.isInteractive ? "at a terminal" : "without a terminal"
        let how =
            name == nil
            ? "login name of uid \(getuid()) \(place)"
            : "named on the command line by uid \(getuid()) (\(login)) \(place)"
        return Person(name: name ?? login, identifiedBy: how)
    }
}

/// Who performs, and from which recording.
struct CastOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The file of profiles (default: agency.yaml, here or beside the brief).")
    var profiles: String?

    @Option(name: .long, help: "Write every performance into this folder.")
    var record: String?

    @Option(name: .long, help: "Take every performance from this folder; everything else is live.")
    var replay: String?

    func validate() throws {
        if record != nil, replay != nil { throw ValidationError("--record and --replay exclude each other") }
    }
}

/// When an episode of a long work counts as recorded.
struct DurabilityOptions: ParsableArguments {
    /// The words for it.
    enum Word: String, ExpressibleByArgument, CaseIterable {
        case full, relaxed
    }

    @Option(
        name: .customLong("durability"),
        help: "When an episode of a long work counts as recorded: on disk (full, as is usual) or in order (relaxed)."
    )
    var word: Word?

    var durability: Durability? { word.flatMap { Durability(rawValue: $0.rawValue) } }
}

/// The folder of the ledger and of what belongs to runs.
struct Home: Sendable {
    var path: String
    /// Where the ledger is when it is not in the folder.
    var location: LedgerLocation?

    var ledger: LedgerLocation { location ?? LedgerLocation(path + "/ledger.sqlite") }
    func runPath(_ run: RunID) -> String { path + "/runs/" + run.rawValue }
    func checkpointsPath(_ run: RunID) -> String { runPath(run) + "/checkpoints.git" }
    func workspacePath(_ run: RunID) -> String { runPath(run) + "/workspace" }
    func shelf(_ run: RunID) -> CheckpointShelf { CheckpointShelf(folder: runPath(run) + "/signed") }
    func settingsPath(_ run: RunID) -> String { runPath(run) + "/settings.json" }
    func outputPath(_ run: RunID) -> String { runPath(run) + "/output.json" }
    func troublePath(_ run: RunID) -> String { runPath(run) + "/trouble.json" }
    func lockPath(_ run: RunID) -> String { runPath(run) + "/lock" }

    /// Makes the folder of a run, readable by its owner only.
    func makeRunFolder(_ run: RunID) throws {
        try FileManager.default.createDirectory(
            atPath: runPath(run),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }
}

/// How a run was set up, so that it can be resumed with a single word.
struct RunSettings: Codable, Sendable {
    var workspace: String?
    var profiles: String?
    var record: String?
    var replay: String?

    static func read(_ run: RunID, in home: Home) throws -> RunSettings {
        guard let data = FileManager.default.contents(atPath: home.settingsPath(run)) else { return RunSettings() }
        return try JSONDecoder().decode(RunSettings.self, from: data)
    }

    func write(_ run: RunID, in home: Home) throws {
        try home.makeRunFolder(run)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: home.settingsPath(run)), options: .atomic)
    }
}

/// A path as it stays right when the current folder changes.
func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : URL(fileURLWithPath: path).standardizedFileURL.path
}

/// The bytes of a file.
///
/// - Throws: ``RuntimeError`` with `.badInput`, naming the file.
func readFile(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
        let exists = FileManager.default.fileExists(atPath: path)
        throw RuntimeError(.badInput, exists ? "\(path) cannot be read" : "there is no file \(path)")
    }
    return Array(data)
}
