// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyPerformers
import AgencyRuntime
import Foundation

/// Who plays the roles of a run, put together from profiles or a recording.
struct RunCast: Sendable {
    var architecture: Architecture
    var settings: RunSettings

    /// Makes the cast and has it for the length of some work.
    func with(_ work: @Sendable (AgencyRuntime.Cast) async throws -> Void) async throws {
        if let replay = settings.replay {
            guard FileManager.default.fileExists(atPath: replay) else {
                throw RuntimeError(.badInput, "there is no folder of recordings at \(replay)")
            }
            return try await work(Cast(everyone: ReplayPerformer(directory: replay), in: architecture))
        }
        let profiles = try readProfiles()
        guard profiles.contains(where: { $0.provider == .openai || $0.provider == .anthropic }) else {
            return try await work(try cast(profiles, transport: nil))
        }
        #if Live
        try await withHTTPTransport(environment: ProcessInfo.processInfo.environment) { transport in
            try await work(try cast(profiles, transport: transport))
        }
        #else
        throw RuntimeError(.unavailable, "this agency was built without the Live trait, which reaches models over HTTP")
        #endif
    }

    private func cast(_ profiles: [Profile], transport: (any HTTPTransport)?) throws -> AgencyRuntime.Cast {
        let casting = Casting(
            profiles: profiles,
            environment: ProcessInfo.processInfo.environment,
            transport: transport,
            terminal: StandardTerminal()
        )
        return Cast(
            try profiles.map { profile in
                let performer = try casting.performer(for: profile)
                guard let record = settings.record else { return (profile, performer) }
                return (profile, RecordingPerformer(wrapping: performer, directory: record))
            }
        )
    }

    /// The profiles that the architecture names; others may lack a key or a program without harm.
    private func readProfiles() throws -> [Profile] {
        // A run whose record came here alone has no settings: the file is looked for where a new run would look.
        let here = FileManager.default.fileExists(atPath: "agency.yaml") ? absolute("agency.yaml") : nil
        guard let path = settings.profiles ?? here else {
            throw RuntimeError(
                .badInput,
                "no agency.yaml says who performs; make one with agency init, or name it with --profiles"
            )
        }
        let named = Set(architecture.roles.compactMap(\.performer))
        return try Declaration.readProfiles(bytes: try readFile(path), file: path).filter { named.contains($0.name) }
    }
}

/// The terminal at which a person plays a role.
struct StandardTerminal: AgencyPerformers.Terminal {
    func show(_ text: String) async { Terminal.out(text) }
    func readLine(prompt: String) async -> String? { Terminal.ask(prompt) }
}
