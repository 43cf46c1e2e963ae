// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import Hummingbird

/// What people do to a run besides choosing.
struct SteerRoutes: Sendable {
    let agency: Agency

    func add(to router: Router<ConsoleContext>) {
        router.post("/runs/:run/question") { request, context in
            let (access, form) = try await context.form(of: request)
            let (run, person) = (try context.run(), access.session.person)
            let question = form["question"].trimmingWhitespace
            guard !question.isEmpty else { throw Fault(.badRequest, "What is the question? Nothing was asked.") }
            try await agency.ask(question, in: run, by: person)
            return Answers.see("/runs/\(run)")
        }
        router.post("/runs/:run/steer") { request, context in
            let (access, form) = try await context.form(of: request)
            let (run, person) = (try context.run(), access.session.person)
            let reason = form["reason"].trimmingWhitespace
            switch form["act"] {
            case "pause": try await agency.pause(run, by: person, reason: reason)
            case "go-on": try await agency.letGoOn(run, by: person)
            case "stop":
                guard !reason.isEmpty else {
                    throw Fault(.badRequest, "Stopping a run for good takes a reason. It goes on as it did.")
                }
                try await agency.stop(run, by: person, reason: reason)
            default: throw Fault(.badRequest, "The form does not say what is to be done.")
            }
            return Answers.see("/runs/\(run)")
        }
    }
}
#endif
