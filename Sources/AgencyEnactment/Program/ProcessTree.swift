// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A process with all its descendants, as `/proc` shows them.
///
/// The kernel's own limit on processes does not bind the superuser, whatever the name inside a sandbox, and its limit on
/// memory binds each process alone; hence this second, slower one over the whole tree.
struct ProcessTree: Sendable {
    let root: Int32

    /// Counts processes and their resident memory, no further than a few beyond the limit.
    func measure(upTo limit: Int) -> (processes: Int, residentBytes: Int) {
        var waiting = [root]
        var seen = 0
        var pages = 0
        while let process = waiting.popLast(), seen <= limit {
            seen += 1
            pages += Self.residentPages(process)
            waiting.append(contentsOf: Self.children(process))
        }
        return (seen + waiting.count, pages * Int(sysconf(Int32(_SC_PAGESIZE))))
    }

    private static func residentPages(_ process: Int32) -> Int {
        numbers("/proc/\(process)/statm").dropFirst().first ?? 0
    }

    private static func children(_ process: Int32) -> [Int32] {
        var found: [Int32] = []
        guard let tasks = opendir("/proc/\(process)/task") else { return [] }
        defer { closedir(tasks) }
        while let entry = readdir(tasks) {
            let name = DirectoryEntry.name(entry)
            guard let task = Int32(String(decoding: name, as: UTF8.self)) else { continue }
            found += numbers("/proc/\(process)/task/\(task)/children").map(Int32.init(truncatingIfNeeded:))
        }
        return found
    }

    private static func numbers(_ path: String) -> [Int] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return [] }
        return buffer[..<count].split { $0 == 0x20 || $0 == 0x0A }.compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
    }
}
