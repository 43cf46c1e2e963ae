// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyLedger
import AgencyReport
import AgencyRuntime
import ArgumentParser
import Foundation

/// Carries a brief through an architecture.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Carry a brief through an architecture.",
        discussion: """
            Stops for the person's choice: at a terminal it asks, otherwise it prints the options, says what to run, and ends \
            with status 75. No flag chooses.
            """
    )

    @Argument(help: "The brief: Markdown with a YAML head.")
    var brief: String

    @Option(name: .shortAndLong, help: "The architecture: a file, or the name of a stock one.")
    var architecture = "change-board"

    @Option(name: .shortAndLong, help: "The directory that is worked on.")
    var workspace: String?

    @Option(
        help: "The policy on the flow of information, as agency policy show prints it; the standard one unless given."
    )
    var policy: String?

    @OptionGroup var baseline: BaselineOptions
    @OptionGroup var durability: DurabilityOptions
    @OptionGroup var cast: CastOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    @Flag(help: "Only take the brief up, and print the name of the run: a worker does the work (agency worker).")
    var enqueue = false

    @Flag(help: "Print events as JSON, one a line, instead of progress.")
    var json = false

    func run() async throws {
        // The tools of servers have to be known before an architecture that names them can be read.
        let tools = Tools.manifests + (try await offeredByServers())
        let brief = try Declarations.brief(brief, tools: tools)
        let check = try check(tools)
        let architecture = try Declarations.architecture(architecture, tools: tools)
        let profiles = try Declarations.profiles(cast.profiles, beside: self.brief)
        let policy = try policy.map(PolicyFiles.policy) ?? .standard
        let bounds = architecture.bounds(for: brief, profiles: profiles)
        let enacts = architecture.flow.contains { $0.word == "enact" }
        if enacts, workspace == nil {
            throw RuntimeError(.badInput, "“\(architecture.name)” enacts steps; name the directory to work on with -w")
        }
        if workspace != nil, let missing = await Sandbox.probe() { throw missing }
        var setup = try await Setup(home.folder)
        let run = RunNames.random()
        let settings = try await settings(run, in: setup.home)
        let servers = try ServerSetup.servers(
            of: settings.profiles,
            workspace: settings.workspace,
            home: setup.home
        )
        let world = setup.world(run, workspace: settings.workspace, servers: servers)
        // Before anything is paid for: a workspace that cannot be worked on is refused here.
        try settings.write(run, in: setup.home)
        try await world?.open()
        setup = try setup.signing(tells: !json)
        if !json {
            if let warnings = CheckText.warnings(check) { Terminal.error(Terminal.paint(warnings, .yellow, on: 2)) }
            Terminal.error(Terminal.paint("at most " + bounds.summary, .dim, on: 2))
        }
        // From when the run is on the ledger a worker may see it.
        let lock = enqueue ? nil : try setup.lock(run, "agency \(run)")
        defer { lock?.close() }
        let agency = setup.agency.naming { run }
        try await RunCast(architecture: architecture, settings: settings).with { cast in
            _ = try await agency.start(
                brief,
                with: architecture,
                cast: cast,
                tools: world?.tools ?? [],
                workspace: settings.workspace,
                by: person.person.name,
                durability: durability.durability,
                check: check.record,
                policy: policy
            )
        }
        if enqueue { return Terminal.out(run.rawValue) }
        let progress = Progress(json: json)
        let state = try await agency.state(of: run)
        for event in try await agency.events(of: run) { progress.notice(.recorded(event, state)) }
        progress.clear()
        try await Conductor(
            setup: setup,
            run: run,
            settings: settings,
            person: person.person,
            json: json,
            isLocked: true,
            servers: servers
        ).conduct()
    }

    private func offeredByServers() async throws -> [ToolManifest] {
        let profiles = Declarations.profilesPath(cast.profiles, beside: brief)
        guard let workspace,
            let servers = try ServerSetup.servers(of: profiles, workspace: absolute(workspace), home: home.folder)
        else { return [] }
        return try await ToolServers.closing(servers) {
            try await servers.open()
            return servers.manifests
        }
    }

    /// Checks everything that the run is made of, before anything of it is there.
    ///
    /// - Throws: `DeclarationError` with every error, each at its place.
    private func check(_ tools: [ToolManifest]) throws -> CheckReport {
        var sheets = try Declarations.sheets(
            architecture: architecture,
            brief: brief,
            // Recordings play every role, whoever was to play it.
            profiles: cast.replay == nil ? Declarations.profilesPath(cast.profiles, beside: brief) : nil,
            baseline: baseline.path
        )
        sheets.tools = tools
        let report = Declaration.check(sheets)
        guard report.passes else { throw DeclarationError(faults: report.faults.filter { $0.severity == .error }) }
        return report
    }

    private func settings(_ run: RunID, in home: Home) async throws -> RunSettings {
        var directory: String?
        if let workspace { directory = try await home.adopt(workspace, for: run, tells: !json) }
        return RunSettings(
            workspace: directory,
            profiles: Declarations.profilesPath(cast.profiles, beside: brief),
            record: cast.record.map(absolute),
            replay: cast.replay.map(absolute)
        )
    }
}

/// Goes on with a run where it stopped.
struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with a run where it stopped.",
        discussion:
            """
            What is recorded is not performed again. A step that was interrupted is undone before it is tried again; one that \
            acts outside the workspace is sent again only where its target recognises it, else looked for, else asked about.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?

    @Flag(help: "Try the failed episodes of a stalled run again.")
    var again = false

    @Flag(help: "Enact the choice of a run that was begun before choices were signed.")
    var unsigned = false

    @Option(
        name: .shortAndLong,
        help:
            "The directory to work on, for a run whose record came here without one; nothing may have been enacted yet."
    )
    var workspace: String?

    @OptionGroup var durability: DurabilityOptions
    @OptionGroup var cast: CastOptions
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    @Flag(help: "Print events as JSON, one a line, instead of progress.")
    var json = false

    func run() async throws {
        let setup = try await Setup.existing(home.folder, unsigned: unsigned)
        let id = try await setup.resolve(run)
        var settings = try RunSettings.read(id, in: setup.home)
        if let profiles = cast.profiles {
            // Who names performers wants them to perform: recordings end where they end.
            settings.profiles = absolute(profiles)
            settings.replay = nil
        }
        if let record = cast.record { settings.record = absolute(record) }
        if let replay = cast.replay { settings.replay = absolute(replay) }
        let state = try await setup.agency.state(of: id)
        if !state.isSigned, !json, state.status == .running {
            let text = "run \(id) knows no desk: its choices are not signed, and nothing shows who made them"
            Terminal.error(Terminal.paint(Escape.terminal(text), .yellow, on: 2))
        }
        let directory = try await setup.workspace(of: state, settings, given: workspace, tells: !json)
        if directory != settings.workspace {
            settings.workspace = directory
            var kept = try RunSettings.read(id, in: setup.home)
            kept.workspace = directory
            try kept.write(id, in: setup.home)
        }
        if state.status == .paused || again { try await setup.agency.letGoOn(id, by: person.person) }
        try await Conductor(
            setup: setup,
            run: id,
            settings: settings,
            person: person.person,
            json: json,
            durability: durability.durability
        ).conduct()
    }
}
