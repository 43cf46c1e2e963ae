// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenAgency

/// How long it takes to start a program that does nothing in the sandbox, its view of a folder included, and to end it;
/// beside bubblewrap alone, with an overlay made by the programs of the system.
enum SandboxStart {
    static func measure(count: Int) async throws {
        let root = NSTemporaryDirectory() + "sandbox-start-\(ProcessInfo.processInfo.processIdentifier)"
        let (folder, memory) = (root + "/workspace", root + "/memory")
        for path in [folder, memory] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: root) }
        for number in 0..<100 { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/file\(number)")) }
        let bare = [
            "bwrap", "--unshare-all", "--ro-bind", "/usr", "/usr", "--ro-bind-try", "/bin", "/bin", "--ro-bind-try",
            "/lib",
            "/lib", "--ro-bind-try", "/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev", "--bind", folder,
            "/workspace",
            "--", "true",
        ]
        let mounting = """
            mount -t tmpfs none "$1" && mkdir "$1/u" "$1/w" && \
            mount -t overlay -o "userxattr,lowerdir=$0,upperdir=$1/u,workdir=$1/w" none "$0" && shift && exec "$@"
            """
        let overlaid = ["unshare", "-Urm", "sh", "-c", mounting, folder, memory] + bare
        let sandbox = Sandbox()
        var times: [String: [Double]] = [:]
        // In turn, so that what else goes on falls on all of them.
        for _ in 0..<count {
            for (name, access): (String, Sandbox.Access) in [("act", .readWrite), ("look", .readOnly)] {
                let duration = try await sandbox.timeToStart(in: folder, access: access).components
                times[name, default: []].append(Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
            }
            times["bare", default: []].append(try seconds { try spawn(bare) })
            times["overlaid", default: []].append(try seconds { try spawn(overlaid) })
        }
        let medians = times.mapValues { Sample($0).median * 1e3 }
        func report(_ what: String, _ name: String) {
            Figure.report("sandboxed start: \(what), p50", medians[name] ?? 0, "ms")
        }
        report("with a copy-on-write view", "act")
        report("with a view to look at", "look")
        report("bare bubblewrap", "bare")
        report("bare bubblewrap with an overlay", "overlaid")
        Figure.report(
            "sandboxed start: copy-on-write view to bare bubblewrap with an overlay",
            (medians["act"] ?? 0) / max(medians["overlaid"] ?? 0, 1e-9),
            "×"
        )
    }

    /// Starts a program of the system and waits for it, with as little of our own as can be.
    private static func spawn(_ words: [String]) throws {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        var status: Int32 = 0
        guard posix_spawnp(&process, words[0], nil, nil, &arguments, environ) == 0,
            waitpid(process, &status, 0) == process,
            status == 0
        else { throw UsageFault("\(words.joined(separator: " ")) failed") }
    }
}
