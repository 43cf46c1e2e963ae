// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension ContainedProgram {
    /// Reads the output until the process has ended, and ends it at the first bound it meets.
    func follow(_ output: Int32, _ process: Int32, _ leash: Leash, _ number: Int32) -> Program.Outcome {
        var capture = Capture(head: limits.head, tail: limits.tail, counting: limits.mark)
        var ending = Program.Ending.exited
        let tree = ProcessTree(root: number)
        let begin = ContinuousClock.now
        let deadline = begin + .seconds(min(limits.seconds, 1e9))
        var look = begin + .milliseconds(20)
        var waiting = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: process, events: Int16(POLLIN), revents: 0),
        ]
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        func stop(_ why: Program.Ending) {
            if ending == .exited { ending = why }
            leash.end()
        }
        /// Takes what there is; returns whether there may be more later.
        func read() -> Bool {
            while true {
                let count = Glibc.read(output, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 && errno == EAGAIN }
                buffer.withUnsafeBytes { capture.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                guard capture.total <= limits.flood else {
                    stop(.flooded)
                    return false
                }
            }
        }
        var (told, nextTelling) = (0, begin + Telling.period)
        while waiting[1].revents == 0 {
            let now = ContinuousClock.now
            if let telling, now >= nextTelling, capture.total != told {
                (told, nextTelling) = (capture.total, now + Telling.period)
                telling(capture)
            }
            if ending == .exited, now >= deadline { stop(.late) }
            if ending == .exited, now >= look {
                if let why = excess(of: tree) { stop(why) }
                look = ContinuousClock.now + .milliseconds(50)
            }
            let pause = ending == .exited ? min(deadline, look) - now : .seconds(1)
            let (seconds, attoseconds) = pause.components
            poll(&waiting, 2, Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)))
            if waiting[0].revents != 0, !read() { waiting[0].fd = -1 }
        }
        // What was written before the end is still to be had, and nobody is left who could write more.
        if waiting[0].fd >= 0 { _ = read() }
        return Program.Outcome(status: 0, output: capture, errors: Capture(head: 0, tail: 0), ending: ending)
    }

    func excess(of tree: ProcessTree) -> Program.Ending? {
        guard limits.processes != nil || limits.residentBytes != nil else { return nil }
        let (processes, bytes) = tree.measure(upTo: limits.processes ?? .max - 1)
        if let most = limits.processes, processes > most { return .crowded }
        if let most = limits.residentBytes, bytes > most { return .swollen }
        return nil
    }
}
