// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import HTTPTypes
import Hummingbird

/// Takes choices: by whoever is signed in, of what a page has put before them, once.
struct ChoiceRoutes: Sendable {
    let agency: Agency
    let doorkeeper: Doorkeeper
    /// Shows the run again, with what was typed.
    let view: RunView

    func add(to routes: inout Routes) {
        routes.form("/runs/:run/choice", .choose) { form, context in try await choose(form, context) }
    }

    /// How long a page has to be open before it can be answered, in milliseconds.
    private static let least: Int64 = 1000

    /// What can be put right on the same page, where all that was typed stays.
    private static let mendable: Set<HTTPResponse.Status> = [
        .badRequest, .notFound, .forbidden, .tooManyRequests, .serviceUnavailable,
    ]

    private func choose(_ form: Form, _ context: ConsoleContext) async throws -> Response {
        let access = try context.browser()
        let id = try context.run()
        guard let shown = doorkeeper.close(form["view"], for: access), shown.view.run == id,
            shown.view.sheet.hex == form["shown"]
        else {
            throw Fault(
                .conflict,
                "What you chose from was answered before, or was not put before you. Nothing was chosen; look at the run again."
            )
        }
        do {
            guard shown.milliseconds >= Self.least else {
                throw Fault(
                    .badRequest,
                    "That was quicker than anybody reads. Nothing was chosen; look at the run again."
                )
            }
            let verdict = try Self.verdict(form)
            let reason = try form.text(
                "reason",
                else: "A choice needs a reason, for those who read the record later. Nothing was chosen."
            )
            try await prove(verdict, form, access, in: id)
            var person = access.session.person
            person.identifiedBy += "; the page was open for \(shown.milliseconds / 1000) s"
            try await signing(as: access, in: id)
                .choose(verdict, in: id, shown: shown.view.sheet, by: person, reason: reason)
        } catch {
            // Nothing was chosen: whoever mistyped a name, or found the ledger busy, answers the same page again.
            doorkeeper.reopen(shown.view, as: form["view"], for: access)
            let fault = Fault(error)
            if fault.status == .conflict { throw try await told(fault, of: id, since: shown.view) }
            // A program that is no browser would take a page for success where it only looks at what it gets.
            guard Self.mendable.contains(fault.status) else { throw error }
            let draft = ChoiceDraft(option: form["option"], reason: form["reason"], complaint: fault.message)
            guard let page = try? await view.page(context, draft: draft, view: form["view"]) else { throw error }
            // What stands now may be another sheet, of which this number is none.
            guard page.state.sheet?.digest == shown.view.sheet else { throw error }
            return Answers.page(page.frame, status: fault.status == .notFound ? .badRequest : fault.status)
        }
        return Answers.see("/runs/\(id)")
    }

    /// Where the choice is signed: with the person's own key, where the run knows it, else with that of the desk.
    private func signing(as access: Access.Browser, in run: RunID) async throws -> Agency {
        guard access.session.account != nil else { return agency }
        let state = try await agency.state(of: run)
        if let own = access.session.desk, state.desks.contains(where: { $0.publicKey == own.key.publicKey }) {
            return agency.at(own, trusting: agency.trust)
        }
        // The desk signs for nobody who could count as one more person, or in whose name another key is known.
        let isNamed = state.desks.contains { $0.name == access.session.desk?.key.name }
        guard state.personsNeeded == 1, !isNamed else {
            throw Fault(
                .forbidden,
                "This run does not know the key that your password opens: it was begun before you had it. Where several persons have "
                    + "to choose, or where it knows another key of yours, nobody signs for you. Nothing was chosen."
            )
        }
        return agency
    }

    /// Says what somebody else has chosen meanwhile, if that is why nothing was chosen.
    private func told(_ fault: Fault, of run: RunID, since view: Session.View) async throws -> Fault {
        guard let other = try await agency.state(of: run).choices.last(where: { $0.choice.shown == view.sheet })?.choice
        else {
            return fault
        }
        let what =
            switch other.verdict {
            case .option(let option): "that \(option) is enacted"
            case .sendBack: "to send the work back"
            case .none: "none of the options"
            }
        return Fault(
            .conflict,
            "\(other.person) has chosen \(what) meanwhile, and gave this reason: \(other.reason) Nothing was chosen by you. \(fault.message)"
        )
    }

    /// Where much is at stake, whoever has something enacted has just shown who they are.
    private func prove(_ verdict: Choice.Verdict, _ form: Form, _ access: Access.Browser, in run: RunID) async throws {
        guard form["proof"].isEmpty else {
            try await doorkeeper.prove(access, with: form["proof"])
            return
        }
        guard case .option(let option) = verdict, !access.session.isFresh(at: doorkeeper.now()),
            try await agency.state(of: run).stakes(of: option) == .high
        else { return }
        throw Fault(
            .forbidden,
            "Much is at stake, and you signed in some time ago: show once more that it is you. Nothing was chosen."
        )
    }

    private static func verdict(_ form: Form) throws -> Choice.Verdict {
        let option = form["option"].trimmingWhitespace
        switch form["verdict"] {
        case "option":
            guard !option.isEmpty else {
                throw Fault(.badRequest, "Write out the name of the option that is to be enacted. Nothing was chosen.")
            }
            return .option(ProposalID(option))
        case "send-back", "none":
            guard option.isEmpty else {
                throw Fault(
                    .badRequest,
                    "You named an option and pressed a button that chooses none. Nothing was chosen; look at the run again."
                )
            }
            return form["verdict"] == "none" ? .none : .sendBack
        default: throw Fault(.badRequest, "The form does not say what is chosen.")
        }
    }
}
#endif
