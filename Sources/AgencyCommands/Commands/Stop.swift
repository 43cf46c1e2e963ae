// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import ArgumentParser
import Foundation

/// Stops a run for good.
struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop a run, or every run, for good, within a second; the workspace stays as it is.",
        discussion: """
            Works beside whoever works on the run, and needs no answer from them: a file in the folder of the run says that it \
            is stopped, the record says so, and the process that holds the run is asked to end and then made to, with every \
            program that it has started. A worker that shares the ledger finds it on the record.
            """
    )

    @Argument(help: "The run; the latest when left out.")
    var run: String?
    @Flag(help: "Stop every run that is not over.")
    var all = false
    @Option(help: "Why; goes on the record.")
    var why = ""
    @OptionGroup var home: HomeOptions
    @OptionGroup var person: PersonOptions

    /// How long whoever holds the run has to end in good order.
    private static let patience = Duration.milliseconds(500)
    /// How long the ledger has to answer before the processes are ended; it is waited for afterwards.
    private static let recording = Duration.milliseconds(300)

    func validate() throws {
        guard all, run != nil else { return }
        throw ValidationError("--all stops every run; leave out “\(run ?? "")”, or leave out --all")
    }

    func run() async throws {
        guard all else {
            let (setup, id) = try await resolved(in: home.folder)
            try await stop(id, setup)
            return Terminal.out("stopped; undo its steps with: agency revert \(id) --to start")
        }
        let (setup, runs) = await everything(in: home.folder)
        let faults = await withTaskGroup(of: String?.self) { group in
            for id in runs {
                group.addTask {
                    do {
                        try await stop(id, setup)
                        return nil
                    } catch let error as RuntimeError where error.code == .notNow {
                        // It has come to its end meanwhile.
                        return nil
                    } catch {
                        return "run \(id): \(error)"
                    }
                }
            }
            return await group.compactMap(\.self).reduce(into: [String]()) { $0.append($1) }
        }
        for fault in faults { Terminal.error(Escape.terminal(fault)) }
        Terminal.out("stopped \(runs.count - faults.count) of \(runs.count) runs that were not over")
        if !faults.isEmpty { throw ExitStatus.unmet }
    }

    private func stop(_ id: RunID, _ setup: Setup?) async throws {
        let home = home.folder
        let holder = RunHolder(lock: home.lockPath(id))
        if let state = try await setup?.agency.state(of: id), state.status == .finished || state.status == .stopped {
            throw RuntimeError(.notNow, "run \(id) is over: \(state.statusWord)")
        }
        try StopFile(person: person.person, reason: why).write(for: id, in: home)
        let who = person.person
        let recorded = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                guard let setup else { return false }
                _ = try await StopFile.record(of: id, in: setup, or: StopFile(person: who, reason: why))
                return true
            }
            group.addTask {
                // The processes are ended whether or not the ledger answers.
                try await Task.sleep(for: Self.recording)
                await holder.end(within: Self.patience)
                return false
            }
            var isRecorded = false
            do {
                isRecorded = try await group.next() ?? false
                if isRecorded { await holder.end(within: Self.patience) }
                group.cancelAll()
                if !isRecorded { isRecorded = try await group.next() ?? false }
            } catch {
                await holder.end(within: .zero)
                throw error
            }
            return isRecorded
        }
        guard recorded else {
            throw RuntimeError(
                .unavailable,
                "run \(id) is stopped here, and the ledger does not know yet; it is told by: agency resume \(id)"
            )
        }
    }

    /// Every run that is not over as far as the list of runs says, and every run that a process of this machine holds,
    /// whatever the ledger says.
    private func everything(in home: Home) async -> (Setup?, [RunID]) {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: home.path + "/runs")) ?? []
        let held = folders.map { RunID($0) }.filter { RunHolder(lock: home.lockPath($0)).isThere }
        do {
            let setup = try await Setup.existing(home)
            let rows = try await setup.agency.store.runs().filter { !$0.isOver }
            return (setup, Set(rows.map(\.run) + held).sorted())
        } catch {
            Terminal.error("the ledger cannot be read: " + Escape.terminal("\(error)"))
            return (nil, held)
        }
    }

    /// The run that is meant; a run whose ledger cannot be read can be named in full.
    private func resolved(in home: Home) async throws -> (Setup?, RunID) {
        do {
            let setup = try await Setup.existing(home)
            return (setup, try await setup.resolve(run))
        } catch {
            guard let run, run.utf8.allSatisfy({ $0 != UInt8(ascii: "/") }), run != "..", run != ".",
                FileManager.default.fileExists(atPath: home.runPath(RunID(run)))
            else { throw error }
            Terminal.error("the ledger cannot be read: " + Escape.terminal("\(error)"))
            return (nil, RunID(run))
        }
    }
}

/// A person's word that a run is stopped, beside the ledger: it holds when the ledger cannot be written.
struct StopFile: Codable, Sendable {
    var person: String
    var identifiedBy: String
    var reason: String

    init(person: Person, reason: String) {
        self.person = person.name
        identifiedBy = person.identifiedBy
        self.reason = reason
    }

    private static func path(_ run: RunID, in home: Home) -> String { home.runPath(run) + "/stop" }

    func write(for run: RunID, in home: Home) throws {
        try home.makeRunFolder(run)
        try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: Self.path(run, in: home)), options: .atomic)
    }

    /// What was written for a run; a file that cannot be read stops it all the same.
    static func read(_ run: RunID, in home: Home) -> StopFile? {
        guard let data = FileManager.default.contents(atPath: path(run, in: home)) else { return nil }
        let unknown = Person(name: "unknown", identifiedBy: "a stop file that cannot be read")
        return (try? JSONDecoder().decode(StopFile.self, from: data)) ?? StopFile(person: unknown, reason: "")
    }

    /// Has the ledger say what the file says, if it does not yet.
    ///
    /// - Returns: Whether there is a file; the run is over then.
    static func record(of run: RunID, in setup: Setup, or given: StopFile? = nil) async throws -> Bool {
        guard let file = given ?? read(run, in: setup.home) else { return false }
        let state = try await setup.agency.state(of: run)
        if state.status == .running || state.status == .paused {
            let person = Person(name: file.person, identifiedBy: file.identifiedBy)
            do {
                try await setup.agency.stop(run, by: person, reason: file.reason)
            } catch let error as RuntimeError where error.code == .notNow {
                // Somebody else was first.
            }
        }
        return true
    }
}
