// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Synchronization

/// What everybody in one simulated history shares.
final class Scene: Sendable {
    let clock = SteppedClock()
    let chance: Chance
    let trace: Trace
    let witness: Witness
    let ledger: SimulatedLedgerStore
    let service: SimulatedService
    let mail: Mail
    private let state: Mutex<State>

    private struct State {
        var faults: SimulatedFaults
        var processes: [SimulatedProcess] = []
        var count = 0
        var holders: [RunID: String] = [:]
    }

    init(chance: Chance, faults: SimulatedFaults, keepsTrace: Bool) {
        let trace = Trace(clock: clock, isKept: keepsTrace)
        let service = SimulatedService(clock: clock, forgets: faults.clockJump == 0)
        let witness = Witness(trace: trace, service: service)
        self.chance = chance
        self.trace = trace
        self.witness = witness
        ledger = SimulatedLedgerStore(now: { [clock] in clock.nowMilliseconds }) { witness.see($0) }
        self.service = service
        mail = Mail(clock: clock)
        state = Mutex(State(faults: faults))
    }

    /// What may go wrong now.
    var faults: SimulatedFaults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    /// Starts a process.
    func makeProcess(_ kind: String) -> SimulatedProcess {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        let process = SimulatedProcess("\(kind)-\(number)", in: self)
        state.withLock { $0.processes.append(process) }
        return process
    }

    /// Ends a process that has nothing left to do; what it held is free.
    func end(_ process: SimulatedProcess) {
        state.withLock { state in
            state.processes.removeAll { $0 === process }
            for (run, holder) in state.holders where holder == process.name { state.holders[run] = nil }
        }
    }

    /// Lets a process hold a run, as the lock file of a run does: one process at a time, freed by the death of its holder.
    func hold(_ run: RunID, by process: SimulatedProcess) -> Bool {
        state.withLock { state in
            if let holder = state.holders[run], holder != process.name { return false }
            state.holders[run] = process.name
            return true
        }
    }

    /// Has a notice arrive later.
    func send(_ action: Action, _ effect: Digest, after delay: Duration) {
        service.depart(effect)
        mail.send(after: delay) { [service, trace] in
            service.arrive(effect, of: action)
            trace.note("mail", "has posted \(effect.short)")
        }
    }

    /// The power fails: every process dies, and the ledger keeps what it has synced and some of the rest.
    func cutPower(killing: Bool) {
        let processes = state.withLock { $0.processes }
        let lost = ledger.crash(chance)
        trace.note("power", "cut, \(lost) appends lost\(killing ? ", every process dead" : "")")
        if killing { processes.forEach { $0.die("the power failed") } }
    }
}

/// Everything that happens in a history, as lines and as one number that differs when a line differs.
final class Trace: Sendable {
    private struct State {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        var lines: [String] = []
        var counts: [String: Int] = [:]
    }

    private let clock: SteppedClock
    private let isKept: Bool
    private let state = Mutex(State())

    init(clock: SteppedClock, isKept: Bool) {
        self.clock = clock
        self.isKept = isKept
    }

    /// Takes down what somebody does.
    func note(_ who: String, _ what: String) {
        let now = clock.nowMilliseconds
        state.withLock { state in
            for byte in who.utf8 { Self.mix(byte, into: &state.digest) }
            for byte in what.utf8 { Self.mix(byte, into: &state.digest) }
            for shift in stride(from: 0, to: 64, by: 8) {
                Self.mix(UInt8(truncatingIfNeeded: now >> Int64(shift)), into: &state.digest)
            }
            if isKept { state.lines.append("\(Double(now - 1_700_000_000_000) / 1000) s  \(who): \(what)") }
        }
    }

    /// Counts something, such as a fault that was brought about.
    func count(_ what: String) { state.withLock { $0.counts[what, default: 0] += 1 } }

    var digest: UInt64 { state.withLock { $0.digest } }
    var lines: [String] { state.withLock { $0.lines } }
    var counts: [String: Int] { state.withLock { $0.counts } }

    /// > Source: FNV-1a <http://www.isthe.com/chongo/tech/comp/fnv/>; it only has to tell histories apart.
    private static func mix(_ byte: UInt8, into digest: inout UInt64) {
        digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}
