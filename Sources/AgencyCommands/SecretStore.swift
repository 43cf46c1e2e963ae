// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyLedger
import AgencyRuntime
import Foundation

/// The secrets of a home: a file for each, which its owner only may read.
struct SecretStore: Sendable {
    let folder: String

    init(_ home: Home) { folder = absolute(home.path) + "/secrets" }

    private func path(_ name: String) -> String { folder + "/" + name }

    /// Keeps a value, in place of an earlier one.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a name that is none; `EnactmentError` for a value that cannot be one;
    ///   `ProofError` when it cannot be written.
    func set(_ name: String, to value: [UInt8]) throws {
        try Self.require(name)
        let secret = try Secret(name: name, value: value)
        try PrivateFile.makeFolder(folder)
        try PrivateFile.write(value, to: path(secret.name))
    }

    /// The names of what is kept.
    func names() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { SecretHandle.isName($0) }.sorted()
    }

    /// Forgets a value.
    ///
    /// - Returns: Whether there was one.
    func remove(_ name: String) throws -> Bool {
        try Self.require(name)
        guard names().contains(name) else { return false }
        do {
            try FileManager.default.removeItem(atPath: path(name))
        } catch {
            throw RuntimeError(.unavailable, "\(path(name)) cannot be removed", cause: error)
        }
        return true
    }

    /// Finds values in the variables that a file of profiles names, else here.
    ///
    /// - Throws: `DeclarationError` for a file of profiles that cannot be read; as for what is asked for, when it is.
    func source(profiles: String, workspace: String) throws -> SecretSource {
        let declared = try Declaration.readSecrets(bytes: try readFile(profiles), file: profiles)
        let variables = Dictionary(declared.map { ($0.name, $0.variable) }) { first, _ in first }
        let isShown = (folder + "/").hasPrefix(Workspace(directory: workspace, checkpoints: "/").directory + "/")
        return { name in
            if let variable = variables[name] ?? nil {
                guard let value = ProcessInfo.processInfo.environment[variable] else {
                    throw EnactmentError(.badSecret, "the secret \(name) is to be in \(variable), which is not set")
                }
                return try Secret(name: name, value: Array(value.utf8))
            }
            // Every program would read it there.
            guard !isShown else {
                throw EnactmentError(
                    .badSecret,
                    "the secrets in \(folder) lie in the workspace; keep them elsewhere with --home"
                )
            }
            return try Secret(name: name, value: try value(of: name))
        }
    }

    /// A value that is kept here.
    ///
    /// - Throws: `EnactmentError` with `.badSecret` where there is none; as for setting one.
    func value(of name: String) throws -> [UInt8] {
        try Self.require(name)
        guard let value = try PrivateFile.read(path(name), limit: Secret.lengths.upperBound, isSecret: true) else {
            throw EnactmentError(
                .badSecret,
                "the secret \(name) is not set; set it with: agency secret set \(name)"
            )
        }
        return value
    }

    private static func require(_ name: String) throws {
        guard SecretHandle.isName(name) else {
            throw RuntimeError(
                .badInput,
                "“\(name)” cannot name a secret: use capital letters, digits and _, 64 at most, a letter first, and no "
                    + "name that the system uses"
            )
        }
    }
}
