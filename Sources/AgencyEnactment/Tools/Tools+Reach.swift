// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Tools {
    /// Finds what an action would touch: the files that it names, with the digests of what they hold.
    ///
    /// A program may touch anything; of it, those words of its command are known that name something in the workspace: the
    /// script that is run, and what it is given. An argument that is no path has no target: whoever acts on it refuses it.
    public func reach(of action: Action) async throws -> ActionReach {
        let arguments = Arguments(action.arguments)
        var paths: [RelativePath?] = []
        var isAll = true
        switch action.tool.rawValue {
        case "files.write", "files.patch", "files.delete": paths = [try? arguments.path("path")]
        case "files.move": paths = [try? arguments.path("from"), try? arguments.path("to")]
        case "sqlite.execute": paths = [try? arguments.path("database")]
        case "shell.run":
            isAll = false
            let words = (arguments.json["command"]?.array ?? []).compactMap(\.string)
            paths = words.map { try? RelativePath($0.hasPrefix("/workspace/") ? String($0.dropFirst(11)) : $0) }
        default: isAll = false
        }
        let files = workspace.files
        let isProgram = action.tool == "shell.run"
        let named = paths.compactMap(\.self).filter { !$0.isRoot }
        let targets = try await blocking {
            named.map { files.target($0) }.filter { !isProgram || $0.kind != "absent" || $0.path.utf8.contains(0x2F) }
        }
        return ActionReach(targets, isAll: isAll)
    }

    /// Makes sure that an action finds what it found when it was shown.
    ///
    /// - Throws: ``EnactmentError`` with `.workspaceChanged`; the person is asked again when the run is resumed.
    func requireTargets(_ shown: [ActionTarget], of action: Action) async throws {
        guard !shown.isEmpty else { return }
        let now = try await reach(of: action).targets
        for target in shown where !now.contains(target) {
            throw EnactmentError(
                .workspaceChanged,
                "\(target.path.forMessage) is no longer what it was when this was shown; resume the run, and choose again"
            )
        }
    }
}

extension FileTree {
    private static let chunk = 1 << 20

    /// What is at a path now; what cannot be looked at is `other`, which nothing else is equal to but itself.
    func target(_ path: RelativePath) -> ActionTarget {
        for length in 1..<max(1, path.components.count) {
            // A link on the way leads somewhere else tomorrow.
            let way = path.components.prefix(length)
            guard let kind = try? kind(way), kind.isLink else { continue }
            return ActionTarget(path: path.description, kind: "link", content: link(way))
        }
        do throws(FileFault) {
            let kind = try kind(path)
            if kind.isLink {
                return ActionTarget(path: path.description, kind: "link", content: link(path.components[...]))
            }
            guard kind.isFile else {
                return ActionTarget(path: path.description, kind: kind.isDirectory ? "folder" : "other")
            }
            return ActionTarget(path: path.description, kind: "file", content: try digest(path))
        } catch {
            return ActionTarget(path: path.description, kind: error.number == ENOENT ? "absent" : "other")
        }
    }

    private func kind(_ way: ArraySlice<String>) throws(FileFault) -> Kind {
        let folder = try open(way.dropLast())
        return try Self.kind(way.last ?? ".", in: folder, way.joined(separator: "/"))
    }

    /// The digest of where a link leads.
    private func link(_ way: ArraySlice<String>) -> Digest? {
        guard let folder = try? open(way.dropLast()) else { return nil }
        var buffer = [CChar](repeating: 0, count: 4097)
        let count = readlinkat(folder.raw, way.last ?? ".", &buffer, 4096)
        return count < 0 ? nil : Digest(of: buffer.prefix(count).map { UInt8(bitPattern: $0) })
    }

    /// The digest of a file: of its bytes, or, of a long one, of the digests of its parts, each of 1 MiB.
    private func digest(_ path: RelativePath) throws(FileFault) -> Digest {
        let folder = try open(path.components.dropLast())
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        guard let file = Descriptor(openat(folder.raw, path.components.last ?? ".", flags)) else {
            throw FileFault(errno, path.description)
        }
        var parts: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        while true {
            var filled = 0
            while filled < Self.chunk {
                let count = buffer.withUnsafeMutableBytes {
                    Glibc.read(file.raw, $0.baseAddress?.advanced(by: filled), Self.chunk - filled)
                }
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw FileFault(errno, path.description) }
                if count == 0 { break }
                filled += count
            }
            let digest = Digest(of: buffer.prefix(filled))
            if parts.isEmpty, filled < Self.chunk { return digest }
            if filled > 0 { parts += digest.octets }
            if filled < Self.chunk { return Digest(of: parts) }
        }
    }
}
