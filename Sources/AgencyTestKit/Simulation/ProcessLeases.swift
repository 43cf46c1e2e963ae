// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// The leases as one process reaches them.
struct ProcessLeases: LeaseStore {
    let process: SimulatedProcess
    private var leases: SimulatedLedgerStore { process.scene.ledger }

    func claimDue(limit: Int, worker: String, for duration: Duration) async throws -> [Lease] {
        try await reach("claim") { try await leases.claimDue(limit: limit, worker: worker, for: duration) }
    }

    func claim(_ run: RunID, worker: String, for duration: Duration) async throws -> Lease? {
        try await reach("claim") { try await leases.claim(run, worker: worker, for: duration) }
    }

    func renew(_ lease: Lease, for duration: Duration) async throws -> Lease? {
        try await reach("renew") { try await leases.renew(lease, for: duration) }
    }

    func release(_ lease: Lease) async throws { try await reach("release") { try await leases.release(lease) } }

    func holders() async throws -> [Lease] { try await leases.holders() }

    func wakeUps() async -> AsyncStream<RunID> { await leases.wakeUps() }

    private func reach<Value>(_ what: String, _ body: () async throws -> Value) async throws -> Value {
        let (scene, chance) = (process.scene, process.scene.chance)
        try await process.pass(what)
        if chance.happens(scene.faults.ledger) { throw LedgerError(.busy, "simulated", retry: .after(.seconds(1))) }
        if chance.happens(scene.faults.leaseClock) {
            scene.trace.count("lease ended early")
            scene.trace.note("leases", "all end early")
            leases.endLeases()
        }
        let value = try await body()
        try await process.pass("answer to: \(what)")
        if chance.happens(scene.faults.lostAnswer) {
            throw LedgerError(.unavailable, "the connection was lost", retry: .after(.seconds(1)))
        }
        return value
    }
}
