// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import Hummingbird

/// Has people play roles.
struct RoleRoutes: Sendable {
    let roles: RoleDesk

    func add(to routes: inout Routes) {
        routes.get("/runs/:run/episodes/:episode/play", .choose) { _, context in
            let part = try part(context)
            let page = RolePage(part: part, access: try context.signedIn(), draft: roles.kept(for: part))
            return Answers.page(page.frame)
        }
        routes.form("/runs/:run/episodes/:episode/play", .choose) { form, context in
            let part = try part(context)
            let access = try context.signedIn()
            guard form["part"] == part.number else { throw Self.isOver }
            roles.keep(form.all, for: part)
            var (value, complaints) = RolePage.answer(form.all, to: part.request)
            if let value {
                guard let faults = roles.answer(value, for: part, by: access.person.name) else { throw Self.isOver }
                complaints = faults
            }
            guard complaints.isEmpty else {
                let page = RolePage(part: part, access: access, draft: form.all, complaints: complaints)
                return Answers.page(page.frame, status: .badRequest)
            }
            return Answers.see("/runs/\(part.request.run)")
        }
    }

    private static let isOver = Fault(
        .conflict,
        "Nobody waits for this any more: it was answered, or is asked in another form; open it again."
    )

    private func part(_ context: ConsoleContext) throws -> RoleDesk.Part {
        let episode = EpisodeID(try context.parameters.require("episode"))
        guard let part = roles.part(episode, of: try context.run()) else { throw Self.isOver }
        return part
    }
}
#endif
