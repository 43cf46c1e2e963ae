// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser
import Foundation

/// Shows how good forecasts were.
struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Show the track records of roles: what they forecast, what became of it, and how far to believe them.",
        discussion: """
            Steps carry forecasts that are settled by looking, evaluators say how likely an option is to reach the goals, and people \
            file what shows later with agency settle. A record belongs to a role as it was told to work, played by one performer, on \
            one kind of work; one with nothing settled is advisory.
            """
    )

    @Option(help: "Only this role.")
    var role: String?
    @Option(help: "Only of so many of the newest runs.")
    var last = RecordShelf.most
    @Option(help: "Write an HTML page with pictures, which needs nothing else, to this file.")
    var html: String?
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var home: HomeOptions

    func validate() throws {
        guard (1...RecordShelf.most).contains(last) else {
            throw ValidationError("--last is a number from 1 to \(RecordShelf.most)")
        }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let (all, runs) = try await setup.agency.records.book(of: last)
        let book =
            try role.map { role in
                let known = Set(all.entries.map(\.key.role) + all.comparisons.map(\.role.rawValue))
                guard known.contains(role) else {
                    let names = known.sorted().joined(separator: ", ")
                    throw RuntimeError(
                        .notFound,
                        "no role “\(role)” has forecast anything; there are: \(names.isEmpty ? "none" : names)"
                    )
                }
                return all.only(of: role)
            } ?? all
        if let html {
            try Output.write(RecordsPage(book, runs: runs).html.utf8, to: html)
            return Terminal.out("wrote \(html)")
        }
        Terminal.out(json ? book.json(runs: runs).prettyText : Terminal.text(RecordsText(book, runs: runs)))
    }
}

/// Files what became of a forecast, however long after.
struct Settle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "File what became of a forecast that no check could settle, or that shows only later.",
        discussion:
            "The first outcome of a forecast counts for records; one that contradicts it is filed, and marks it as disputed."
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Option(help: "That this option reaches the goals.")
    var option: String?
    @Option(help: "A forecast of this step.")
    var step: String?
    @Option(help: "With --step: which of its forecasts, counted from 1.")
    var forecast = 1
    @Flag(help: "Whether it came true.")
    var outcome: Word
    @Option(help: "What shows it; goes on the record.")
    var why: String
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    enum Word: String, EnumerableFlag {
        case cameTrue, didNot
    }

    func validate() throws {
        guard (option == nil) != (step == nil) else { throw ValidationError("say either --option or --step") }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let subject: ForecastSubject =
            if let option { .goals(ProposalID(option)) } else { .step(StepID(step ?? ""), forecast: forecast) }
        try await setup.agency.file(outcome == .cameTrue, of: subject, in: id, by: person.person, reason: why)
        Terminal.out("filed; see what it comes to with: agency record")
    }
}
