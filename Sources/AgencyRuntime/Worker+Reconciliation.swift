// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Worker {
    /// How often an action that is not answered is sent again before the run is left for later.
    static let mostDoubts = 3

    /// Finds out what became of an action of which nobody knows whether it happened; never does it blindly again.
    mutating func reconcile(_ step: StepID) async throws {
        let world = try requireWorld()
        let now = agency.now()
        guard let current = journal.state.enactment.current, let way = journal.state.wayOut(now: now) else {
            throw RuntimeError(.notNow, "step \(step) is not in doubt")
        }
        let why = doubts[current.effect]?.why ?? "the program was interrupted while \(step) acted"
        switch way {
        case .again: try await sendAgain(current, why, in: world, now: now)
        case .probe(let seconds): try await probe(current, why, settlingSeconds: seconds, in: world)
        case .ask(let reason): try await ask(current, "\(why); \(reason)")
        }
    }

    /// Takes note that an action has no result.
    ///
    /// - Throws: ``RuntimeError`` with `.unavailable` when the run had better be resumed later.
    mutating func take(_ fault: ActFault, of current: Enactment.Current) async throws {
        switch fault {
        case .notSent(let why):
            // What was sent before may have had its effect all the same; that stays to be found out.
            if !journal.state.effects(of: current.step).staysInWorkspace, !journal.state.wasSentAgain {
                let event = StepReconciled(
                    step: current.step.id,
                    effect: current.effect,
                    finding: .absent,
                    means: .tool,
                    note: "nothing was sent: \(why)"
                )
                try await record { $0.isIntended(current) && !$0.wasSentAgain ? [.stepReconciled(event)] : [] }
            }
            throw RuntimeError(.unavailable, "\(current.step.id) could not be tried: \(why)", cause: fault)
        case .unknown(let why):
            doubts[current.effect, default: Doubt(why: why)].count += 1
            doubts[current.effect]?.why = why
            guard doubts[current.effect]?.count ?? 0 < Self.mostDoubts else {
                throw RuntimeError(
                    .unavailable,
                    "nobody knows what became of \(current.step.id), \(Self.mostDoubts) times: \(why)",
                    cause: fault
                )
            }
        }
    }

    private mutating func sendAgain(
        _ current: Enactment.Current,
        _ why: String,
        in world: any World,
        now: Int64
    ) async throws {
        let event = StepReconciled(
            step: current.step.id,
            effect: current.effect,
            finding: .again,
            means: .key,
            note: why
        )
        let trust = agency.trust
        var permission: Authorization?
        do {
            try await record { state in
                permission = nil
                guard state.isIntended(current) else { return [] }
                try trust?.require(state)
                permission = try state.authorizeAgain(current.step.id, now: now)
                return [.stepReconciled(event)]
            }
        } catch let refusal as AuthorizationRefusal {
            guard refusal.isLapsed else { throw RuntimeError(.notNow, refusal.description) }
            // With no choice to rest on it is not sent again; what else can tell is tried next.
            let event = ChoiceLapsed(reason: refusal.description)
            try await record { $0.choice == nil ? [] : [.choiceLapsed(event)] }
            return
        }
        guard let permission else { return }
        try await act(permission, on: current, in: world)
    }

    private mutating func probe(
        _ current: Enactment.Current,
        _ why: String,
        settlingSeconds: Double,
        in world: any World
    ) async throws {
        var finding = try await world.probe(current.effect, of: current.step.action)
        if finding == .absent {
            // What was sent may arrive late: it gets the time that its target takes, and another look.
            try await agency.clock.sleep(for: .seconds(settlingSeconds))
            finding = try await world.probe(current.effect, of: current.step.action)
        }
        var event = StepReconciled(
            step: current.step.id,
            effect: current.effect,
            finding: .absent,
            means: .probe,
            note: "\(why); the probe says that it did not happen"
        )
        switch finding {
        case .absent: break
        case .happened(let result):
            event.finding = .happened
            event.note = "\(why); the probe says that it happened"
            event.result = result
            event.changed = try await world.changes(since: journal.state.enactment.checkpoint ?? "")
        case .unknown(let reason): return try await ask(current, "\(why); \(reason)")
        }
        let reconciled = event
        try await record { $0.isIntended(current) ? [.stepReconciled(reconciled)] : [] }
    }

    private mutating func ask(_ current: Enactment.Current, _ why: String) async throws {
        let event = ReconciliationRequested(
            step: current.step.id,
            effect: current.effect,
            action: current.step.action,
            intendedAtMilliseconds: current.sinceMilliseconds,
            why: why
        )
        try await record { $0.isIntended(current) ? [.reconciliationRequested(event)] : [] }
    }
}

/// Why it is not known what became of an action, and how often it was not.
struct Doubt: Sendable {
    var why: String
    var count = 0
}

extension RunState {
    /// Whether this very intent is still without an observation, and somebody wants to know.
    func isIntended(_ current: Enactment.Current) -> Bool {
        enactment.current?.intent == current.intent && enactment.current?.phase == .intended && status != .stopped
    }

    /// Whether what became of this very intent can still be told.
    func isOpen(_ current: Enactment.Current) -> Bool {
        enactment.current?.intent == current.intent && enactment.current?.isOpen == true
    }
}
