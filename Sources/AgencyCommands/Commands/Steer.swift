// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyRuntime
import ArgumentParser

/// Pauses a run.
struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pause a run; a worker in any process stops within a second."
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "Why; goes on the record.")
    var why = ""
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        try await setup.agency.pause(id, by: person.person, reason: why)
        Terminal.out("paused; go on with: agency resume \(id)")
    }
}

/// Takes the workspace back to where it was after a step.
struct Revert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take the workspace back to where it was after a step.",
        discussion: "A choice that was being enacted lapses: the person is asked again when the run is resumed."
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "The last step that stays, or “start” to undo all.")
    var to: String
    @Option(help: "Why; goes on the record.")
    var why = "asked for on the command line"
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let step = to == "start" ? nil : StepID(to)
        let undone = try await setup.revert(id, to: step, by: person.person, reason: why)
        let names = undone.map(\.rawValue).joined(separator: ", ")
        Terminal.out(undone.isEmpty ? "the workspace is as it was after \(to)" : "undone: \(names)")
    }
}

extension Setup {
    /// Takes the workspace of a run back to where it was after a step, or before any, while nobody else works on it.
    ///
    /// - Returns: The steps that were undone.
    /// - Throws: as `Agency.revert` does; ``RuntimeError`` with `.notNow` without a workspace, `.busy` while somebody has the run.
    func revert(_ run: RunID, to step: StepID?, by person: Person, reason: String) async throws -> [StepID] {
        let settings = try RunSettings.read(run, in: home)
        guard let world = world(run, workspace: settings.workspace) else {
            throw RuntimeError(.notNow, "run \(run) has no workspace")
        }
        return try await holding(run, "agency revert") {
            try await agency.revert(to: step, in: run, world: world, by: person, reason: reason)
        }
    }
}

/// Reads and rewrites the goals of a run.
struct GoalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "goal",
        abstract: "List or rewrite the goals of a run.",
        subcommands: [List.self, Edit.self],
        defaultSubcommand: List.self
    )

    /// Lists the goals.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the goals, as YAML that agency goal edit takes."
        )

        @Argument(help: "The run; the latest when left out.")
        var run: String?
        @Flag(help: "Print JSON.")
        var json = false
        @OptionGroup var home: HomeOptions

        func run() async throws {
            let setup = try await Setup.existing(home.folder)
            let state = try await setup.agency.state(of: try await setup.resolve(run))
            Terminal.out(json ? try Output.json(state.goals) : Declaration.printGoals(state.goals))
        }
    }

    /// Rewrites the goals.
    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rewrite the goals; options that stand are judged again by them, and a choice made before lapses."
        )

        @Argument(help: "The run.")
        var run: String
        @Option(help: "A file with the goals, as agency goal list prints them.")
        var file: String
        @Option(help: "Why; goes on the record.")
        var why: String
        @OptionGroup var home: HomeOptions
        @OptionGroup var person: PersonOptions

        func run() async throws {
            let setup = try await Setup.existing(home.folder)
            let id = try await setup.resolve(run)
            guard let text = String(validating: try readFile(file), as: UTF8.self) else {
                throw RuntimeError(.badInput, "\(file) is not valid UTF-8; save it as UTF-8")
            }
            let goals = try Declaration.readGoals(text: text, file: file, tools: Tools.manifests)
            let state = try await setup.agency.editGoals(goals, in: id, by: person.person, reason: why)
            Terminal.out(
                "the goals are rewritten; the run is at: \(state.whereabouts); go on with: agency resume \(id)"
            )
        }
    }
}
