// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import Synchronization

/// One process of a simulation: whatever it does to anything outside of it goes through ``pass(_:)``.
///
/// It dies by having all ways out closed: what its tasks still compute then has no effect, and nobody sees it.
final class SimulatedProcess: Sendable {
    let name: String
    let scene: Scene
    private let state = Mutex(State())

    private struct State {
        var isDead = false
        var skew: Int64 = 0
        var stillUntil: SteppedClock.Instant?
        var waiter: CheckedContinuation<Void, Never>?
        var looked = 0
    }

    init(_ name: String, in scene: Scene) {
        self.name = name
        self.scene = scene
        // Machines differ in their idea of the time from the start.
        if scene.faults.clockJump > 0, scene.chance.happens(0.2) { jump() }
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// The time of day as this process has it, in milliseconds since 1970 UTC.
    var nowMilliseconds: Int64 { scene.clock.nowMilliseconds + state.withLock { $0.skew } }

    /// When it last began to work from what the ledger says, in events of the whole history.
    var looked: Int {
        get { state.withLock { $0.looked } }
        set { state.withLock { $0.looked = newValue } }
    }

    /// An agency that lives in this process.
    func agency(naming run: RunID = "r-none", durability: Durability = .full) -> Agency {
        Agency(
            store: ProcessLedger(process: self),
            clock: scene.clock,
            now: { self.nowMilliseconds },
            makeRunID: { run },
            durability: durability
        )
    }

    /// Dies.
    func die(_ why: String) {
        let (isNew, waiter) = state.withLock { state in
            let isNew = !state.isDead
            state.isDead = true
            defer { state.waiter = nil }
            return (isNew, state.waiter)
        }
        if isNew {
            scene.trace.note(name, "dies \(why)")
            scene.trace.count("death")
        }
        waiter?.resume()
    }

    /// Does something as this process, until it is done or the process is dead.
    func live<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async -> Result<Value, any Error> {
        let result = await withTaskGroup(of: Result<Value, any Error>?.self) { group in
            group.addTask {
                do { return .success(try await body()) } catch { return .failure(error) }
            }
            group.addTask {
                await self.untilDead()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        scene.end(self)
        guard let result, !isDead else { return .failure(ProcessDied()) }
        return result
    }

    /// Goes on to something outside of the process, or does not get there.
    ///
    /// - Throws: ``ProcessDied``; `CancellationError`.
    func pass(_ what: @autoclosure () -> String, mayStandStill: Bool = true) async throws {
        try requireAlive()
        let faults = scene.faults
        let chance = scene.chance
        if chance.happens(faults.death) { die("at \(what())") }
        try requireAlive()
        if chance.happens(faults.clockJump) { jump() }
        if mayStandStill, chance.happens(faults.pause) {
            let long = chance.time(upTo: .seconds(7200))
            state.withLock { $0.stillUntil = scene.clock.now.advanced(by: long) }
            scene.trace.note(name, "stands still for \(long) at \(what())")
            scene.trace.count("pause")
        }
        if chance.happens(faults.delay) { try await scene.clock.sleep(for: chance.time(upTo: .seconds(2))) }
        while mayStandStill, let until = state.withLock({ $0.stillUntil }), until > scene.clock.now {
            try await scene.clock.sleep(until: until, tolerance: nil)
        }
        try requireAlive()
    }

    func requireAlive() throws {
        if isDead { throw ProcessDied() }
    }

    private func jump() {
        let chance = scene.chance
        let far = Int64(chance.pick([1000, 60_000, 3_600_000, 90_000_000]) ?? 0)
        let skew = chance.happens(0.5) ? 0 : chance.happens(0.5) ? far : -far
        state.withLock { $0.skew = skew }
        scene.trace.note(name, "has a clock that is off by \(skew) ms")
        scene.trace.count("clock jump")
    }

    private func untilDead() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isDead || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }
}

/// The process is dead; whoever catches this is dead too.
struct ProcessDied: Error, CustomStringConvertible {
    var description: String { "the process is dead" }
}
