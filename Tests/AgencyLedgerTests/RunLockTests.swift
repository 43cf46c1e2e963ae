// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import AgencyTestKit
import Foundation
import Testing

@Suite struct RunLockTests {
    @Test func `a second lock is refused and told who holds the first`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/run.lock"
            let lock = try RunLock.acquire(path: path, holder: "agency run\nr-1")
            let error = #expect(throws: LedgerError.self) { _ = try RunLock.acquire(path: path, holder: "rival") }
            #expect(error?.code == .busy)
            #expect(error?.message.contains("process \(getpid()) (agency run?r-1)") == true)
            lock.close()
        }
    }

    @Test func `a lock that is closed can be acquired again`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/run.lock"
            for _ in 0..<3 {
                let lock = try RunLock.acquire(path: path, holder: "one after another")
                lock.close()
                lock.close()
            }
        }
    }

    @Test func `a lock that is let go of is released`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/run.lock"
            do { _ = try RunLock.acquire(path: path, holder: "forgotten") }
            let lock = try RunLock.acquire(path: path, holder: "next")
            lock.close()
        }
    }

    @Test func `a lock file is for its owner alone, and a link is not followed`() async throws {
        try await withTemporaryDirectory { folder in
            let lock = try RunLock.acquire(path: folder + "/run.lock", holder: "owner")
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/run.lock")[.posixPermissions]
            #expect(mode as? Int == 0o600)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.lock",
                withDestinationPath: folder + "/elsewhere"
            )
            let error = #expect(throws: LedgerError.self) {
                _ = try RunLock.acquire(path: folder + "/link.lock", holder: "thief")
            }
            #expect(error?.code == .unavailable)
            lock.close()
        }
    }

    @Test func `a folder that is missing is reported, not made`() async throws {
        try await withTemporaryDirectory { folder in
            let error = #expect(throws: LedgerError.self) {
                _ = try RunLock.acquire(path: folder + "/none/run.lock", holder: "nobody")
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test func `another process is refused, and the death of the holder releases the lock`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/run.lock"
            let pid = Int(getpid())
            let lock = try RunLock.acquire(path: path, holder: "parent")
            await #expect(processExitsWith: .success) { [path = path as String, pid = pid as Int] in
                let error = #expect(throws: LedgerError.self) { _ = try RunLock.acquire(path: path, holder: "child") }
                #expect(error?.code == .busy)
                #expect(error?.message.contains("process \(pid) (parent)") == true)
            }
            lock.close()
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let lock = try RunLock.acquire(path: path, holder: "child")
                kill(getpid(), SIGKILL)
                lock.close()
            }
            let next = try RunLock.acquire(path: path, holder: "next")
            next.close()
        }
    }
}
