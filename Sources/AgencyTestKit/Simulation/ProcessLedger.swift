// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// Who writes to the ledger now, for the witness; the ledger itself does not know.
enum Writer {
    @TaskLocal static var name: String?
}

/// The ledger as one process reaches it.
struct ProcessLedger: LedgerStore {
    let process: SimulatedProcess
    private var ledger: SimulatedLedgerStore { process.scene.ledger }

    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        try await process.pass("append after \(head.sequence) of \(run)")
        try fail(process.scene.faults.ledger, storing: true)
        let write: @Sendable () async throws -> [Entry] = { [ledger, name = process.name] in
            try await Writer.$name.withValue(name) {
                try await ledger.append(
                    events,
                    artefacts: artefacts,
                    to: run,
                    after: head,
                    row: row,
                    durability: durability
                )
            }
        }
        try delay(write)
        let entries = try await write()
        if process.scene.chance.happens(process.scene.faults.lostAnswer) {
            process.scene.trace.count("lost answer")
            if process.scene.chance.happens(0.5) { process.die("after storing \(head.sequence + 1) of \(run)") }
            try process.requireAlive()
            throw LedgerError(.unavailable, "the connection was lost", retry: .after(.seconds(1)))
        }
        try await process.pass("answer to an append to \(run)")
        return entries
    }

    /// Has an append arrive later, after whoever sent it was told that it did not; or once more, after it did.
    private func delay(_ write: @escaping @Sendable () async throws -> [Entry]) throws {
        let (scene, chance) = (process.scene, process.scene.chance)
        guard chance.happens(scene.faults.lateAppend) else { return }
        scene.trace.count("late append")
        scene.mail.send(after: chance.time(upTo: .seconds(120))) { [scene, name = process.name] in
            do {
                let entries = try await write()
                scene.trace.note("mail", "has appended \(entries.count) for \(name)")
            } catch {
                scene.trace.note("mail", "comes too late with an append of \(name): \(error)")
            }
        }
        guard chance.happens(0.7) else { return }
        throw LedgerError(.unavailable, "no answer in time", retry: .after(.seconds(1)))
    }

    func head(of run: RunID) async throws -> Head {
        try await reading { try await ledger.head(of: run) }
    }

    func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
        try await reading { try await ledger.entries(of: run, from: sequence, limit: limit) }
    }

    func artefact(_ digest: Digest) async throws -> [UInt8]? {
        try await reading { try await ledger.artefact(digest) }
    }

    func rows(of runs: [RunID]) async throws -> [RunRow] {
        // Whoever asks may ask in any order; a history must not depend on it.
        try await reading { try await ledger.rows(of: runs.sorted()) }
    }

    func runs() async throws -> [RunRow] { try await reading { try await ledger.runs() } }

    func snapshot(of run: RunID) async throws -> Snapshot? {
        try await reading { try await ledger.snapshot(of: run) }
    }

    func keep(_ snapshot: Snapshot, of run: RunID) async throws {
        try await process.pass("keep a snapshot of \(run)")
        try await ledger.keep(snapshot, of: run)
    }

    private func reading<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await process.pass("read")
        // Reads outnumber appends by far; with the same rate no run would get anywhere.
        try fail(process.scene.faults.ledger / 10, storing: false)
        return try await body()
    }

    private func fail(_ rate: Double, storing: Bool) throws {
        guard process.scene.chance.happens(rate) else { return }
        process.scene.trace.count("ledger error")
        let codes: [LedgerError.Code] = storing ? [.busy, .unavailable, .full] : [.busy, .unavailable]
        let code = process.scene.chance.pick(codes) ?? .busy
        process.scene.trace.note(process.name, "finds the ledger \(code)")
        throw LedgerError(code, "simulated", retry: .after(.seconds(1)))
    }
}
