// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A folder in which steps are enacted, with a private history beside it that can always put it back.
///
/// A checkpoint holds everything in the folder but its own `.git` and what is left out: tracked, untracked and ignored
/// files, their contents byte for byte, links, permissions, and empty folders. It does not hold owners, times, extended
/// attributes, and which names are links to one file. Of the folder's own repository it holds the branch, its commit and
/// the index.
///
/// What is left out can be changed by a step and is **not** put back.
public struct Workspace: Sendable {
    /// The folder, absolute.
    public let directory: String
    /// The folder of the private history, absolute and outside ``directory``.
    public let checkpoints: String
    /// Paths below the folder that no checkpoint holds.
    public let leaveOut: [String]

    /// Makes a workspace; nothing is touched before ``open(resuming:)``.
    ///
    /// - Parameters:
    ///   - directory: The folder.
    ///   - checkpoints: Where the private history is to be kept; outside the folder.
    ///   - leaveOut: Paths below the folder, such as `node_modules`, that are too large to keep and may be lost.
    public init(directory: String, checkpoints: String, leaveOut: [String] = []) {
        self.directory = Self.absolute(directory)
        self.checkpoints = Self.absolute(checkpoints)
        self.leaveOut = leaveOut
    }

    var git: HostGit { HostGit(repository: checkpoints, workTree: directory) }
    var userGit: HostGit { HostGit(repository: directory + "/.git", workTree: directory) }
    var files: FileTree { FileTree(directory: directory) }

    var leftOut: Set<String> {
        Set(leaveOut.map { $0.split(separator: "/").filter { $0 != "." }.joined(separator: "/") })
    }

    /// Whether the folder is a repository of its own.
    var hasRepository: Bool { kindOfRepository?.isDirectory == true }

    var kindOfRepository: FileTree.Kind? {
        var status = stat()
        guard lstat(directory + "/.git", &status) == 0 else { return nil }
        return FileTree.Kind(mode: status.st_mode, size: Int(status.st_size))
    }

    private static func absolute(_ path: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        // A folder that exists gets its one true name, so that “inside” and “outside” can be told by prefix.
        if let real = realpath(path, &buffer) { return String(cString: real) }
        var parts = path.split(separator: "/").map(String.init)
        if let name = parts.popLast(), !parts.isEmpty || path.hasPrefix("/") {
            let parent = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
            return (parent == "/" ? "" : absolute(parent)) + "/" + name
        }
        guard let current = getcwd(&buffer, buffer.count - 1) else { return path }
        return String(cString: current) + "/" + path
    }
}
