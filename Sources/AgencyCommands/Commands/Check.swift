// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Checks declarations and computes the worst case, before anything runs.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check declarations and compute the worst case of running them.",
        discussion: """
            Checks an architecture by itself; with --profiles also who performs it, and with --brief also what running that \
            brief could cost at most. Each finding has the number of a rule; docs/rules has a page for each.

            Ends with status 0 when the architecture may run, with 65 when an error was found, when the worst case is more \
            than the brief allows or, with --strict, when there is a warning.
            """
    )

    @Argument(help: "An architecture: a file, or the name of a stock one (change-board, advice).")
    var architecture: String?

    @Option(name: .shortAndLong, help: "The brief to compute the worst case for.")
    var brief: String?

    @Option(name: .shortAndLong, help: "The file of profiles, for prices and kinship of who performs.")
    var profiles: String?

    @OptionGroup var baseline: BaselineOptions

    @Option(name: .long, help: "Tools besides the usual ones: a JSON list of manifests, as a run records them.")
    var tools: String?

    @Option(name: .long, help: "Write a baseline that accepts every warning and note that is found; needs --why.")
    var writeBaseline: String?

    @Option(name: .long, help: "Why what is found is accepted.")
    var why: String?

    @Flag(help: "Refuse warnings too.")
    var strict = false

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print SARIF 2.1.0, for editors and code hosts.")
    var sarif = false

    @Flag(help: "Print all rules, and check nothing.")
    var listRules = false

    func validate() throws {
        if architecture == nil, !listRules { throw ValidationError("name an architecture to check") }
        if json, sarif { throw ValidationError("--json and --sarif exclude each other") }
        let hasReason = why?.contains { !$0.isWhitespace } ?? false
        if writeBaseline != nil, !hasReason { throw ValidationError("--write-baseline needs --why") }
        if writeBaseline == nil, why != nil { throw ValidationError("--why is for --write-baseline") }
    }

    func run() async throws {
        guard let architecture, !listRules else { return Terminal.out(try listing) }
        var sheets = try Declarations.sheets(
            architecture: architecture,
            brief: brief,
            profiles: brief.map { Declarations.profilesPath(profiles, beside: $0) } ?? profiles,
            baseline: baseline.path
        )
        if let tools { sheets.tools = try Declarations.tools(besides: tools) }
        let report = Declaration.check(sheets)
        if let writeBaseline { try write(report, to: writeBaseline, over: sheets.settings) }
        if sarif {
            Terminal.out(CheckSARIF.log(report).prettyText)
        } else if json {
            Terminal.out(try CheckJSON.value(report).prettyText)
        } else {
            Terminal.out(CheckText.text(report))
        }
        let isBeyond = report.faults.contains { $0.rule == .beyondBrief }
        let isRefused = !report.passes || isBeyond || (strict && report.count(.warning) > 0)
        guard !isRefused else { throw ExitStatus.badInput }
    }

    private var listing: String {
        get throws { json ? CheckJSON.rules.prettyText : CheckText.rules }
    }

    /// Writes what is decided already, and on top of it acceptances of all that stands and can be accepted.
    private func write(_ report: CheckReport, to path: String, over old: Sheets.Sheet?) throws {
        var settings = try old.map { try Declaration.readCheckSettings(bytes: $0.bytes, file: $0.file) } ?? .init()
        settings.accepted += report.acceptances(because: why ?? "")
        do {
            try Data(Declaration.print(settings).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw RuntimeError(.badInput, "\(path) cannot be written", cause: error)
        }
    }
}

/// What was decided about rules and findings.
struct BaselineOptions: ParsableArguments {
    @Option(
        name: .customLong("baseline"),
        help: ArgumentHelp("Severities of rules, and findings that are known and accepted.", valueName: "file")
    )
    var path: String?
}
