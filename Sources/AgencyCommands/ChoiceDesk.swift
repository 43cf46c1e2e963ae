// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import Foundation

/// Puts the options before the person at the terminal and takes the decision.
///
/// There is no default: an empty line does nothing, and an option is chosen only by a command, a reason, and typing the
/// option's name once more.
struct ChoiceDesk: Sendable {
    let setup: Setup
    let run: RunID
    let person: Person

    /// Asks until something is decided.
    ///
    /// - Returns: Whether the run goes on; `false` when the person leaves it for later.
    func decide() async throws -> Bool {
        var state = try await setup.agency.state(of: run)
        Terminal.out(ChoicePage.text(state))
        while true {
            guard let sheet = state.sheet else { return true }
            Terminal.out("")
            Terminal.out(Terminal.paint(Self.menu, .dim))
            guard let line = Terminal.ask(Terminal.paint("? ", .yellow)) else { return false }
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard let verb = words.first else { continue }
            let rest = words.count > 1 ? words[1] : ""
            do {
                switch verb {
                case "v", "view": try view(rest, state)
                case "d", "diff": try diff(rest, state)
                case "o", "options": Terminal.out(ChoicePage.text(state))
                case "a", "ask": return try await ask(rest)
                case "e", "edit": if try await edit(rest, state) { return true }
                case "c", "choose": if try await choose(rest, state, sheet) { return true }
                case "s", "send": if try await end(.sendBack, "What is missing? ", sheet) { return true }
                case "n", "none": if try await end(.none, "Why none? ", sheet) { return true }
                case "q", "quit":
                    Terminal.out("The run waits. Go on with: agency resume \(run)")
                    return false
                default: Terminal.out("There is no “\(Escape.terminal(verb))”.")
                }
            } catch let error as RuntimeError {
                Terminal.out(Terminal.paint("✗ ", .red) + Escape.terminal(error.message))
                state = try await setup.agency.state(of: run)
            }
        }
    }

    private static let menu = """
        [v]iew OPTION · [d]iff OPTION OPTION · [o]ptions · [a]sk QUESTION · [e]dit OPTION
        [c]hoose OPTION · [s]end back · [n]one · [q]uit for now
        """

    private func option(_ name: String, _ state: RunState) throws -> Proposal {
        let name = name.trimmingWhitespace
        guard let option = state.options.first(where: { $0.id.rawValue == name }) ?? state.proposals[ProposalID(name)]
        else {
            let names = state.options.map(\.id.rawValue).joined(separator: ", ")
            throw RuntimeError(.notFound, "there is no option “\(name)”; there are: \(names)")
        }
        return option
    }

    private func view(_ name: String, _ state: RunState) throws {
        Terminal.out(Terminal.text(PlanText(try option(name, state))))
    }

    private func diff(_ names: String, _ state: RunState) throws {
        let parts = names.split(separator: " ").map(String.init)
        guard let last = parts.last else { throw RuntimeError(.badInput, "name the option, or two") }
        let new = try option(last, state)
        guard let old = parts.count > 1 ? try option(parts[0], state) : new.parent.flatMap({ state.proposals[$0] })
        else {
            throw RuntimeError(.badInput, "\(new.id) was not made from another option; name two")
        }
        Terminal.out(Terminal.text(DiffText(from: old, to: new)))
    }

    private func choose(_ name: String, _ state: RunState, _ sheet: ChoiceSheet) async throws -> Bool {
        let option = try option(name, state)
        Terminal.out(Terminal.text(PlanText(option)))
        Terminal.out("plan \(option.plan.digest)\nsheet \(sheet.digest)")
        guard let reason = Terminal.ask("Why \(option.id)? "), !reason.trimmingWhitespace.isEmpty else {
            Terminal.out("Without a reason nothing is chosen.")
            return false
        }
        guard Terminal.ask("Type \(option.id) to have it enacted: ")?.trimmingWhitespace == option.id.rawValue else {
            Terminal.out("Nothing is chosen.")
            return false
        }
        let after = try await setup.agency.choose(
            .option(option.id),
            in: run,
            shown: sheet.digest,
            by: person,
            reason: reason
        )
        if after.choice == nil {
            Terminal.out("Recorded. Another person has to choose the same, at a desk of their own.")
        }
        return after.choice != nil
    }

    private func end(_ verdict: Choice.Verdict, _ prompt: String, _ sheet: ChoiceSheet) async throws -> Bool {
        guard let reason = Terminal.ask(prompt), !reason.trimmingWhitespace.isEmpty else {
            Terminal.out("Without a reason nothing is decided.")
            return false
        }
        try await setup.agency.choose(verdict, in: run, shown: sheet.digest, by: person, reason: reason)
        return true
    }

    private func ask(_ question: String) async throws -> Bool {
        guard !question.trimmingWhitespace.isEmpty else { throw RuntimeError(.badInput, "what is the question?") }
        try await setup.agency.ask(question, in: run, by: person)
        return true
    }

    private func edit(_ name: String, _ state: RunState) async throws -> Bool {
        let option = try option(name, state)
        let path = setup.home.runPath(run) + "/edit-\(option.id).json"
        try setup.home.makeRunFolder(run)
        if !FileManager.default.fileExists(atPath: path) {
            try Data(JSONValue(encoding: option.plan).prettyText.utf8).write(to: URL(fileURLWithPath: path))
        }
        guard let reason = Terminal.ask("Edit \(path), then say here what you changed and why: "),
            !reason.trimmingWhitespace.isEmpty
        else { return false }
        let plan = try JSONFile.read(Plan.self, path, what: "a plan")
        let added = try await setup.agency.addOption(
            plan,
            title: "\(option.title) (edited)",
            from: option.id,
            to: run,
            by: person,
            reason: reason
        )
        Terminal.out("Added option \(added); nobody has evaluated it.")
        return true
    }
}
