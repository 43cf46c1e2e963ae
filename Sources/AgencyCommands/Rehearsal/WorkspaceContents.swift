// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Foundation

/// What a workspace holds, without what is different each time that the same is done: times, and the names of commits,
/// which are made from times.
struct WorkspaceContents: Hashable, Sendable {
    /// The permissions and the digest of each file, by path; those of the repository's own folder left out.
    var files: [String: String] = [:]
    /// What the commits of the repository hold and say, newest first.
    var history = ""

    /// Reads a workspace.
    ///
    /// - Parameters:
    ///   - directory: Where it is.
    ///   - world: What looks at the repository, contained as every program is; its configuration may be anybody's.
    /// - Throws: when a file cannot be read.
    init(of directory: String, seenBy world: any World) async throws {
        guard let walk = FileManager.default.enumerator(atPath: directory) else { return }
        while let name = walk.nextObject() as? String {
            if name == ".git" {
                walk.skipDescendants()
                continue
            }
            let path = directory + "/" + name
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
                files[name] = "→ \(target)"
                continue
            }
            guard walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            let mode = (walk.fileAttributes?[.posixPermissions] as? Int) ?? 0
            files[name] = "\(String(mode, radix: 8)) \(try Digest(of: readFile(path)).hex)"
        }
        guard FileManager.default.fileExists(atPath: directory + "/.git") else { return }
        let command: JSONValue = ["git", "log", "--no-show-signature", "--no-decorate", "--format=%T %an: %s"]
        let log = try await world.look(Action(tool: "shell.run", arguments: ["command": command]), seconds: 60)
        // A repository without a commit has no log.
        history = log.isSuccess ? log.output : "none"
    }

    /// What it holds, as one digest.
    var digest: Digest {
        Digest(of: [
            "files": .object(JSONObject(files.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
            "history": .string(history),
        ])
    }
}
