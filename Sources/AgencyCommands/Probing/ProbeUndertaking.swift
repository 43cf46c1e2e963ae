// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyLedger
import AgencyReport
import AgencyRuntime
import Foundation

/// One probe of a role, on the ledger as a run of its own.
struct ProbeUndertaking {
    let setup: Setup
    /// The role alone, in a flow that is a probe.
    let architecture: Architecture
    let questions: [ProbeQuestion]
    let settings: RunSettings
    let person: Person
    /// What it is called on the record.
    let title: String
    let isQuiet: Bool

    /// Asks, and records the answers.
    ///
    /// - Returns: The run when it has ended, and the status with which the command should end.
    /// - Throws: ``ExitStatus`` when it has not ended; what keeps it from being performed.
    func perform() async throws -> (state: RunState, status: ExitStatus?) {
        guard let role = architecture.roles.first else { throw ExitStatus.ourFault }
        let brief = Brief(name: "probe-\(role.name)", title: title, goals: [], stakes: .low, questions: questions)
        let run = RunNames.random()
        try settings.write(run, in: setup.home)
        let lock = try setup.lock(run, "agency \(run)")
        defer { lock.close() }
        let agency = setup.agency.naming { run }
        try await RunCast(architecture: architecture, settings: settings).with { cast in
            _ = try await agency.start(brief, with: architecture, cast: cast, by: person.name)
        }
        if !isQuiet {
            let progress = Progress(json: false)
            let state = try await agency.state(of: run)
            for event in try await agency.events(of: run) { progress.notice(.recorded(event, state)) }
            progress.clear()
        }
        var status: ExitStatus?
        do {
            try await Conductor(
                setup: setup,
                run: run,
                settings: settings,
                person: person,
                json: isQuiet,
                isLocked: true,
                isQuiet: isQuiet
            ).conduct()
        } catch let ending as ExitStatus where ending == .unmet {
            status = ending
        }
        let state = try await setup.agency.state(of: run)
        guard state.status == .finished else { throw status ?? .unmet }
        return (state, status)
    }
}

extension Architecture {
    /// The architecture by which a role is probed, as the command line names it.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a role that there is not, or that performs no episodes.
    func probing(_ name: String, times: Int, as profile: String? = nil) throws -> Architecture {
        guard let role = role(RoleName(name)) else {
            let names = roles.filter { $0.kind != .enact }.map(\.name.rawValue)
            let hint = Spelling.hint(for: name, among: names, listedAs: "roles")
            throw RuntimeError(.badInput, "“\(self.name)” has no role “\(name)”; \(hint)")
        }
        guard var probing = probing(role.name, times: times) else {
            throw RuntimeError(.badInput, "“\(name)” carries out steps and is never asked anything")
        }
        if let profile { probing.roles[0].performer = ProfileName(profile) }
        return probing
    }
}
