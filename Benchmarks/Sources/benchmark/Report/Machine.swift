// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// What is measured on, and what this process takes of it.
enum Machine {
    /// Cores, processor, kernel, file system and SQLite, in a line; no names and no paths.
    static var words: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let processor = field("model name", in: "/proc/cpuinfo") ?? "unknown processor"
        let memory = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
        let sqlite = try? DatabaseQueue().read { db in try String.fetchOne(db, sql: "SELECT sqlite_version()") }
        return """
            \(cores) cores (\(processor)), \(String(format: "%.0f", memory)) GiB, \(kernel), \(fileSystem) for the ledgers, \
            SQLite \(sqlite ?? "unknown")
            """
    }

    private static var kernel: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown kernel" }
        func text<Field>(_ field: Field) -> String {
            withUnsafeBytes(of: field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(names.sysname)) \(text(names.release))"
    }

    /// The type of the file system under the folder for temporary files.
    private static var fileSystem: String {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
        let fitting = mounts.split(separator: "\n").map { $0.split(separator: " ") }.filter { fields in
            guard fields.count > 2 else { return false }
            let place = fields[1] == "/" ? "" : fields[1]
            return folder == place || folder.hasPrefix(place + "/")
        }
        // The last of the longest is what is mounted on top.
        return fitting.max { $0[1].count <= $1[1].count }.map { String($0[2]) } ?? "unknown file system"
    }

    /// The most memory that this process has ever had resident, in MiB.
    static var peakMemory: Double {
        let words = field("VmHWM", in: "/proc/self/status")?.split(separator: " ") ?? []
        return (words.first.flatMap { Double($0) } ?? .nan) / 1024
    }

    /// The seconds that processors have spent on this process, its children not counted.
    static var processorSeconds: Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return .nan }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// Lets this process open as many files as it may at all.
    static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func field(_ name: String, in path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        return line.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
