// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Lists runs.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the runs, or say how one stands.")

    @Argument(help: "A run; all are listed when left out.")
    var run: String?
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var home: HomeOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        if let run {
            let state = try await setup.agency.state(of: try await setup.resolve(run))
            if json { return Terminal.out(StateJSON.summary(state).prettyText) }
            let parts = [Terminal.text(StatusText(state)), DoubtPage.text(state)].compactMap(\.self)
            return Terminal.out(parts.joined(separator: "\n\n"))
        }
        let rows = try await setup.agency.store.runs()
        if json { return Terminal.out(try Output.json(rows)) }
        if rows.isEmpty { return Terminal.out("no runs yet; start one with: agency run BRIEF") }
        for row in rows {
            let columns = [
                row.run.rawValue, row.status.padding(toLength: 10, withPad: " ", startingAt: 0), row.architecture,
                row.title,
            ]
            Terminal.out(columns.map { Escape.terminal($0) }.joined(separator: "  "))
        }
    }
}

/// Shows a run, or a part of it in full.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a run, or an option, a step, an episode or a tree of goals in full."
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "Show this option's plan in full.")
    var option: String?
    @Option(help: "Show this step: forecasts against outcomes, output, checkpoint.")
    var step: String?
    @Option(help: "Show this episode: everything that went in and came out.")
    var episode: String?
    @Flag(help: "Show the architecture's and the run's picture as SVG.")
    var picture = false
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var home: HomeOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let state = try await setup.agency.state(of: id)
        if let option { return try show(option: option, state) }
        if let step { return try show(step: step, state) }
        if let episode { return try await show(episode: episode, state, setup) }
        if picture { return Terminal.out(RunPicture.svg(state)) }
        if json { return Terminal.out(StateJSON.summary(state).prettyText) }
        var parts = [Terminal.text(StatusText(state))]
        if !state.options.isEmpty { parts.append(Terminal.text(OptionsText(state))) }
        if !state.enactment.trials.isEmpty { parts.append(Terminal.text(StepsText(state))) }
        if let doubt = DoubtPage.text(state) { parts.append(doubt) }
        if state.agenda() == .wait(.choice), let warnings = ChoicePage.warnings(state) { parts.append(warnings) }
        if state.agenda() == .wait(.choice), let sheet = state.sheet { parts.append("sheet \(sheet.digest)") }
        Terminal.out(parts.joined(separator: "\n\n"))
    }

    private func show(option: String, _ state: RunState) throws {
        guard let proposal = state.proposals[ProposalID(option)] else {
            let names = state.proposals.keys.sorted().map(\.rawValue).joined(separator: ", ")
            throw RuntimeError(.notFound, "there is no option “\(option)”; there are: \(names)")
        }
        Terminal.out(json ? try Output.json(proposal.plan) : Terminal.text(PlanText(proposal)))
    }

    private func show(step: String, _ state: RunState) throws {
        let trials = state.enactment.trials.filter { $0.step.id.rawValue == step }
        guard !trials.isEmpty else {
            let names = state.enactment.trials.map(\.step.id.rawValue)
            throw RuntimeError(
                .notFound,
                "step “\(step)” was not tried; tried were: \(names.isEmpty ? "none" : names.joined(separator: ", "))"
            )
        }
        Terminal.out(json ? StateJSON.trials(trials).prettyText : Terminal.text(StepsText(state, only: StepID(step))))
    }

    private func show(episode: String, _ state: RunState, _ setup: Setup) async throws {
        guard let record = state.episodes[EpisodeID(episode)] else {
            throw RuntimeError(.notFound, "there is no episode “\(episode)”; agency events \(state.run) lists them")
        }
        let reference = record.transcript ?? record.prompt
        guard let bytes = try await setup.agency.store.artefact(reference.digest) else {
            throw RuntimeError(.corrupt, "the ledger does not hold \(reference); run agency verify")
        }
        let value = try await spelledOut(try JSONValue(parsing: bytes), setup)
        if json { return Terminal.out(value.prettyText) }
        if let ballot = record.ballot { Terminal.out(Self.text(ballot) + "\n") }
        let messages = value.array ?? value["messages"]?.array ?? []
        for message in messages { Terminal.out(Self.text(message) + "\n") }
    }

    /// A transcript with the messages of its prompt where it only refers to them, unless they have been taken out.
    private func spelledOut(_ transcript: JSONValue, _ setup: Setup) async throws -> JSONValue {
        guard let entries = transcript.array, let prompt = entries.first.flatMap(ArtefactReference.init(promptEntry:)),
            let bytes = try await setup.agency.store.artefact(prompt.digest),
            let messages = try JSONValue(parsing: bytes)["messages"]?.array
        else { return transcript }
        return .array(messages + entries.dropFirst())
    }

    private static func text(_ ballot: BallotRecord) -> String {
        let samples = ballot.samples.enumerated().map { index, sample in
            let said = sample.answer.map { "answer \($0 + 1)" } ?? sample.flag ?? "?"
            let note = sample.note.map { ": \($0)" } ?? ""
            let mark = index == ballot.winner ? "✓" : sample.answer == nil ? "✗" : "·"
            let place = sample.transcript.map { "  \($0.digest.short)" } ?? ""
            return "  \(mark) sample \(index + 1)  \(said)\(note)  \(sample.usage.tokens.grouped) tokens\(place)"
        }
        return Escape.terminal(([ballot.line] + samples).joined(separator: "\n"), multiline: true)
    }

    private static func text(_ message: JSONValue) -> String {
        let role = message["role"]?.string ?? "?"
        let parts = message["parts"]?.array?.compactMap { $0["text"]?.string } ?? []
        let calls = (message["calls"]?.array ?? []).map {
            "→ \($0["tool"]?.string ?? "") \($0["arguments"]?.compactText ?? "")"
        }
        let texts =
            [message["text"]?.string, message["output"]?.string, message["artefact"]?.string].compactMap { $0 } + parts
            + calls
        let head = Terminal.paint("── \(role) ", .bold)
        return head + "\n" + Escape.terminal(texts.filter { !$0.isEmpty }.joined(separator: "\n"), multiline: true)
    }
}

/// Compares two options, a revised one with the one before, or two runs.
struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two runs; or two options of one, by default a revised one with what it was made from.",
        discussion: """
            Two runs are compared event by event, without names, times and digests of chains: the first difference, and what \
            followed from it: outputs, scores, choices, plans, steps, outcomes and costs side by side.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Argument(help: "Another run to compare it with.")
    var other: String?
    @Option(help: "The older option.")
    var from: String?
    @Option(help: "The newer option.")
    var to: String?
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var home: HomeOptions

    func validate() throws {
        if other != nil, from != nil || to != nil {
            throw ValidationError("--from and --to compare options of one run; leave the other run out")
        }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        if let other {
            let runs = (left: try await setup.resolve(run), right: try await setup.resolve(other))
            let left = try await setup.agency.events(of: runs.left)
            let diff = RunDiff(left, try await setup.agency.events(of: runs.right), runs: runs)
            return Terminal.out(json ? RunDiffJSON.json(diff).prettyText : Terminal.text(RunDiffText(diff)))
        }
        let state = try await setup.agency.state(of: try await setup.resolve(run))
        let revised = state.options.first { $0.parent != nil }
        guard let new = try to.map({ try find($0, state) }) ?? revised else {
            throw RuntimeError(.badInput, "no option was made from another; name two with --from and --to")
        }
        guard let old = try from.map({ try find($0, state) }) ?? new.parent.flatMap({ state.proposals[$0] }) else {
            throw RuntimeError(.badInput, "\(new.id) was not made from another option; name one with --from")
        }
        if json { return Terminal.out(StateJSON.diff(old, new).prettyText) }
        Terminal.out(Terminal.text(DiffText(from: old, to: new)))
    }

    private func find(_ name: String, _ state: RunState) throws -> Proposal {
        guard let proposal = state.proposals[ProposalID(name)] else {
            throw RuntimeError(.notFound, "there is no option “\(name)”")
        }
        return proposal
    }
}

/// Lists the events of a run.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the events of a run.")

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "Begin at this position.")
    var from = 0
    @Flag(help: "Print one JSON object a line.")
    var json = false
    @OptionGroup var home: HomeOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        var position = max(0, from)
        while true {
            let events = try await setup.agency.events(of: id, from: position, limit: 1000)
            guard let last = events.last else { return }
            // Together: a write for each of a million lines is most of the time.
            Terminal.out(
                events.map { json ? EventText.json($0).canonicalText : EventText.row($0) }.joined(separator: "\n")
            )
            position = last.sequence + 1
        }
    }
}

/// Writes the report of a run.
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write the report of a run: one HTML page, or Markdown.")

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "Write an HTML page that needs nothing else to this file.")
    var html: String?
    @Option(help: "Write Markdown to this file; “-” prints it.")
    var markdown: String?
    @OptionGroup var home: HomeOptions

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let state = try await setup.agency.state(of: id)
        let line = VerificationText.line(try await setup.verify(id))
        let report = AgencyReport.Report(
            state: state,
            events: try await setup.agency.events(of: id),
            verification: line
        )
        if let html { try write(report.html, to: html) }
        if let markdown, markdown != "-" { try write(report.markdown, to: markdown) }
        if html == nil, markdown == nil || markdown == "-" { Terminal.out(report.markdown) }
    }

    private func write(_ text: String, to path: String) throws {
        try Output.write(text.utf8, to: path)
        Terminal.out("wrote \(path)")
    }
}

/// Prints the JSON Schema of a declaration.
struct Schema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of a kind of file, for editors."
    )

    @Argument(help: "architecture, brief, profiles, baseline, tools, trace or policy.")
    var name: String

    func validate() throws {
        guard Output.schemas[name] != nil else {
            throw ValidationError(
                "there is no schema “\(name)”; there are: \(Output.schemas.keys.sorted().joined(separator: ", "))"
            )
        }
    }

    func run() async throws { Terminal.out(Output.schemas[name]?.json.prettyText ?? "") }
}
