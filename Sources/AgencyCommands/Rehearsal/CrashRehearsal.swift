// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import CDispatch
import Dispatch
import Foundation
import LedgerSQLite
import Synchronization

/// Rehearses an undertaking once undisturbed, and then again from every place at which it could have been killed.
struct CrashRehearsal: Sendable {
    var undertaking: Undertaking
    /// Where the rehearsals take place.
    let root: String
    /// What was seen of workspaces already; `nil` to look anew each time.
    var looks: LookMemory?
    /// The command line of a process that lives on in a folder and kills itself at a mark; `nil` to go on from copies that
    /// were made at each append.
    var child: (@Sendable (_ folder: String, _ side: String, _ mark: String) -> [String])?

    /// What became of one rehearsal that was killed.
    struct Outcome: Sendable {
        var point: RehearsalPoint
        var faults: [String] = []
        /// How many effects there were in the end.
        var effects = 0
        /// Effects that should be there and are not.
        var lost = 0
        /// Effects that happened more often than they should have.
        var duplicated = 0
        /// Recorded calls that were made again.
        var repeated = 0
        /// Calls that were made again because no answer was recorded.
        var askedAgain = 0
        var folder: String
    }

    /// The undisturbed rehearsal: its account, its records, and every place at which it could have been killed.
    struct Reference: Sendable {
        var account: RehearsalAccount
        var records: Int
        var points: [RehearsalPoint]
    }

    /// Carries the undertaking through, keeping an image of it at each append.
    ///
    /// Between two appends nothing is kept but in the workspace: where that was not touched, the image before an append is
    /// the one after the append before.
    ///
    /// - Parameter workspace: The directory to begin with.
    /// - Returns: What it came to, with the images.
    /// - Throws: what keeps it from coming to an end.
    func reference(from workspace: String?) async throws -> Reference {
        let folder = RehearsalFolder(path: root + "/reference")
        try FileManager.default.createDirectory(atPath: folder.home.path, withIntermediateDirectories: true)
        if let workspace { try RehearsalFolder.copy(workspace, to: folder.workspace) }
        let world = world(in: folder)
        let progress = ImageProgress(try folder.copied(to: root + "/image-begin"))
        try await undertaking.live(in: folder, world: world) { side, events in
            try keep(side, events, of: folder, touches: world?.touches ?? 0, progress)
        }
        let ledger = try SQLiteLedgerStore(path: folder.ledger)
        return Reference(
            account: try await account(of: folder, ledger),
            records: try await ledger.head(of: Undertaking.run).sequence + 1,
            points: progress.points
        )
    }

    private func keep(
        _ side: RehearsalStore.Side,
        _ events: [RecordedEvent],
        of folder: RehearsalFolder,
        touches: Int,
        _ progress: ImageProgress
    ) throws {
        guard let first = events.first, let last = events.last else { return }
        try progress.state.withLock { state in
            let mark = RehearsalPoint.mark(first.event)
            if side == .before {
                state.append += 1
                state.occurrences[mark, default: 0] += 1
            }
            let wasTouched = state.touches != touches
            state.touches = touches
            // A real kill begins from the record before, so that the process dies at the very append.
            let isReal = child != nil
            var image = state.last
            if !isReal, side == .after || wasTouched {
                image = try state.keep(folder, in: "\(root)/image-\(state.append)-\(side.rawValue)")
            }
            if isReal || side == .after || wasTouched {
                state.points.append(
                    RehearsalPoint(
                        side: side,
                        mark: mark,
                        occurrence: state.occurrences[mark] ?? 1,
                        records: first.sequence...last.sequence,
                        image: image
                    )
                )
            }
            guard side == .after else { return }
            state.last = isReal ? try state.keep(folder, in: "\(root)/image-\(state.append)-after") : image
        }
    }

    /// Kills the undertaking at a place, resumes it, and compares what it comes to.
    func outcome(at point: RehearsalPoint, _ reference: Reference, number: Int) async throws -> Outcome {
        let folder = try point.image.copied(to: "\(root)/life-\(number)")
        var outcome = Outcome(point: point, folder: folder.path)
        do {
            if let child { try await kill(child(folder.path, point.side.rawValue, point.mark)) }
            try await resume(in: folder, reference, into: &outcome)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            outcome.faults.append("it could not be resumed: \(error)")
        }
        if outcome.faults.isEmpty { folder.remove() }
        return outcome
    }

    /// Has a process live on until it kills itself at the place.
    private func kill(_ words: [String]) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let wasKilled: Bool = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { ended in
                let isKill = ended.terminationReason == .uncaughtSignal && ended.terminationStatus == SIGKILL
                continuation.resume(returning: isKill)
            }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        guard wasKilled else {
            throw RuntimeError(
                .unavailable,
                "the process that was to be killed ended with \(process.terminationStatus)"
            )
        }
    }

    private func resume(
        in folder: RehearsalFolder,
        _ reference: Reference,
        into outcome: inout Outcome
    ) async throws {
        let completed = try await Self.completed(in: folder)
        let noted = folder.diary.lines.count
        try await undertaking.live(in: folder, world: world(in: folder))
        let ledger = try SQLiteLedgerStore(path: folder.ledger)
        let account = try await account(of: folder, ledger)
        outcome.faults = account.differences(from: reference.account)
        outcome.effects = account.effects
        outcome.askedAgain = account.askedAgain
        outcome.lost = account.lost(from: reference.account)
        outcome.duplicated = account.duplicated(beside: reference.account)
        let repeated = folder.diary.lines.dropFirst(noted).filter { line in
            if case .call(let episode) = line { completed.contains(episode) } else { false }
        }
        outcome.repeated = repeated.count
        if let first = repeated.first { outcome.faults.append("a recorded call was made again: \(first)") }
        let verification = try await ledger.verify(run: Undertaking.run)
        if let fault = verification.faults.first { outcome.faults.append("the chain is broken: \(fault)") }
        let anomalies = try await Agency(store: ledger).state(of: Undertaking.run).anomalies
        if let anomaly = anomalies.first { outcome.faults.append("out of place: \(anomaly)") }
    }

    /// The workspace of a rehearsal; `nil` for work without one.
    func world(in folder: RehearsalFolder) -> RehearsalWorld? {
        undertaking.tools(folder).map { RehearsalWorld($0, in: folder, looks: looks) }
    }

    private func account(of folder: RehearsalFolder, _ ledger: any LedgerStore) async throws -> RehearsalAccount {
        var contents: WorkspaceContents?
        if let world = undertaking.tools(folder) {
            contents = try await WorkspaceContents(of: folder.workspace, seenBy: world)
        }
        return RehearsalAccount(
            of: try await Agency(store: ledger).events(of: Undertaking.run),
            folder.diary.lines,
            witnessed: try undertaking.witness(folder),
            contents: contents
        )
    }

    /// The episodes whose answers were on record when a rehearsal was killed.
    private static func completed(in folder: RehearsalFolder) async throws -> Set<EpisodeID> {
        let ledger = try SQLiteLedgerStore(path: folder.ledger)
        guard try await !ledger.head(of: Undertaking.run).isEmpty else { return [] }
        let events = try await Agency(store: ledger).events(of: Undertaking.run)
        return Set(events.compactMap { if case .episodeCompleted(let body) = $0.event { body.episode } else { nil } })
    }
}

/// The images kept so far.
private final class ImageProgress: Sendable {
    struct State {
        var append = -1
        var touches = 0
        var occurrences: [String: Int] = [:]
        var last: RehearsalFolder
        var points: [RehearsalPoint] = []
        private var kept: (folder: RehearsalFolder, since: timespec)?

        init(_ first: RehearsalFolder) { last = first }

        mutating func keep(_ folder: RehearsalFolder, in path: String) throws -> RehearsalFolder {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let image = try folder.kept(in: path, sharing: kept)
            kept = (image, now)
            return image
        }
    }

    let state: Mutex<State>

    init(_ first: RehearsalFolder) { state = Mutex(State(first)) }

    var points: [RehearsalPoint] { state.withLock { $0.points } }
}
