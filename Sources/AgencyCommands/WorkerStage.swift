// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyLedger
import AgencyPerformers
import AgencyRuntime
import Foundation
import Synchronization

/// Provides a worker with who plays the roles of a run and with its workspace, or says why it cannot.
final class WorkerStage: Sendable {
    private struct Troupe {
        let casting: Casting
        let profiles: [ProfileName: Profile]
    }

    private let setup: Setup
    private let worker: String
    private let profiles: String?
    private let transport: (any HTTPTransport)?
    private let hasSandbox: Bool
    /// Who plays the roles of people, if anybody does.
    private let person: (any Performer)?
    /// The limits of providers are shared by all runs, whatever file their profiles are in.
    private let limits = EndpointLimits(reserves: true)
    private let troupes = Mutex<[String: Troupe]>([:])

    init(
        setup: Setup,
        worker: String,
        profiles: String?,
        transport: (any HTTPTransport)?,
        hasSandbox: Bool,
        person: (any Performer)? = nil
    ) {
        self.person = person
        self.setup = setup
        self.worker = worker
        self.profiles = profiles
        self.transport = transport
        self.hasSandbox = hasSandbox
    }

    /// Provides what a run needs for the length of some work.
    ///
    /// - Throws: ``RuntimeError`` with `.cannotPlay` when something is not there, `.busy` when another process of this
    ///   machine holds the run; what the work throws.
    func provide(
        _ state: RunState,
        _ work: @Sendable (AgencyRuntime.Cast, (any World)?) async throws -> Void
    ) async throws {
        try requireUnlocked(state.run)
        let (cast, world) = try parts(of: state)
        try await ToolServers.closing((world as? Tools)?.servers) { try await work(cast, world) }
    }

    private func parts(of state: RunState) throws -> (AgencyRuntime.Cast, (any World)?) {
        guard let architecture = state.architecture else {
            throw RuntimeError(.cannotPlay, "run \(state.run) has no architecture on its record")
        }
        do {
            let settings = try RunSettings.read(state.run, in: setup.home)
            let world = try world(of: state, settings)
            return (try cast(architecture, settings), world)
        } catch let error as RuntimeError where error.code == .cannotPlay {
            throw error
        } catch {
            // A profile, a key or a file is not as it should be: other runs can be worked on all the same.
            throw RuntimeError(.cannotPlay, "run \(state.run) cannot be worked on here: \(error)", cause: error)
        }
    }

    /// Whoever holds the run by its lock, a person at a terminal for instance, is left alone with it.
    private func requireUnlocked(_ run: RunID) throws {
        let path = setup.home.lockPath(run)
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            try RunLock.acquire(path: path, holder: "agency worker \(worker)").close()
        } catch {
            throw RuntimeError(.busy, error.message, cause: error)
        }
    }

    private func world(of state: RunState, _ settings: RunSettings) throws -> (any World)? {
        guard let wanted = state.started?.workspace else { return nil }
        // The path on the record may be that of another machine; only what was written down here is worked on.
        guard let workspace = settings.workspace, FileManager.default.fileExists(atPath: workspace) else {
            throw RuntimeError(
                .cannotPlay,
                "run \(state.run) works on \(settings.workspace ?? wanted), which is not there for this worker; start a worker "
                    + "with the home of the run, on its machine"
            )
        }
        guard hasSandbox else {
            throw RuntimeError(.cannotPlay, "run \(state.run) needs the sandbox, which does not work here")
        }
        let servers = try ServerSetup.servers(
            of: profiles ?? settings.profiles,
            workspace: workspace,
            home: setup.home
        )
        return setup.world(state.run, workspace: workspace, servers: servers)
    }

    private func cast(_ architecture: Architecture, _ settings: RunSettings) throws -> AgencyRuntime.Cast {
        if let replay = settings.replay {
            guard FileManager.default.fileExists(atPath: replay) else {
                throw RuntimeError(.cannotPlay, "there is no folder of recordings at \(replay)")
            }
            return Cast(everyone: ReplayPerformer(directory: replay), in: architecture)
        }
        let troupe = try troupe(profiles ?? settings.profiles ?? absolute("agency.yaml"))
        let members = try Set(architecture.roles.compactMap(\.performer)).map { name in
            guard let profile = troupe.profiles[name] else {
                throw RuntimeError(.cannotPlay, "no profile “\(name)” is known to this worker")
            }
            let performer = try troupe.casting.performer(for: profile)
            guard let record = settings.record else { return (profile, performer) }
            return (profile, RecordingPerformer(wrapping: performer, directory: record) as any Performer)
        }
        return Cast(members)
    }

    /// Reads each file of profiles once: a worker is started anew to take up what was changed.
    private func troupe(_ path: String) throws -> Troupe {
        try troupes.withLock { troupes in
            if let known = troupes[path] { return known }
            let profiles = try Declaration.readProfiles(bytes: try readFile(path), file: path)
            let casting = Casting(
                profiles: profiles,
                environment: ProcessInfo.processInfo.environment,
                transport: transport,
                terminal: nil,
                person: person,
                limits: limits
            )
            let troupe = Troupe(
                casting: casting,
                profiles: Dictionary(profiles.map { ($0.name, $0) }) { $1 }
            )
            troupes[path] = troupe
            return troupe
        }
    }
}
