// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A contained program that stays and is spoken to in lines.
///
/// It has a session of its own; when it is let go of, it is killed with everything that it has started.
final class ResidentProcess {
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private let errors: Int32
    private let sandbox: Sandbox
    /// What came and is no whole line yet, from which place on it has been searched, and how much has been taken.
    private var pending: [UInt8] = []
    private var searched = 0
    private var complaints: [UInt8] = []
    private var isContained = false
    private var isOver = false
    private static let starting = Mutex(())

    /// Why nothing more is to be had from it.
    enum Failure: Error, Hashable {
        /// It did not answer in time.
        case late
        /// It wrote a line without an end.
        case endless(Int)
        /// It ended, with the end of what it complained of.
        case ended(String)
        /// It had too many processes or took too much memory.
        case outgrown
    }

    /// Starts a command in a sandbox.
    ///
    /// - Throws: ``EnactmentError/Code/sandboxUnavailable`` when it cannot be started.
    init(_ command: [String], in directory: String, access: Sandbox.Access, sandbox: Sandbox) throws(EnactmentError) {
        self.sandbox = sandbox
        let arguments = ["bwrap"] + sandbox.arguments(for: command, in: directory, access: access)
        // One at a time, or a program started meanwhile could hold the ends of the pipes open.
        let (ends, started) = Self.starting.withLock { _ in
            // Writing to a socket of which the other end is closed is an error, where a pipe would end this process.
            let pipes = [Self.socket(), Self.pipe(), Self.pipe()].compactMap(\.self)
            guard pipes.count == 3 else {
                return (pipes.flatMap { [$0.read, $0.write] }, (process: pid_t(0), status: errno))
            }
            let theirs = [pipes[0].read, pipes[1].write, pipes[2].write]
            defer { theirs.forEach { _ = close($0) } }
            let ours = [pipes[0].write, pipes[1].read, pipes[2].read]
            return (ours, Self.spawn(arguments, Program.cleanEnvironment, theirs))
        }
        guard started.status == 0 else {
            ends.forEach { _ = close($0) }
            let why = String(cString: strerror(started.status))
            throw EnactmentError(.sandboxUnavailable, "bubblewrap cannot be started: \(why)")
        }
        (process, input, output, errors) = (started.process, ends[0], ends[1], ends[2])
        for end in [input, output, errors] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
    }

    deinit {
        _ = kill(-process, SIGKILL)
        for end in [input, output, errors] { close(end) }
        while waitpid(process, nil, 0) == -1, errno == EINTR {}
    }

    /// The end of what it wrote to its standard error, on one line.
    var lastWords: String { Capture.repaired(Array(complaints.suffix(600))).trimmingWhitespace.escaped(limit: 400) }

    /// Writes a line; blocks until all of it is taken.
    func write(_ line: [UInt8], until end: ContinuousClock.Instant) throws(Failure) {
        var rest = (line + [0x0A])[...]
        while !rest.isEmpty {
            try wait(for: input, Int16(POLLOUT), until: end)
            let count = rest.withUnsafeBytes { Glibc.send(input, $0.baseAddress, $0.count, Self.withoutSignal) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EAGAIN, errno != EINTR {
                throw over()
            }
        }
    }

    /// Reads a line of at most so many bytes, without its end; blocks until there is one.
    func line(limit: Int, until end: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        while true {
            if let line = try take(limit: limit) { return line }
            if isOver { throw over() }
            try wait(for: output, Int16(POLLIN), until: end)
            guard let bytes = Self.read(output) else { continue }
            if bytes.isEmpty { isOver = true } else { pending += bytes }
        }
    }

    private func take(limit: Int) throws(Failure) -> [UInt8]? {
        if !isContained {
            // Bubblewrap's own word from inside comes before anything of the program's.
            let sign = Array(Sandbox.signOfLife.utf8)
            guard pending.count >= sign.count else { return nil }
            guard pending.starts(with: sign) else { throw over() }
            pending.removeFirst(sign.count)
            isContained = true
        }
        guard let place = pending[searched...].firstIndex(of: 0x0A) else {
            searched = pending.count
            if pending.count > limit { throw .endless(limit) }
            return nil
        }
        var line = Array(pending[..<place])
        pending.removeFirst(place + 1)
        searched = 0
        if line.last == 0x0D { line.removeLast() }
        if line.count > limit { throw .endless(limit) }
        return line
    }

    /// Whether a line is there without waiting.
    func hasLine() -> Bool {
        if !isOver, let bytes = Self.read(output) {
            if bytes.isEmpty { isOver = true } else { pending += bytes }
        }
        return isContained && pending.contains(0x0A)
    }

    private func over() -> Failure {
        hear()
        return .ended(lastWords)
    }

    private func hear() {
        while let bytes = Self.read(errors), !bytes.isEmpty { complaints = Array((complaints + bytes).suffix(4096)) }
    }

    /// Waits until a descriptor is ready, and meanwhile hears complaints and counts what the program takes.
    private func wait(for descriptor: Int32, _ event: Int16, until end: ContinuousClock.Instant) throws(Failure) {
        var isErrorsOpen = true
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { throw .late }
            var descriptors = [
                pollfd(fd: descriptor, events: event, revents: 0),
                pollfd(fd: isErrorsOpen ? errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            let milliseconds = min(Int32(200), Int32(clamping: left.components.seconds * 1000 + 50))
            let count = poll(&descriptors, 2, milliseconds)
            if descriptors[1].revents != 0 {
                if let bytes = Self.read(errors) {
                    if bytes.isEmpty { isErrorsOpen = false }
                    complaints = Array((complaints + bytes).suffix(4096))
                }
            }
            if descriptors[0].revents != 0 { return }
            if count == 0 {
                let (processes, bytes) = ProcessTree(root: process).measure(upTo: sandbox.limits.processes + 2)
                if processes > sandbox.limits.processes + 2 || bytes > sandbox.limits.residentBytes { throw .outgrown }
            }
        }
    }

    /// What can be read now; empty at the end, `nil` when there is nothing yet.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR ? nil : [] }
        buffer.removeLast(buffer.count - count)
        return buffer
    }

    /// MSG_NOSIGNAL of Linux, whose type is not the same in all libraries.
    private static let withoutSignal: Int32 = 0x4000

    /// Both ends of a socket pair, theirs to read from first.
    private static func socket() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Starts a program in a session of its own, without a shell.
    private static func spawn(
        _ command: [String],
        _ environment: [String: String],
        _ descriptors: [Int32]
    ) -> (process: pid_t, status: Int32) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // What this process ignores or blocks is not for the program to ignore or block.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // POSIX_SPAWN_SETSID of glibc and musl, which is not imported under its name by both.
        let flags = Int32(0x80) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = 0
        let status = posix_spawnp(&process, command[0], &actions, &attributes, &arguments, &variables)
        return (process, status)
    }
}
