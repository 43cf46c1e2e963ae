// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import ArgumentParser

/// Records a person's word on whether a step's action happened.
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether a step happened, where nothing but a person can find out.",
        discussion: """
            A step that acts outside the workspace was interrupted, and its tool has neither a probe nor a target that \
            recognises what it is sent twice. Look where it was to act, then say what you found. Nothing is assumed: the \
            step is done again only after --did-not-happen. Afterwards: agency resume.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?

    @Option(help: "The step that is asked about.")
    var step: String

    @Flag(help: "It happened: go on from there.")
    var happened = false

    @Flag(help: "It did not happen: do it again.")
    var didNotHappen = false

    @Flag(help: "It stays open: give the step up and halt.")
    var leave = false

    @Option(help: "The number of the question that you saw, so that no later one is answered by it.")
    var question: Int?

    @Option(help: "How you know; goes on the record.")
    var why: String

    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    func validate() throws {
        guard [happened, didNotHappen, leave].count(where: \.self) == 1 else {
            throw ValidationError("say one of --happened, --did-not-happen, --leave")
        }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let word: Agency.Word = happened ? .happened : didNotHappen ? .didNotHappen : .leave
        try await setup.agency.reconcile(
            word,
            step: StepID(step),
            in: id,
            question: question,
            by: person.person,
            reason: why
        )
        Terminal.out("recorded: \(step): \(word.rawValue); go on with: agency resume \(id)")
    }
}

/// The question whether a step's action happened, as it is put to a person.
enum DoubtPage {
    static func text(_ state: RunState) -> String? {
        guard let (question, sequence) = state.openQuestion else { return nil }
        let step = state.enactment.current?.step
        let lines = [
            "Did step \(question.step) happen? Nobody knows: \(question.why).",
            "  what:    \(question.action.tool) \(question.action.arguments.compactText)",
            "  for:     \(step?.intent ?? "")",
            "  when:    \(EventText.time(question.intendedAtMilliseconds))",
            "  effect:  \(question.effect)",
            "Look where it was to act; it is not done again unless you say that it did not happen:",
            "  agency reconcile \(state.run) --step \(question.step) --question \(sequence) --happened --why \"…\"",
            "  … or --did-not-happen, or --leave to give the step up; then: agency resume \(state.run)",
        ]
        return lines.map { Escape.terminal($0) }.joined(separator: "\n")
    }
}

/// Asks the person at the terminal whether a step's action happened.
struct DoubtDesk {
    let setup: Setup
    let run: RunID
    let person: Person

    /// Asks; whatever is not one of the three words leaves everything as it is.
    ///
    /// - Returns: Whether something was said.
    func ask(_ state: RunState) async throws -> Bool {
        guard let (question, sequence) = state.openQuestion, let page = DoubtPage.text(state) else { return false }
        Terminal.out(page)
        let words = Agency.Word.allCases.map(\.rawValue)
        guard let said = Terminal.ask("Type \(words.joined(separator: ", ")): ")?.trimmingWhitespace,
            let word = Agency.Word(rawValue: said)
        else {
            Terminal.out("Nothing is said.")
            return false
        }
        guard let reason = Terminal.ask("How do you know? "), !reason.trimmingWhitespace.isEmpty else {
            Terminal.out("Without a reason nothing is said.")
            return false
        }
        try await setup.agency.reconcile(
            word,
            step: question.step,
            in: run,
            question: sequence,
            by: person,
            reason: reason
        )
        return true
    }
}
