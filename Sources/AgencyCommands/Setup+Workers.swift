// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyLedger
import AgencyPerformers
import AgencyRuntime

extension Setup {
    /// What shares the runs of the ledger out among workers.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a ledger that cannot do that.
    func requireLeases() throws -> any LeaseStore {
        guard let leases else {
            throw RuntimeError(
                .badInput,
                "the ledger \(try home.ledger.shown()) cannot be shared out among workers"
            )
        }
        return leases
    }

    /// A worker for all runs that are due.
    ///
    /// - Parameters:
    ///   - leases: What shares the runs out.
    ///   - settings: How it works.
    ///   - profiles: The file of profiles for all runs; `nil` for that of each.
    ///   - transport: How models are reached, if they are.
    ///   - person: Who plays the roles of people, if anybody does.
    ///   - report: What is told how it fares.
    /// - Returns: The worker.
    func pool(
        _ leases: any LeaseStore,
        _ settings: WorkerPool.Settings,
        profiles: String? = nil,
        over transport: (any HTTPTransport)?,
        person: (any Performer)? = nil,
        report: WorkerReport
    ) async -> WorkerPool {
        let stage = WorkerStage(
            setup: self,
            worker: settings.name,
            profiles: profiles,
            transport: transport,
            hasSandbox: await Sandbox.probe() == nil,
            person: person
        )
        let troubles = TroubleKeeper(home)
        return WorkerPool(
            agency: agency,
            leases: leases,
            settings: settings,
            stage: stage.provide,
            observe: { notice in
                report.notice(notice)
                troubles.notice(notice)
            }
        )
    }
}
