// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that stays: it is asked in lines on its standard input and answers each in a line on its standard output.
///
/// It runs in a session of its own. When it is let go of, its standard input is closed and it is killed with everything
/// that it has started.
final class ResidentProgram: Sendable {
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private let errors: Int32
    private let isStopped = Mutex(false)
    private static let starting = Mutex(())

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - command: Its path, or its name to be looked up in `PATH`, and its arguments.
    ///   - environment: All of its environment.
    /// - Throws: ``PerformerError`` with `.programFailed` when it cannot be started.
    init(_ command: [String], environment: [String: String]) throws(PerformerError) {
        // One at a time, or a program started meanwhile could hold the ends of the pipes open.
        let (ends, started) = Self.starting.withLock { _ in
            let pipes = (0..<3).compactMap { _ in Self.pipe() }
            guard pipes.count == 3 else { return (pipes.flatMap { [$0.read, $0.write] }, (pid_t(0), errno)) }
            let theirs = [pipes[0].read, pipes[1].write, pipes[2].write]
            defer { theirs.forEach { _ = close($0) } }
            return (
                [pipes[0].write, pipes[1].read, pipes[2].read],
                Self.spawn(command, environment, descriptors: theirs)
            )
        }
        guard started.1 == 0 else {
            ends.forEach { _ = close($0) }
            throw Self.failure(command, started.1)
        }
        // A program that reads slowly must not keep a thread for longer than its time.
        for end in ends { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
        (process, input, output, errors) = (started.0, ends[0], ends[1], ends[2])
    }

    deinit {
        stop()
        for end in [input, output, errors] { close(end) }
        while waitpid(process, nil, 0) == -1, errno == EINTR {}
    }

    /// Kills it and everything that it has started; whoever waits for an answer gets none.
    func stop() {
        isStopped.withLock { isStopped in
            if !isStopped { _ = kill(-process, SIGKILL) }
            isStopped = true
        }
    }

    /// Asks a question and waits for the answer; blocks.
    ///
    /// - Parameters:
    ///   - line: The question, without the end of the line.
    ///   - seconds: The longest time to wait.
    ///   - limit: The most bytes of an answer.
    /// - Returns: The answer, without the end of the line.
    /// - Throws: ``PerformerError`` with `.timeout`, `.tooLarge` or `.programFailed`; the program cannot be asked again.
    func ask(_ line: [UInt8], seconds: Double, limit: Int) throws(PerformerError) -> [UInt8] {
        let end = Self.now() + seconds
        var question = (line + [UInt8(ascii: "\n")])[...]
        var answer: [UInt8] = []
        var complaints: [UInt8] = []
        while true {
            let left = end - Self.now()
            guard left > 0 else { throw PerformerError(.timeout, "the program gave no answer in \(seconds) s") }
            var descriptors = [
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
                pollfd(fd: question.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
            ]
            guard poll(&descriptors, 3, Int32(min(left * 1000 + 1, 60_000))) >= 0 || errno == EINTR else {
                throw PerformerError(.programFailed, "the program cannot be waited for (error \(errno))")
            }
            if descriptors[1].revents != 0, let bytes = Self.read(errors) {
                complaints = Array((complaints + bytes).suffix(4096))
            }
            if descriptors[2].revents != 0 {
                let count = question.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
                if count > 0 { question.removeFirst(count) } else if errno == EPIPE { question = [] }
            }
            guard descriptors[0].revents != 0 else { continue }
            guard let bytes = Self.read(output) else { continue }
            guard !bytes.isEmpty else {
                throw ProgramPerformer.failure("the program ended", complaints + (Self.read(errors) ?? []))
            }
            answer += bytes
            guard answer.count <= limit else {
                throw PerformerError(.tooLarge, "the program wrote more than \(limit) bytes")
            }
            guard let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) else { continue }
            guard newline == bytes.endIndex - 1 else {
                throw PerformerError(.protocolViolation, "the program wrote more than one line for a question")
            }
            answer.removeLast()
            return answer
        }
    }

    /// What can be read now; empty at the end, `nil` when there is nothing yet.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0) }
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR ? nil : [] }
        buffer.removeLast(buffer.count - count)
        return buffer
    }

    private static func recv(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
        Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func failure(_ command: [String], _ code: Int32) -> PerformerError {
        let name = (command.first ?? "").boundedLine(120)
        return PerformerError(
            .programFailed,
            "the program \(name) cannot be started: \(String(cString: strerror(code)))"
        )
    }
}
