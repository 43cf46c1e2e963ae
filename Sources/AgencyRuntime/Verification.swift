// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Who verifies the sampled answers of an episode, and what they are given besides the answer.
struct Verification: Sendable {
    let role: Role
    let performer: any Performer
    let profile: Profile
    let state: RunState
    let tree: String?

    /// The performance that verifies the answer of a sample; `nil` when the run does not have the role.
    func performance(of output: JSONValue, from sample: Performance) -> Performance? {
        let order = EpisodeOrder(
            id: EpisodeID("\(sample.order.id).verify"),
            role: role.name,
            task: .verify,
            subject: sample.order.subject
        )
        guard let prompt = Prompt(for: order, in: state, tree: tree, output: output) else { return nil }
        return Performance(
            run: sample.run,
            order: order,
            role: role,
            prompt: prompt,
            tools: sample.tools,
            options: sample.options,
            performer: performer,
            profile: profile,
            purse: sample.purse,
            world: sample.world,
            clock: sample.clock
        )
    }
}

extension Architecture {
    /// Whether the episodes of a role, or those that verify them, are given the names of the files.
    func readsTree(_ name: RoleName) -> Bool {
        guard let role = role(name) else { return false }
        if role.reads.contains(.tree) { return true }
        guard case .verified(let verifier, _)? = role.vote?.rule else { return false }
        return self.role(verifier)?.reads.contains(.tree) == true
    }
}

extension Worker {
    /// Who verifies the answers of a role; `nil` when nobody does.
    func verification(for role: Role, tree: String?) throws -> Boxed<Verification>? {
        guard case .verified(let name, _)? = role.vote?.rule else { return nil }
        guard let verifier = journal.state.architecture?.role(name), let profile = verifier.performer,
            let performer = cast.performer(profile), let found = cast.profile(profile)
        else {
            throw RuntimeError(.badInput, "nobody is there to play “\(name)”; describe its profile in agency.yaml")
        }
        return Boxed(
            wrappedValue: Verification(
                role: verifier,
                performer: performer,
                profile: found,
                state: journal.state,
                tree: tree
            )
        )
    }
}
