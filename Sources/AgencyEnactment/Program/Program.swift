// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Subprocess

/// One run of one program of the system, with a clean environment and bounds on all that it may do to us.
struct Program: Sendable {
    /// The name of the program, looked up in the system's folders only.
    var name: String
    var arguments: [String]
    var environment: [String: String] = Self.cleanEnvironment
    var limits = Limits()
    /// Whether the standard error goes where the output goes, in the order in which they were written.
    var mergesErrors = false

    static let cleanEnvironment = [
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
    ]

    struct Limits: Sendable {
        /// Wall time.
        var seconds: Double = 120
        /// Bytes of output kept from the beginning and from the end.
        var head = 128 << 10
        var tail = 128 << 10
        /// Bytes of output after which the program is stopped.
        var flood = 64 << 20
        /// Bounds over the whole tree of processes, or `nil` when nobody watches them.
        var processes: Int?
        var residentBytes: Int?
        /// The byte to be counted in the output.
        var mark: UInt8 = 0x0A
    }

    struct Outcome: Sendable {
        /// The exit status, or 128 and the number of the signal.
        var status: Int
        var output: Capture
        var errors: Capture
        var ending: Ending
        /// What else is to be said of it: what was not kept of its changes, and why.
        var notes: [String] = []
        /// What it had to do with hosts, of a program that may reach some.
        var connections: [NetworkConnection]?
    }

    enum Ending: Sendable, Hashable {
        case exited, late, flooded, crowded, swollen
    }

    /// Runs the program to its end, or stops it with all its descendants at the first bound it meets.
    ///
    /// - Throws: `SubprocessError` when it cannot be started; `CancellationError`, with the tree gone.
    func run() async throws -> Outcome {
        if mergesErrors {
            try await launch(errors: .combinedWithOutput) { _ in nil }
        } else {
            try await launch(errors: .sequence) { $0.standardError }
        }
    }

    private enum Report: Sendable {
        case output(Capture, flooded: Bool)
        case errors(Capture, flooded: Bool)
        case stop(Ending)
    }

    private func launch<Errors: ErrorOutputProtocol>(
        errors: Errors,
        stream: @Sendable (Execution<NoInput, SequenceOutput, Errors>) -> SubprocessOutputSequence?
    ) async throws -> Outcome {
        var options = PlatformOptions()
        // Both together or neither: without a session of its own, the group of the program includes us.
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        var custom: [Environment.Key: String] = [:]
        for (key, value) in environment { custom[.init(stringLiteral: key)] = value }
        let result = try await Subprocess.run(
            .name(name),
            arguments: Arguments(arguments),
            environment: .custom(custom),
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: errors
        ) { execution in
            try await follow(execution, errors: stream(execution))
        }
        // A program that was killed because the task was cancelled has no outcome.
        try Task.checkCancellation()
        let (output, errors, ending) = result.closureResult
        let status: Int
        switch result.terminationStatus {
        case .exited(let code): status = Int(code)
        case .signaled(let signal): status = 128 + Int(signal)
        }
        return Outcome(status: status, output: output, errors: errors, ending: ending)
    }

    private func follow<Errors: ErrorOutputProtocol>(
        _ execution: Execution<NoInput, SequenceOutput, Errors>,
        errors: SubprocessOutputSequence?
    ) async throws -> (Capture, Capture, Ending) {
        let limits = limits
        let output = execution.standardOutput
        let process = execution.processIdentifier.value
        return try await withThrowingTaskGroup(of: Report.self) { group in
            var reading = 1
            group.addTask {
                let (capture, flooded) = try await Self.collect(output, limits)
                return .output(capture, flooded: flooded)
            }
            if let errors {
                reading += 1
                group.addTask {
                    let (capture, flooded) = try await Self.collect(errors, limits)
                    return .errors(capture, flooded: flooded)
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(limits.seconds))
                return .stop(.late)
            }
            if limits.processes != nil || limits.residentBytes != nil {
                group.addTask { .stop(try await Self.watch(ProcessTree(root: process), limits)) }
            }
            var captured = (Capture(head: 0, tail: 0), Capture(head: 0, tail: 0), Ending.exited)
            while reading > 0, let report = try await group.next() {
                var stop: Ending?
                switch report {
                case .output(let capture, let flooded):
                    captured.0 = capture
                    reading -= 1
                    if flooded { stop = .flooded }
                case .errors(let capture, let flooded):
                    captured.1 = capture
                    reading -= 1
                    if flooded { stop = .flooded }
                case .stop(let ending): stop = ending
                }
                guard let stop, captured.2 == .exited else { continue }
                captured.2 = stop
                // A program that ended by itself in the meantime is no fault.
                try? execution.send(signal: .kill, toProcessGroup: true)
            }
            group.cancelAll()
            return captured
        }
    }

    private static func collect(
        _ stream: SubprocessOutputSequence,
        _ limits: Limits
    ) async throws -> (Capture, flooded: Bool) {
        var capture = Capture(head: limits.head, tail: limits.tail, counting: limits.mark)
        for try await buffer in stream {
            buffer.withUnsafeBytes { capture.append($0) }
            if capture.total > limits.flood { return (capture, true) }
        }
        return (capture, false)
    }

    private static func watch(_ tree: ProcessTree, _ limits: Limits) async throws -> Ending {
        while true {
            let (processes, bytes) = tree.measure(upTo: limits.processes ?? .max - 1)
            if let most = limits.processes, processes > most { return .crowded }
            if let most = limits.residentBytes, bytes > most { return .swollen }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
