// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import Foundation

/// Tries a role in several settings on the same tasks, each setting in a run of its own.
struct Calibration {
    let setup: Setup
    /// The role alone, in a flow that is a probe.
    let alone: Architecture
    let tasks: [ProbeQuestion]
    let run: RunSettings
    let person: Person
    let isQuiet: Bool
    /// Whether what the ledger has already is measured anew.
    let again: Bool

    /// A performer with a vote.
    struct Setting: Hashable {
        var profile: ProfileName
        var vote: VoteWord

        /// What it is called.
        var name: String { vote.name(profile) }

        /// A role in this setting.
        func applied(to role: Role) -> Role {
            var role = role
            role.performer = profile
            role.vote = vote.policy(after: role.vote)
            // A sample is never sent back to be mended, so that a number of repairs would be out of place.
            if role.vote != nil { role.repairs = Role.usualRepairs }
            return role
        }
    }

    /// Measures one setting, or finds where it was measured.
    func measure(_ setting: Setting) async throws -> (setting: String, right: Int, usage: Usage, run: RunID) {
        var architecture = alone
        architecture.roles[0] = setting.applied(to: alone.roles[0])
        var known = again ? nil : try await finished(architecture)
        if let known, !isQuiet { Terminal.error("  \(setting.name): measured in run \(known.run)") }
        if known == nil {
            known = try await ProbeUndertaking(
                setup: setup,
                architecture: architecture,
                questions: tasks,
                settings: run,
                person: person,
                title: "Calibrate \(alone.roles[0].name): \(setting.name)",
                isQuiet: isQuiet
            ).perform().state
        }
        guard let state = known else { throw ExitStatus.ourFault }
        let right = state.probes.count { answer in
            tasks.first { $0.id == answer.question }?.isRight(answer) == true
        }
        return (setting.name, right, state.spent, state.run)
    }

    /// The newest run in which the same was asked of the same role in the same setting, to the end.
    private func finished(_ architecture: Architecture) async throws -> RunState? {
        // Three events of the run and two of each episode, and some for what may have come between.
        let most = 4 * tasks.count + 20
        let rows = try await setup.agency.store.runs().filter { row in
            row.architecture == architecture.name && row.isOver && row.events <= most
        }
        for row in rows.sorted(by: { $0.startedAtMilliseconds > $1.startedAtMilliseconds }) {
            let state = try await setup.agency.state(of: row.run)
            guard state.started?.architecture == architecture, state.started?.brief.questions == tasks,
                state.finished?.outcome == .done
            else { continue }
            return state
        }
        return nil
    }
}
