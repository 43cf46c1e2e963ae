// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyConsole
import AgencyCore
import AgencyEnactment
import AgencyLedger
import AgencyRuntime
import Foundation

/// The one place where the parts are put together: the ledger, the performers and the world of a run.
struct Setup: Sendable {
    let home: Home
    private(set) var agency: Agency
    /// The ledger itself, which signs nothing.
    let ledger: any LedgerStore
    /// What signs checkpoints, if there is a key.
    let checkpoints: CheckpointingLedgerStore?

    /// Opens the ledger of a home, making it when it is not there.
    ///
    /// - Parameters:
    ///   - home: The home.
    ///   - unsigned: Whether the choices of runs that know no desk are enacted.
    /// - Throws: `LedgerError` when it cannot be opened; `ProofError` for a key that cannot be used; ``RuntimeError`` for a
    ///   list of trusted desks that is spoilt.
    init(_ home: Home, unsigned: Bool = false) async throws {
        self.home = home
        let ledger = try await home.ledger.open()
        self.ledger = ledger
        checkpoints = try home.signingKey().map { home.checkpointing(ledger, with: $0) }
        agency = Agency(store: checkpoints ?? ledger)
        try sit(with: try DeskFiles.key(), unsigned: unsigned)
    }

    /// The same with a key to sign choices with, which is made where there is none.
    func signing(tells: Bool) throws -> Setup {
        var setup = self
        try setup.sit(with: try DeskFiles.keyMadeIfNeeded(tells: tells), unsigned: agency.trust?.takesUnsigned == true)
        return setup
    }

    private mutating func sit(with key: SigningKey?, unsigned: Bool) throws {
        let desk = try key.map { try Desk($0) }
        let own = desk.map { [$0.key] } ?? []
        // Read anew whenever it counts: people get accounts, and lose them, while a worker goes on.
        let desks: @Sendable () throws -> [DeskKey] = { own + (try DeskFiles.trusted()) }
        _ = try DeskFiles.trusted()
        agency = agency.at(
            desk,
            trusting: DeskTrust(reading: desks, accounts: DeskFiles.choosers, takesUnsigned: unsigned)
        )
    }

    /// Opens the ledger of a home that must be there.
    static func existing(_ home: Home, unsigned: Bool = false) async throws -> Setup {
        guard !home.ledger.isMissing else {
            let place = home.location == nil ? "in \(home.path)" : try "at \(home.ledger.shown())"
            throw RuntimeError(.notFound, "there is no ledger \(place); start a run with: agency run BRIEF")
        }
        return try await Setup(home, unsigned: unsigned)
    }

    /// The run that is meant: by its name, by the beginning of its name, or the latest.
    func resolve(_ name: String?) async throws -> RunID {
        let runs = try await agency.store.runs()
        guard let name, name != "latest" else {
            guard let latest = runs.max(by: { $0.startedAtMilliseconds < $1.startedAtMilliseconds }) else {
                throw RuntimeError(.notFound, "there is no run here yet; start one with: agency run BRIEF")
            }
            return latest.run
        }
        if runs.contains(where: { $0.run.rawValue == name }) { return RunID(name) }
        let matches = runs.filter { $0.run.rawValue.hasPrefix(name) || $0.run.rawValue.hasPrefix("r-" + name) }
        guard let match = matches.first else {
            throw RuntimeError(.notFound, "there is no run “\(name)” here; agency status lists them")
        }
        guard matches.count == 1 else {
            throw RuntimeError(.badInput, "“\(name)” could be \(matches.map(\.run.rawValue).joined(separator: ", "))")
        }
        return match.run
    }

    /// The world of a run: its workspace, its checkpoints and the tools.
    func world(_ run: RunID, workspace: String?, servers: ToolServers? = nil) -> (any World)? {
        let path = home.outputPath(run)
        return workspace.map {
            Tools(workspace: Workspace(directory: $0, checkpoints: home.checkpointsPath(run)), servers: servers) {
                step,
                text in
                guard let text else { return NoteFile.remove(path) }
                NoteFile.write(
                    StepOutput(step: step, text: text, atMilliseconds: WallClock.milliseconds()),
                    to: path
                )
            }
        }
    }

    /// Where workers claim runs, if the ledger lets them.
    var leases: (any LeaseStore)? { ledger as? any LeaseStore }

    /// Holds the run for this process while something is done with it.
    ///
    /// - Throws: `LedgerError` with `.busy` when another process holds it; ``RuntimeError`` with `.busy` when a worker does.
    func holding<Value>(_ run: RunID, _ purpose: String, _ work: () async throws -> Value) async throws -> Value {
        let lock = try lock(run, purpose)
        defer { lock.close() }
        try await requireNoWorker(run)
        return try await work()
    }

    /// Keeps all other processes of this machine off the run, workers too, until the lock is closed.
    func lock(_ run: RunID, _ purpose: String) throws -> RunLock {
        try home.makeRunFolder(run)
        return try RunLock.acquire(path: home.lockPath(run), holder: purpose)
    }

    /// Makes sure that no worker has the run.
    ///
    /// A worker looks at the lock after it has claimed a run, and this looks at the claim after it has locked the run: so
    /// one of them always sees the other. A worker that sees the lock gives the run back at once, which is waited for.
    private func requireNoWorker(_ run: RunID) async throws {
        guard let leases else { return }
        var lease: Lease?
        for _ in 0..<10 {
            lease = try await leases.holders().first { $0.run == run }
            if lease == nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        guard let lease else { return }
        throw RuntimeError(
            .busy,
            "worker \(lease.worker) has run \(run) until \(EventText.time(lease.expiresAtMilliseconds)) at least; "
                + "look with: agency status \(run), or have it leave the run with: agency pause \(run)"
        )
    }
}
