// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Ends a process from any thread, and never another one that got its number later.
final class Leash: Sendable {
    private struct State {
        var process: Int32?
        var isPulled = false
    }

    private let state = Mutex(State())

    /// Whether the process was to end, whatever it did.
    var isPulled: Bool { state.withLock { $0.isPulled } }

    /// Ends the process, or the one that is put on the leash later.
    func pull() {
        state.withLock {
            $0.isPulled = true
            if let process = $0.process { kill(process, SIGKILL) }
        }
    }

    func put(_ process: Int32) {
        state.withLock {
            $0.process = process
            if $0.isPulled { kill(process, SIGKILL) }
        }
    }

    /// Ends the process without a word on it.
    func end() { state.withLock { if let process = $0.process { kill(process, SIGKILL) } } }

    /// Waits for the end of the process and takes it off the leash.
    ///
    /// - Returns: Its exit status, or 128 and the number of the signal.
    func reap() -> Int {
        // Waited for without the lock, so that it can still be ended; it keeps its number until it is reaped.
        guard let process = state.withLock({ $0.process }) else { return -1 }
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return state.withLock {
            $0.process = nil
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            let signal = Int(status & 0x7F)
            return signal == 0 ? Int(status >> 8 & 0xFF) : 128 + signal
        }
    }
}
