// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyEnactment
import AgencyRuntime
import EnactmentHTTP
import Foundation

/// The servers of tools that a file of profiles declares, and the reviews of them in the folder beside it.
enum ServerSetup {
    /// The servers for a workspace; `nil` where none is declared or there is nothing to work on.
    static func servers(of profiles: String?, workspace: String?, home: Home) throws -> ToolServers? {
        guard let profiles, let workspace, FileManager.default.fileExists(atPath: profiles) else { return nil }
        let declared = try Self.declared(in: profiles)
        guard !declared.isEmpty else { return nil }
        return try servers(declared, of: profiles, workspace: workspace, home: home)
    }

    /// Servers as a file of profiles declares them, with the reviews beside it.
    static func servers(
        _ declared: [ToolServer],
        of profiles: String,
        workspace: String,
        home: Home
    ) throws -> ToolServers {
        ToolServers(
            declared,
            reviews: try declared.compactMap { try review(of: $0.name, beside: profiles) },
            workspace: workspace,
            secrets: try SecretStore(home).source(profiles: profiles, workspace: workspace),
            lines: lines
        )
    }

    /// How servers are spoken to that are no programs of this machine; `nil` where HTTP is not to be had.
    static var lines: (any ServerLines)? {
        #if Live
        HTTPServerLines(environment: ProcessInfo.processInfo.environment)
        #else
        nil
        #endif
    }

    static func declared(in profiles: String) throws -> [ToolServer] {
        try Declaration.readToolServers(bytes: try readFile(profiles), file: profiles)
    }

    static func reviewPath(of server: String, beside profiles: String) -> String {
        URL(fileURLWithPath: profiles).deletingLastPathComponent().path + "/mcp-reviews/\(server).json"
    }

    static func review(of server: String, beside profiles: String) throws -> MCPReview? {
        let path = reviewPath(of: server, beside: profiles)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let review = try MCPReview(parsing: try readFile(path))
            guard review.server == server else {
                throw EnactmentError(.badReview, "it is of the server “\(review.server)”")
            }
            return review
        } catch let error as EnactmentError {
            throw RuntimeError(.badInput, "\(path): \(error.message)", cause: error)
        }
    }
}
