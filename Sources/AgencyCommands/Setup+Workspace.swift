// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyEnactment
import AgencyRuntime
import Foundation

extension Home {
    /// Takes a directory up for a run: itself if it is under version control, else a copy of it.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` when it is no folder; as copying it does.
    func adopt(_ directory: String, for run: RunID, tells: Bool) async throws -> String {
        let given = absolute(directory)
        try Self.requireFolder(given)
        guard !FileManager.default.fileExists(atPath: given + "/.git") else { return given }
        try makeRunFolder(run)
        let copy = try await Workspace.adopt(directory: given, into: absolute(workspacePath(run)))
        if tells { Terminal.error("\(given) is no git repository; working on a copy of it: \(copy)") }
        return copy
    }

    static func requireFolder(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw RuntimeError(.badInput, "the workspace \(path) does not exist; name a folder that does with -w")
        }
        guard isFolder.boolValue else {
            throw RuntimeError(.badInput, "the workspace \(path) is not a folder; name one with -w")
        }
    }
}

extension Setup {
    /// The directory in which a run goes on here, which need not be where it began: its record came alone, from a file or to
    /// another machine.
    ///
    /// - Parameters:
    ///   - state: The run.
    ///   - settings: How the run was set up here.
    ///   - given: The directory that the person names.
    ///   - tells: Whether to say what is worked on.
    /// - Returns: The directory; `nil` for a run that has none, or is over.
    /// - Throws: ``RuntimeError`` with `.badInput` when the run needs a directory and there is none, or when it cannot go on
    ///   in the one that was named.
    func workspace(
        of state: RunState,
        _ settings: RunSettings,
        given: String?,
        tells: Bool
    ) async throws -> String? {
        let run = state.run
        if let known = settings.workspace {
            guard let given, !Self.isSame(given, known) else { return known }
            throw RuntimeError(.badInput, "run \(run) works on \(known); leave -w out")
        }
        guard let began = state.started?.workspace else {
            guard given == nil else {
                throw RuntimeError(.badInput, "run \(run) was begun without a directory to work on; leave -w out")
            }
            return nil
        }
        guard state.agenda() != .nothing else { return nil }
        guard state.enactment.base == nil else {
            throw RuntimeError(
                .badInput,
                "steps of run \(run) were enacted in \(began), and its checkpoints are not here; go on where they are, or fork "
                    + "it where nothing was enacted: agency fork \(run) --at EVENT -w DIRECTORY"
            )
        }
        guard let given else {
            throw RuntimeError(
                .badInput,
                "run \(run) works on \(began), which did not come with its record; name a directory that is as that was: "
                    + "agency resume \(run) -w DIRECTORY"
            )
        }
        if let missing = await Sandbox.probe() { throw missing }
        return try await home.adopt(given, for: run, tells: tells)
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        Workspace(directory: one, checkpoints: "/").directory == Workspace(directory: other, checkpoints: "/").directory
    }
}
