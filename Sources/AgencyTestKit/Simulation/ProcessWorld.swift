// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The workspace of a run as one process reaches it.
struct ProcessWorld: World {
    let process: SimulatedProcess
    let run: RunID
    let world: SimulatedWorld
    /// Whether its process may stand still between being permitted something and doing it.
    ///
    /// With a lease it may not: the lease would end meanwhile, and a workspace knows nothing of leases.
    let mayStandStill: Bool

    private var service: SimulatedService { process.scene.service }

    var tools: [ToolManifest] { world.tools + SimulatedService.manifests }

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
            now: process.nowMilliseconds,
            by: process.name
        )
        try process.requireAlive()
        guard authorization.isValid(nowMilliseconds: nowMilliseconds) else {
            throw SimulatedFault("the permission is not valid")
        }
        let outside = SimulatedService.has(authorization.action.tool)
        let known = RunWitness.Known(
            isOutside: outside,
            isRecognised: SimulatedService.isKeyed(authorization.action.tool),
            mayHaveHappened: service.applied(act.effect) > 0 || service.isInFlight(act.effect)
        )
        process.scene.witness.see(act, known) { process.scene.ledger.isDurable($0, of: act.run) }
        if outside { return try await post(authorization.action, act.effect) }
        try await fail("act")
        let result = try await world.act(authorization, nowMilliseconds: nowMilliseconds)
        see()
        try await fail("report an act")
        return result
    }

    /// Sends a notice, which may be lost, late or doubled on the way, and so may the answer.
    private func post(_ action: Action, _ effect: Digest) async throws -> ToolResult {
        let (scene, chance) = (process.scene, process.scene.chance)
        // Whoever is permitted sends at once: no permission can reach what stands still after it was asked for.
        if chance.happens(scene.faults.death) { process.die("before posting") }
        try process.requireAlive()
        if chance.happens(scene.faults.messages) {
            scene.trace.count("message trouble")
            let kind = chance.number(0...4)
            scene.trace.note(process.name, "posts with trouble \(kind)")
            switch kind {
            case 0: throw ActFault.notSent("no way there")
            case 1: throw ActFault.unknown("the connection broke")
            case 2, 3:
                if kind == 3, SimulatedService.isKeyed(action.tool) { service.deliver(effect, of: action) }
                scene.send(action, effect, after: .seconds(chance.number(1...20)))
                throw ActFault.unknown("no answer in time")
            default:
                service.deliver(effect, of: action)
                throw ActFault.unknown("the answer was lost")
            }
        }
        service.deliver(effect, of: action)
        scene.trace.note(process.name, "has posted \(effect.short)")
        try await process.pass("report a post")
        return ToolResult(status: 0, output: "posted")
    }

    func probe(_ effect: Digest, of action: Action) async throws -> ProbeFinding {
        try await reach("probe") {
            if process.scene.chance.happens(process.scene.faults.messages / 2) { return .unknown("it will not say") }
            return service.applied(effect) > 0 ? .happened(ToolResult(status: 0, output: "it is there")) : .absent
        }
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
        try await process.pass(what, mayStandStill: mayStandStill)
        guard process.scene.chance.happens(process.scene.faults.world) else { return }
        process.scene.trace.count("world trouble")
        process.scene.trace.note(process.name, "cannot \(what)")
        throw SimulatedFault("the workspace cannot be reached to \(what)")
    }
}
