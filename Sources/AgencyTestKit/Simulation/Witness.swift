// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Synchronization

/// Sees every event, act and request of a history the moment it happens, and says which promise was broken.
final class Witness: Sendable {
    private struct State {
        var runs: [RunID: RunWitness] = [:]
        var violations: [String] = []
        var events = 0
    }

    private let state = Mutex(State())
    private let trace: Trace
    private let service: SimulatedService

    init(trace: Trace, service: SimulatedService) {
        self.trace = trace
        self.service = service
    }

    /// What was found; nothing when every promise was kept.
    var violations: [String] { state.withLock { $0.violations } }

    /// How many events were appended.
    var events: Int { state.withLock { $0.events } }

    /// What a run's record says now, or `nil` when it has none.
    func state(of run: RunID) -> RunState? { state.withLock { $0.runs[run]?.state } }

    /// What is due in a run, or `nil` when it has no record.
    func agenda(of run: RunID) -> Work? { state.withLock { $0.runs[run]?.agenda() } }

    /// The account of a run.
    func account(of run: RunID) -> RunWitness? { state.withLock { $0.runs[run] } }

    /// Takes down that a promise was broken.
    func violation(_ what: String) {
        trace.note("VIOLATION", what)
        state.withLock { $0.violations.append(what) }
    }

    func see(_ change: SimulatedLedgerStore.Change) {
        switch change {
        case .appended(let entries, let run, let durability):
            for entry in entries {
                let (kind, faults) = state.withLock { state in
                    state.events += 1
                    return state.runs[run, default: RunWitness(run: run)].take(
                        entry,
                        durability,
                        service,
                        by: Writer.name,
                        event: state.events
                    )
                }
                trace.note(run.rawValue, "\(entry.sequence) \(kind) \(entry.hash.short)")
                faults.forEach { violation("\(run) event \(entry.sequence) (\(kind)): \($0)") }
            }
        case .cut(let run, let count):
            let faults = state.withLock { $0.runs[run]?.cut(to: count) ?? [] }
            trace.note(run.rawValue, "cut to \(count)")
            faults.forEach { violation("\(run) after a crash: \($0)") }
        }
    }

    /// Sees a permission being used, just before the act; `isDurable` tells whether an event outlives a crash.
    func see(_ act: RunWitness.Act, _ known: RunWitness.Known, isDurable: (Int) -> Bool) {
        let faults = state.withLock { state in
            state.runs[act.run, default: RunWitness(run: act.run)].faults(of: act, known, isDurable)
        }
        trace.note(act.run.rawValue, "acts on \(act.step) for the \(act.attempt). time, effect \(act.effect.short)")
        faults.forEach { violation("\(act.run) step \(act.step): \($0)") }
    }

    /// Sees what an act or a return to a checkpoint has left in a workspace.
    func seeStanding(_ effects: [Digest], of run: RunID) {
        let twice = state.withLock { state -> Digest? in
            state.runs[run]?.standsNow = effects
            return effects.first { effect in effects.count { $0 == effect } > 1 }
        }
        trace.note(run.rawValue, "stand now: \(effects.map(\.short).joined(separator: " "))")
        if let twice { violation("\(run): effect \(twice.short) stands in the workspace twice") }
    }

    /// Sees a request to a performer by a process that last looked at the ledger when it had so many events in all.
    func seeRequest(_ request: EpisodeID, of run: RunID, by process: String, looked: Int) {
        let episode = request.unsampled
        let completedAt = state.withLock { state in
            state.runs[run]?.requests[episode, default: 0] += 1
            return state.runs[run]?.completed[episode]
        }
        trace.note(process, "asks for \(episode) of \(run)")
        if let completedAt, completedAt <= looked {
            violation(
                "\(run): \(process) performs episode \(episode) again, which was recorded before it began to work"
            )
        }
    }

    /// Compares what a worker holds for the state of a run with what the record says.
    func compare(_ held: RunState, by process: String) {
        guard let known = state(of: held.run), known.sequence == held.sequence, known != held else { return }
        violation("\(held.run): \(process) holds another state than the fold over the \(held.sequence + 1) events")
    }
}

extension EpisodeID {
    /// The episode of which this is a sample, or the verification of one.
    var unsampled: EpisodeID {
        let parts = rawValue.split(separator: ".")
        let tail = parts.reversed().prefix {
            $0 == "verify" || ($0.first == "v" && $0.dropFirst().allSatisfy(\.isNumber))
        }
        return EpisodeID(parts.dropLast(tail.count).joined(separator: "."))
    }
}
