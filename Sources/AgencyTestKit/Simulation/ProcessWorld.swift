// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The workspace of a run as one process reaches it.
struct ProcessWorld: World {
    let process: SimulatedProcess
    let run: RunID
    let world: SimulatedWorld

    var tools: [ToolManifest] { world.tools }

    func open() async throws { try await reach("open") { try await world.open() } }

    func tree() async throws -> String { try await reach("tree") { try await world.tree() } }

    func look(_ action: Action, seconds: Double) async throws -> ToolResult {
        try await reach("look") { try await world.look(action, seconds: seconds) }
    }

    func act(_ authorization: consuming Authorization, nowMilliseconds: Int64) async throws -> ToolResult {
        let act = RunWitness.Act(
            run: authorization.run,
            step: authorization.step,
            attempt: authorization.attempt,
            effect: authorization.effect,
            action: authorization.action.digest,
            plan: authorization.plan,
            choice: authorization.choice,
            expires: authorization.expiresAtMilliseconds,
            told: nowMilliseconds,
            now: process.nowMilliseconds
        )
        try process.requireAlive()
        guard authorization.isValid(nowMilliseconds: nowMilliseconds) else {
            throw SimulatedFault("the permission is not valid")
        }
        process.scene.witness.see(act) { process.scene.ledger.isDurable($0, of: act.run) }
        try await fail("act")
        let result = try await world.act(authorization, nowMilliseconds: nowMilliseconds)
        see()
        try await fail("report an act")
        return result
    }

    func settle(_ check: Check, statement: String, probability: Double) async -> Settlement {
        do {
            try await process.pass("settle")
        } catch {
            return Settlement(
                statement: statement,
                probability: probability,
                outcome: nil,
                expected: check.expect.words,
                observed: "\(error)"
            )
        }
        return await world.settle(check, statement: statement, probability: probability)
    }

    func checkpoint(_ label: String) async throws -> String {
        try await reach("checkpoint") { try await world.checkpoint(label) }
    }

    func restore(_ checkpoint: String) async throws {
        try await reach("restore") {
            try await world.restore(checkpoint)
            process.scene.trace.note(process.name, "puts the workspace back to \(checkpoint)")
            see()
        }
    }

    func changes(since checkpoint: String) async throws -> [String] {
        try await reach("compare") { try await world.changes(since: checkpoint) }
    }

    private func see() { process.scene.witness.seeStanding(world.standing.map(\.effect), of: run) }

    /// Does something there, and may fail before or after it.
    private func reach<Value>(_ what: String, _ body: () async throws -> Value) async throws -> Value {
        try await fail(what)
        let value = try await body()
        try await fail("report: \(what)")
        return value
    }

    private func fail(_ what: String) async throws {
        try await process.pass(what)
        guard process.scene.chance.happens(process.scene.faults.world) else { return }
        process.scene.trace.count("world trouble")
        process.scene.trace.note(process.name, "cannot \(what)")
        throw SimulatedFault("the workspace cannot be reached to \(what)")
    }
}
