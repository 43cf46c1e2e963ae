// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import Hummingbird

/// What people do to a run besides choosing.
struct SteerRoutes: Sendable {
    let agency: Agency
    let revert: Console.Revert?
    let now: @Sendable () -> Int64

    func add(to routes: inout Routes) {
        routes.form("/runs/:run/question", .hold) { form, context in
            let question = try form.text("question", else: "What is the question? Nothing was asked.")
            return try await act(context) { try await agency.ask(question, in: $0, by: $1) }
        }
        routes.form("/runs/:run/pause", .hold) { form, context in
            try await act(context) { try await agency.pause($0, by: $1, reason: form["reason"].trimmingWhitespace) }
        }
        routes.form("/runs/:run/stop", .hold) { form, context in
            let reason = try form.text(
                "reason",
                else: "Stopping a run for good takes a reason. It goes on as it did."
            )
            return try await act(context) { try await agency.stop($0, by: $1, reason: reason) }
        }
        routes.form("/runs/:run/go-on", .choose) { _, context in
            try await act(context, isGrave: true) { try await agency.letGoOn($0, by: $1) }
        }
        routes.form("/runs/:run/mandate", .choose) { form, context in
            let reason = try form.text("reason", else: "Withdrawing a mandate takes a reason. It stands.")
            return try await act(context) {
                try await agency.revoke(mandate: form["mandate"], in: $0, by: $1, reason: reason)
            }
        }
        routes.form("/runs/:run/reconcile", .choose) { form, context in
            guard let word = Agency.Word(rawValue: form["word"]), let question = Int(form["question"]) else {
                throw Fault(.badRequest, "The form does not say what became of the step.")
            }
            return try await act(context, isGrave: true) {
                try await agency.reconcile(
                    word,
                    step: StepID(form["step"]),
                    in: $0,
                    question: question,
                    by: $1,
                    reason: form["reason"]
                )
            }
        }
        routes.form("/runs/:run/revert", .choose) { form, context in
            let reason = try form.text("reason", else: "Going back takes a reason. Nothing was undone.")
            guard let revert else { throw Fault(.notFound, "There is no workspace here to take back.") }
            let step = form["to"] == "start" ? nil : StepID(form["to"])
            return try await act(context, isGrave: true) { _ = try await revert($0, step, $1, reason) }
        }
    }

    /// Does something to the run that the path names, and shows it anew.
    private func act<Ignored>(
        _ context: ConsoleContext,
        isGrave: Bool = false,
        _ work: (RunID, Person) async throws -> Ignored
    ) async throws -> Response {
        let run = try context.run()
        if isGrave { try context.requireFresh(for: try await agency.state(of: run), at: now()) }
        _ = try await work(run, context.signedIn().person)
        return Answers.see("/runs/\(run)")
    }
}
#endif
