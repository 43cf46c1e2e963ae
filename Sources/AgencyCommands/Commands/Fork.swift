// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyLedger
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Starts a run that shares the past of another and differs from there.
struct ForkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork",
        abstract: "Start a run that shares another's past up to an event, and differs from there.",
        discussion: """
            The shared events are recorded in the new run too, and what they hold is not performed again; episodes that had \
            not ended are. Nothing that was permitted in the other run is permitted in the fork: a choice is asked for \
            anew, unless --choose makes it. A fork never touches the other run's workspace: it works on a copy, which is \
            as the workspace was at the event, or on the directory that -w names while nothing has been enacted.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "The position of the last event that is shared, as agency events lists it.")
    var at: Int
    @Option(help: "From there, have a role played by a profile: ROLE=PROFILE. May be repeated.")
    var performer: [String] = []
    @Option(help: "Choose an option that was put before the person there, or “none”; needs --shown and --why.")
    var choose: String?
    @Option(help: "With --choose: the digest of the options as they were shown there, or its first 12 digits.")
    var shown: String?
    @Option(name: [.customLong("why"), .customLong("reason")], help: "Why; goes on the record.")
    var why: String = ""
    @Option(help: "From there, have a goal say something else: ID=TEXT. May be repeated.")
    var editGoal: [String] = []
    @Option(help: "From there, have the goals of this file, as agency goal list prints them.")
    var goals: String?
    @Option(name: .shortAndLong, help: "The directory to work on, while nothing has been enacted.")
    var workspace: String?
    @Flag(help: "Only make the fork; agency resume works on it.")
    var hold = false
    @Flag(help: "Print events as JSON, one a line, instead of progress.")
    var json = false
    @OptionGroup var cast: CastOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    func validate() throws {
        for part in performer + editGoal where part.firstIndex(of: "=") == nil || part.first == "=" {
            throw ValidationError("“\(part)” is not of the form NAME=VALUE")
        }
        if goals != nil, !editGoal.isEmpty { throw ValidationError("--goals and --edit-goal exclude each other") }
        if choose != nil {
            guard shown != nil else { throw ValidationError("--choose needs --shown: the digest of what you saw") }
            guard !why.isEmpty else { throw ValidationError("--choose needs --why: it goes on the record") }
        }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder).signing(tells: !json)
        let parent = try await setup.resolve(run)
        let point = try await setup.agency.forkingPoint(of: parent, at: at)
        guard var architecture = point.state.architecture else { throw ExitStatus.ourFault }
        let difference = try difference(from: point)
        for index in architecture.roles.indices {
            guard let profile = difference.performers[architecture.roles[index].name] else { continue }
            architecture.roles[index].performer = profile
        }
        let before = try RunSettings.read(parent, in: setup.home)
        let id = RunNames.random()
        var settings = castSettings(before, setup.home)
        let agency = setup.agency.naming { id }
        do {
            settings.workspace = try await place(of: id, setup, parent, point, before)
            try settings.write(id, in: setup.home)
            let directory = settings.workspace
            try await RunCast(architecture: architecture, settings: settings).with { cast in
                _ = try await agency.fork(
                    parent,
                    at: at,
                    difference,
                    cast: cast,
                    workspace: directory,
                    by: person.person,
                    reason: why
                )
            }
        } catch {
            // Nothing of a fork that was not made stays behind; the folder is this fork's own.
            if (try? await agency.store.head(of: id).isEmpty) == true {
                try? FileManager.default.removeItem(atPath: setup.home.runPath(id))
            }
            throw error
        }
        if !json { Terminal.error("forked \(parent) at event \(at): \(id)") }
        if hold {
            if json { return Terminal.out(StateJSON.summary(try await agency.state(of: id)).prettyText) }
            return Terminal.out("go on with: agency resume \(id)")
        }
        try await Conductor(setup: setup, run: id, settings: settings, person: person.person, json: json).conduct()
    }

    private func difference(from point: Agency.ForkingPoint) throws -> Difference {
        var difference = Difference()
        for (role, profile) in performer.map(Self.halves) {
            difference.performers[RoleName(role)] = ProfileName(profile)
        }
        if let goals { difference.goals = try Self.goals(from: goals) }
        if !editGoal.isEmpty {
            var edited = point.state.goals
            for (id, want) in editGoal.map(Self.halves) {
                guard Self.edit(&edited, GoalID(id), want) else {
                    let names = point.state.goals.flatMap(\.flattened).map(\.id.rawValue).joined(separator: ", ")
                    throw RuntimeError(.notFound, "there is no goal “\(id)”; there are: \(names)")
                }
            }
            difference.goals = edited
        }
        if let choose {
            let verdict: Choice.Verdict = choose == "none" ? .none : .option(Self.option(choose, point.shown))
            difference.choice = Difference.Selection(verdict, shown: shown ?? "")
        }
        return difference
    }

    /// An option by its name, or by its number on the sheet.
    private static func option(_ word: String, _ sheet: ChoiceSheet?) -> ProposalID {
        guard let number = Int(word), let options = sheet?.options, options.indices.contains(number - 1) else {
            return ProposalID(word)
        }
        return options[number - 1].proposal
    }

    private static func halves(_ text: String) -> (String, String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }

    private static func edit(_ goals: inout [Goal], _ id: GoalID, _ want: String) -> Bool {
        for index in goals.indices {
            if goals[index].id == id {
                goals[index].want = want
                return true
            }
            if edit(&goals[index].goals, id, want) { return true }
        }
        return false
    }

    private static func goals(from file: String) throws -> [Goal] {
        guard let text = String(validating: try readFile(file), as: UTF8.self) else {
            throw RuntimeError(.badInput, "\(file) is not valid UTF-8; save it as UTF-8")
        }
        return try Declaration.readGoals(text: text, file: file, tools: Tools.manifests)
    }

    /// Who performs: as in the other run, unless performers are named here.
    private func castSettings(_ before: RunSettings, _ home: Home) -> RunSettings {
        var settings = before
        settings.record = cast.record.map(absolute)
        if let profiles = cast.profiles { settings.profiles = absolute(profiles) }
        // Who names performers wants them to perform, not words that were recorded of others.
        if cast.profiles != nil || !performer.isEmpty { settings.replay = nil }
        if let replay = cast.replay { settings.replay = absolute(replay) }
        return settings
    }

    /// The directory that the fork works on.
    private func place(
        of id: RunID,
        _ setup: Setup,
        _ parent: RunID,
        _ point: Agency.ForkingPoint,
        _ before: RunSettings
    ) async throws -> String? {
        guard let original = before.workspace else {
            guard let workspace else {
                guard let began = point.state.started?.workspace else { return nil }
                throw RuntimeError(
                    .badInput,
                    "run \(parent) works on \(began), which did not come with its record; name a directory that is as that was "
                        + "with -w"
                )
            }
            guard point.checkpoint == nil else {
                throw RuntimeError(
                    .badInput,
                    "steps had been enacted at event \(at), and their checkpoints are not here; fork at an earlier event"
                )
            }
            return try await setup.home.adopt(workspace, for: id, tells: !json)
        }
        if let workspace {
            guard point.checkpoint == nil else {
                throw RuntimeError(
                    .badInput,
                    "steps had been enacted at event \(at), so the fork works on a copy of the workspace as it was then; leave -w out"
                )
            }
            guard
                Workspace(directory: workspace, checkpoints: "/").directory
                    != Workspace(directory: original, checkpoints: "/").directory
            else {
                throw RuntimeError(
                    .badInput,
                    "\(workspace) is what run \(parent) works on; name another directory, or leave -w out for a copy"
                )
            }
            return try await setup.home.adopt(workspace, for: id, tells: !json)
        }
        // While nothing was enacted at the event, the workspace was as it was before any step.
        let base = try await setup.agency.state(of: parent).enactment.base
        let workspace = Workspace(directory: original, checkpoints: setup.home.checkpointsPath(parent))
        try setup.home.makeRunFolder(id)
        let copy = try await setup.holding(parent, "agency fork") {
            try await workspace.copy(
                to: absolute(setup.home.workspacePath(id)),
                checkpoints: absolute(setup.home.checkpointsPath(id)),
                at: point.checkpoint ?? base
            )
        }
        return copy.directory
    }
}
