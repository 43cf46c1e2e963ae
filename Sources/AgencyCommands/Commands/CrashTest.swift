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

/// Proves that an undertaking comes to the same end wherever it is killed.
struct CrashTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crashtest",
        abstract: "Kill an undertaking at every record of its ledger in turn, resume it, and compare the ends.",
        discussion: """
            A rehearsal: everything happens in copies of the workspace that are thrown away. The undertaking is carried \
            through once; then it is broken off at every append to its ledger, before and after, and resumed. Each time it \
            must come to the same records and the same files, with no effect twice or lost, no recorded call made again, \
            and a chain that verifies. Choices are made by the script that --choose gives. Performances that are not taken \
            from a recording are recorded at the first time, so that live performers are asked only once. The \
            copies lie in TMPDIR if that is set, else in memory (/dev/shm) if there is room.

            Ends with status 1 when something differs; each place that does is named with the command that tries it again.
            """
    )

    @Argument(help: "The architecture: a file, or the name of a stock one.")
    var architecture: String

    @Argument(help: "The brief: Markdown with a YAML head.")
    var brief: String

    @Option(name: .shortAndLong, help: "The directory that is worked on; only read.")
    var workspace: String?

    @Option(name: .shortAndLong, help: "The file of profiles (default: agency.yaml, here or beside the brief).")
    var profiles: String?

    @Option(help: "Take every performance from this folder; everything else is live.")
    var replay: String?

    @Option(help: "The options to choose, in order: p2,p2.r1")
    var choose = ""

    @Flag(help: "Really kill a process (SIGKILL) at each append, instead of going on from a copy made there.")
    var kill = false

    @Option(help: "Try only so many of the places, drawn by --seed.")
    var sample: Int?

    @Option(help: "What a sample is drawn from.")
    var seed: UInt64 = 1

    @Option(help: "Try only this place, as a report names it: 'after step_observed s2'")
    var at: String?

    @Flag(help: "Look anew each time: what was seen at a workspace that held the same is not recalled.")
    var lookAnew = false

    @Option(help: "Rehearsals at once (default: the number of processors).")
    var jobs: Int?

    @Flag(help: "Print JSON.")
    var json = false

    // For the processes that are killed.
    @Option(help: .hidden)
    var lifeFolder: String?
    @Option(help: .hidden)
    var lifeSide: String?
    @Option(help: .hidden)
    var lifeMark: String?
    @Option(help: .hidden)
    var lifeLooks: String?

    func validate() throws {
        if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs is from 1 to 64") }
        if let sample, sample < 1 { throw ValidationError("--sample is at least 1") }
        if sample != nil, at != nil { throw ValidationError("--sample and --at exclude each other") }
        if let at, !at.hasPrefix("before "), !at.hasPrefix("after ") {
            throw ValidationError("--at is “before” or “after” and what is stored, such as 'after step_observed s2'")
        }
    }

    func run() async throws {
        let undertaking = try undertaking()
        if let lifeFolder { return try await live(undertaking, in: lifeFolder) }
        if let workspace {
            try Home.requireFolder(workspace)
            if let missing = await Sandbox.probe() { throw missing }
        } else if undertaking.architecture.flow.contains(where: { $0.word == "enact" }) {
            throw RuntimeError(
                .badInput,
                "“\(undertaking.architecture.name)” enacts steps; name the directory to rehearse on with -w"
            )
        }
        let root = try RehearsalFolder.makeRoot()
        let report: RehearsalReport
        do {
            report = try await rehearse(undertaking, in: root.path)
        } catch {
            root.remove()
            throw error
        }
        Terminal.out(json ? report.json.prettyText : Escape.terminal(report.text, multiline: true))
        guard report.failed.isEmpty else {
            // What failed is kept for whoever looks into it.
            sweep(root.path, keeping: report.failed.map(\.folder))
            throw ExitStatus.unmet
        }
        root.remove()
    }

    private func undertaking() throws -> Undertaking {
        let hasWorkspace = workspace != nil
        return Undertaking(
            brief: try Declarations.brief(brief),
            architecture: try Declarations.architecture(architecture),
            settings: RunSettings(
                workspace: workspace.map(absolute),
                profiles: Declarations.profilesPath(profiles, beside: brief),
                record: nil,
                replay: replay.map(absolute)
            ),
            choices: choose.split(separator: ",").map { ProposalID($0.trimmingCharacters(in: .whitespaces)) },
            tools: { hasWorkspace ? Undertaking.workspaceTools($0) : nil }
        )
    }

    /// The life of a process that is to be killed: it does so itself, so that it dies at the very append.
    private func live(_ undertaking: Undertaking, in path: String) async throws {
        let folder = RehearsalFolder(path: path)
        let (side, mark) = (lifeSide, lifeMark ?? "")
        let looks = lifeLooks.map { LookMemory(path: $0) }
        let world = CrashRehearsal(undertaking: undertaking, root: path, looks: looks).world(in: folder)
        try await undertaking.live(in: folder, world: world) { reached, events in
            guard reached.rawValue == side, RehearsalPoint.isMarked(events, mark) else { return }
            Foundation.kill(getpid(), SIGKILL)
        }
    }

    private func rehearse(_ undertaking: Undertaking, in root: String) async throws -> RehearsalReport {
        var rehearsal = CrashRehearsal(undertaking: undertaking, root: root)
        let looks = lookAnew ? nil : LookMemory(path: root + "/looks")
        rehearsal.looks = looks
        let recordings = replay.map(absolute) ?? root + "/recordings"
        if replay == nil { rehearsal.undertaking.settings.record = recordings }
        if kill { rehearsal.child = { childCommand($0, $1, $2, recordings, looks) } }
        if !json { Terminal.error(Terminal.paint("a rehearsal, in copies that are thrown away: \(root)", .dim, on: 2)) }
        let reference = try await rehearsal.reference(from: try await template(in: root))
        rehearsal.undertaking.settings.record = nil
        rehearsal.undertaking.settings.replay = recordings
        let outcomes = try await all(try chosen(from: reference.points), rehearsal, reference)
        return RehearsalReport(reference: reference, outcomes: outcomes, kills: kill, again: again)
    }

    /// The workspace as a repository with everything committed, as a run would have it.
    private func template(in root: String) async throws -> String? {
        guard let given = workspace.map(absolute) else { return nil }
        if FileManager.default.fileExists(atPath: given + "/.git") { return given }
        return try await Workspace.adopt(directory: given, into: root + "/adopted")
    }

    private func chosen(from points: [RehearsalPoint]) throws -> [RehearsalPoint] {
        if let at {
            guard let point = points.first(where: { $0.name == at }) else {
                throw RuntimeError(
                    .badInput,
                    "there is no place “\(at)”; the last are \(points.suffix(5).map(\.name).joined(separator: ", "))"
                )
            }
            return [point]
        }
        guard let sample, sample < points.count else { return points }
        var generator = SeededGenerator(state: seed)
        return points.indices.shuffled(using: &generator).prefix(sample).sorted().map { points[$0] }
    }

    private func all(
        _ points: [RehearsalPoint],
        _ rehearsal: CrashRehearsal,
        _ reference: CrashRehearsal.Reference
    ) async throws -> [CrashRehearsal.Outcome] {
        try await withThrowingTaskGroup(of: (Int, CrashRehearsal.Outcome).self) { group in
            var outcomes: [(Int, CrashRehearsal.Outcome)] = []
            var next = 0
            func add() {
                guard next < points.count else { return }
                let number = next
                next += 1
                group.addTask {
                    (number, try await rehearsal.outcome(at: points[number], reference, number: number))
                }
            }
            for _ in 0..<(jobs ?? ProcessInfo.processInfo.activeProcessorCount) { add() }
            while let (number, outcome) = try await group.next() {
                outcomes.append((number, outcome))
                tell(outcome, outcomes.count, of: points.count)
                add()
            }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func tell(_ outcome: CrashRehearsal.Outcome, _ done: Int, of count: Int) {
        guard !json else { return }
        let line = "\(done)/\(count) killed \(outcome.point.words)"
        if let fault = outcome.faults.first {
            Terminal.error(Escape.terminal("✗ \(line): \(fault)"))
        } else if Terminal.drawsProgress || done == count || done.isMultiple(of: 20) {
            Terminal.error(Escape.terminal("✓ \(line): same end"))
        }
    }

    private func sweep(_ root: String, keeping kept: [String]) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] {
            let path = root + "/" + name
            if name != "reference", !kept.contains(path) { RehearsalFolder(path: path).remove() }
        }
    }

    /// The command line that tries one place again.
    private func again(_ point: RehearsalPoint) -> String {
        let words = ["agency", "crashtest"] + common + (kill ? ["--kill"] : []) + ["--at", point.name]
        return words.map(\.shellWord).joined(separator: " ")
    }

    private var common: [String] {
        var words = [architecture, brief]
        for (name, value) in [("--workspace", workspace), ("--profiles", profiles), ("--replay", replay)] {
            if let value { words += [name, value] }
        }
        return words + (choose.isEmpty ? [] : ["--choose", choose])
    }

    private func childCommand(
        _ folder: String,
        _ side: String,
        _ mark: String,
        _ recordings: String,
        _ looks: LookMemory?
    ) -> [String] {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        var words = [own == "/proc/self/exe" ? CommandLine.arguments[0] : own, "crashtest"] + common
        if replay == nil { words += ["--replay", recordings] }
        if let looks { words += ["--life-looks", looks.path] }
        return words + ["--life-folder", folder, "--life-side", side, "--life-mark", mark]
    }
}

extension String {
    /// The text as one word of a command line.
    fileprivate var shellWord: String {
        let plain = allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,=:@+".contains($0)) }
        return plain && !isEmpty ? self : "'" + replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
