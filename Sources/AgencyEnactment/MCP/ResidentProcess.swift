// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A contained program that stays and is spoken to in lines, by one at a time.
///
/// When it is let go of, it is ended with everything that it has started.
final class ResidentProcess {
    private let residence: Residence
    private let limits: Sandbox.Limits
    private let mask: SecretMask?
    /// What came and is no whole line yet, from which place on it has been searched, and how much has been taken.
    private var pending: [UInt8] = []
    private var searched = 0
    /// The end of what it complained of, and how many bytes that was in all.
    private var complaints: [UInt8] = []
    private var complained = 0
    private var isContained = false
    private var isOver = false

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
        limits = sandbox.limits
        mask = SecretMask(sandbox.secrets)
        residence = try sandbox.start(command, in: directory, access: access)
    }

    /// Closes its input, waits until it has ended by itself, and carries over what it changed.
    ///
    /// - Returns: What became of it; `nil` when it did not end in time, and nothing was carried over.
    /// - Throws: ``FileFault`` when the changes could not be carried over: some of them may have been.
    func close(within seconds: Double) throws -> Program.Outcome? {
        try residence.leave(within: seconds, flood: limits.floodBytes)
    }

    /// What it had to do with hosts; none can be reached afterwards.
    var connections: [NetworkConnection]? { residence.connections }

    /// The end of what it wrote to its standard error, on one line.
    var lastWords: String {
        var words = complaints
        if let mask {
            // Of a value whose beginning was not kept nothing is shown.
            let first = complained > words.count ? min(mask.longest, words.count) : 0
            words = mask.masked(words, first..<words.count)
        }
        return Capture.repaired(Array(words.suffix(600))).trimmingWhitespace.escaped(limit: 400)
    }

    /// Writes a line; blocks until all of it is taken.
    func write(_ line: [UInt8], until end: ContinuousClock.Instant) throws(Failure) {
        var rest = (line + [0x0A])[...]
        while !rest.isEmpty {
            try wait(for: residence.input, Int16(POLLOUT), until: end)
            let count = rest.withUnsafeBytes {
                Glibc.send(residence.input, $0.baseAddress, $0.count, Self.withoutSignal)
            }
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
            try wait(for: residence.output, Int16(POLLIN), until: end)
            guard let bytes = Self.read(residence.output) else { continue }
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
        return mask.map { Self.masked(line, $0) } ?? line
    }

    /// A line in which no secret is left, whatever way of JSON it is written in.
    private static func masked(_ line: [UInt8], _ mask: SecretMask) -> [UInt8] {
        let line = mask.finds(line) ? mask.masked(line) : line
        guard let json = try? JSONValue(parsing: line) else { return line }
        let masked = mask.masked(json)
        return masked == json ? line : masked.compactBytes
    }

    /// Whether a line is there without waiting.
    func hasLine() -> Bool {
        if !isOver, let bytes = Self.read(residence.output) {
            if bytes.isEmpty { isOver = true } else { pending += bytes }
        }
        return isContained && pending.contains(0x0A)
    }

    private func over() -> Failure {
        hear()
        return residence.bound(within: 1) == nil ? .ended(lastWords) : .outgrown
    }

    private func hear() {
        while let bytes = Self.read(residence.errors), !bytes.isEmpty { keep(bytes) }
    }

    private func keep(_ bytes: [UInt8]) {
        complained += bytes.count
        complaints = Array((complaints + bytes).suffix(4096 + (mask?.longest ?? 0)))
    }

    /// Waits until a descriptor is ready, and meanwhile hears complaints.
    private func wait(for descriptor: Int32, _ event: Int16, until end: ContinuousClock.Instant) throws(Failure) {
        var isErrorsOpen = true
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { throw .late }
            var descriptors = [
                pollfd(fd: descriptor, events: event, revents: 0),
                pollfd(fd: isErrorsOpen ? residence.errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            let milliseconds = min(Int32(200), Int32(clamping: left.components.seconds * 1000 + 50))
            poll(&descriptors, 2, milliseconds)
            if descriptors[1].revents != 0 {
                if let bytes = Self.read(residence.errors) {
                    if bytes.isEmpty { isErrorsOpen = false }
                    keep(bytes)
                }
            }
            if descriptors[0].revents != 0 { return }
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
}
