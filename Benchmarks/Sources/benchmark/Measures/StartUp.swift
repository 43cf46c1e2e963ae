// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenAgency

/// How long a program takes from its start to its end when it is only asked for help.
enum StartUp {
    static func measure(_ program: String, count: Int) throws {
        guard !program.isEmpty else { throw UsageFault("name the program with --program") }
        try run([program, "--help"])
        // In turn, so that whatever else the machine does falls on both alike.
        var helps: [Double] = []
        var nothings: [Double] = []
        for _ in 0..<count {
            helps.append(try seconds { try run([program, "--help"]) })
            nothings.append(try seconds { try run(["/bin/true"]) })
        }
        Figure.report("agency --help, p50", Sample(helps).median * 1000, "ms")
        Figure.report("agency --help, least", Sample(helps).least * 1000, "ms")
        Figure.report("floor: /bin/true, p50", Sample(nothings).median * 1000, "ms")
        Figure.report("floor: /bin/true, least", Sample(nothings).least * 1000, "ms")
    }

    private static func run(_ words: [String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        // The global `environ` is not safe to read beside other threads.
        var environment: [UnsafeMutablePointer<CChar>?] =
            ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child = pid_t()
        let fault = posix_spawn(&child, words[0], &actions, nil, &arguments, &environment)
        guard fault == 0 else { throw POSIXError(POSIXErrorCode(rawValue: fault) ?? .EIO) }
        var status: Int32 = 0
        guard waitpid(child, &status, 0) == child, status == 0 else {
            throw UsageFault("\(words.joined(separator: " ")) ended with status \(status)")
        }
    }
}
