// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import ArgumentParser
import Foundation

/// Records a person's choice.
struct Choose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record a person's choice, an edit, a combination or a question.",
        discussion: """
            A choice is bound to what was shown: --shown takes the digest that agency run or agency show printed, or its \
            first 12 digits. When the options have changed since, the choice is refused. Afterwards: agency resume.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?

    @Option(help: "Choose this option.")
    var option: String?

    @Flag(help: "Send the work back; --why says what is missing.")
    var sendBack = false

    @Flag(help: "Choose none of the options.")
    var none = false

    @Option(help: "Ask the explainer a question.")
    var ask: String?

    @Option(help: "Add an edited form of this option, from --plan.")
    var edit: String?

    @Option(help: "With --edit: the file with the edited plan, as agency show --option prints it with --json.")
    var plan: String?

    @Option(help: "Add an option made of steps of others: p1:s1,s2 p2:s3", transform: { $0 })
    var combine: String?

    @Option(help: "The digest of what was shown.")
    var shown: String?

    @Option(help: "Why; goes on the record.")
    var why: String?

    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    func validate() throws {
        let verbs = [option != nil, sendBack, none, ask != nil, edit != nil, combine != nil].count { $0 }
        guard verbs == 1 else {
            throw ValidationError("say one of --option, --send-back, --none, --ask, --edit, --combine")
        }
        if edit != nil, plan == nil { throw ValidationError("--edit needs --plan FILE") }
        if ask == nil, why == nil { throw ValidationError("--why is needed: it goes on the record") }
        if option != nil || sendBack || none, shown == nil {
            throw ValidationError("--shown is needed: the digest of what you saw, as agency show prints it")
        }
    }

    func run() async throws {
        let setup = try await Setup.existing(home.folder)
        let id = try await setup.resolve(run)
        let agency = setup.agency
        if let ask {
            try await agency.ask(ask, in: id, by: person.person)
            return Terminal.out("asked; the answer is filed by: agency resume \(id)")
        }
        let state = try await agency.state(of: id)
        let why = why ?? ""
        if let edit {
            return try await add(
                try JSONFile.read(Plan.self, plan ?? "", what: "a plan"),
                from: ProposalID(edit),
                "edited",
                to: id,
                state,
                agency
            )
        }
        if let combine {
            let (plan, parent) = try combined(combine, state)
            return try await add(plan, from: parent, "combined", to: id, state, agency)
        }
        let verdict: Choice.Verdict = option.map { .option(ProposalID($0)) } ?? (sendBack ? .sendBack : .none)
        let digest = try digest(state, id)
        let after = try await agency.choose(verdict, in: id, shown: digest, by: person.person, reason: why)
        if option != nil, after.choice == nil {
            return Terminal.out(
                "recorded: \(EventText.verdict(verdict)); another person has to choose the same, at a desk of their own"
            )
        }
        Terminal.out("recorded: \(EventText.verdict(verdict)); go on with: agency resume \(id)")
    }

    /// The whole digest that the given digits begin, if it is that of what stands.
    private func digest(_ state: RunState, _ id: RunID) throws -> Digest {
        let given = shown ?? ""
        guard state.agenda() == .wait(.choice), let sheet = state.sheet else {
            let isOver = state.agenda() == .nothing
            let hint = isOver ? "" : "; go on with: agency resume \(id)"
            throw RuntimeError(.notNow, "run \(id) does not wait for a choice; it is at: \(state.whereabouts)\(hint)")
        }
        guard given.count >= 12, sheet.digest.hex.hasPrefix(given) else {
            throw RuntimeError(.stale, "\(given) is not the digest of what stands; look again: agency show \(id)")
        }
        return sheet.digest
    }

    private func add(
        _ plan: Plan,
        from parent: ProposalID,
        _ how: String,
        to id: RunID,
        _ state: RunState,
        _ agency: Agency
    ) async throws {
        let title = state.proposals[parent]?.title ?? parent.rawValue
        let added = try await agency.addOption(
            plan,
            title: "\(title) (\(how))",
            from: parent,
            to: id,
            by: person.person,
            reason: why ?? ""
        )
        Terminal.out(
            "added option \(added), which nobody has evaluated; show it with agency resume \(id), then choose it"
        )
    }

    /// Puts a plan together from steps of several options, in the order given.
    private func combined(_ text: String, _ state: RunState) throws -> (Plan, ProposalID) {
        var steps: [Step] = []
        var assumptions: [String] = []
        var parent: ProposalID?
        for part in text.split(separator: " ") {
            let halves = part.split(separator: ":").map(String.init)
            guard halves.count == 2, let proposal = state.options.first(where: { $0.id.rawValue == halves[0] }) else {
                throw RuntimeError(.badInput, "“\(part)” is not of the form p1:s1,s2 with an option that stands")
            }
            parent = parent ?? proposal.id
            assumptions += proposal.plan.assumptions
            for name in halves[1].split(separator: ",") {
                guard let step = proposal.plan.step(StepID(String(name))) else {
                    throw RuntimeError(.notFound, "option \(proposal.id) has no step “\(name)”")
                }
                steps.append(step)
            }
        }
        let names = Set(steps.map(\.id))
        // What a step waits for in its old plan may not have come along.
        for index in steps.indices { steps[index].after.removeAll { !names.contains($0) } }
        guard let parent else { throw RuntimeError(.badInput, "name steps, such as p1:s1,s2 p2:s3") }
        return (Plan(steps: steps, assumptions: assumptions), parent)
    }
}
