// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// An interruption from the keyboard or by SIGTERM, upon which work ends in good order: programs that were started are
/// ended too, which a plain death of this process would leave behind.
enum Interruption {
    /// How many signals have come; set by a signal handler, which may do little else.
    private static let signals = Atomic<Int>(0)
    private static let numbers = [SIGINT, SIGTERM]

    /// Works until done or interrupted.
    ///
    /// A second signal, or one while a person is asked, ends the process at once, and so does work that will not end.
    ///
    /// - Throws: `CancellationError` when interrupted; what the work throws.
    static func heeded(_ work: @escaping @Sendable () async throws -> Void) async throws {
        // Read once before the handler can: the first access to a static property is more than a handler may do.
        _ = signals.load(ordering: .relaxed)
        for number in numbers {
            signal(number) { _ in Interruption.signals.wrappingAdd(1, ordering: .relaxed) }
        }
        defer { for number in numbers { signal(number, SIG_DFL) } }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask { try await watch() }
            guard try await group.next() == false else { return group.cancelAll() }
            // Whoever presses the keys again, or waits in vain, wants it to end at whatever price.
            for number in numbers { signal(number, SIG_DFL) }
            DispatchQueue.global().asyncAfter(deadline: .now() + 5) { Foundation.exit(ExitStatus.interrupted.code) }
            group.cancelAll()
            _ = try? await group.next()
            throw CancellationError()
        }
    }

    /// Works until done; a signal has the work stop in its own good order, within a bound.
    ///
    /// A second signal ends the process at once, and so does work that has not stopped when the time is over.
    ///
    /// - Parameters:
    ///   - bound: How long stopping may take.
    ///   - stop: Asks the work to stop.
    ///   - work: The work.
    /// - Returns: Whether it was asked to stop.
    /// - Throws: what the work throws.
    static func stopped(
        within bound: Duration,
        by stop: @Sendable () -> Void,
        _ work: @escaping @Sendable () async throws -> Void
    ) async throws -> Bool {
        _ = signals.load(ordering: .relaxed)
        for number in numbers {
            signal(number) { _ in Interruption.signals.wrappingAdd(1, ordering: .relaxed) }
        }
        defer { for number in numbers { signal(number, SIG_DFL) } }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask { try await watch() }
            defer { group.cancelAll() }
            guard try await group.next() == false else { return false }
            for number in numbers { signal(number, SIG_DFL) }
            let seconds = bound / .seconds(1)
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { Foundation.exit(ExitStatus.waiting.code) }
            stop()
            _ = try await group.next()
            return true
        }
    }

    /// Waits for a person's words; a signal ends the process meanwhile, as there is little to be put in order.
    static func whileAsking<Value>(_ ask: () -> Value) -> Value {
        let handlers = numbers.map { ($0, signal($0, SIG_DFL)) }
        defer { for (number, handler) in handlers { signal(number, handler) } }
        return ask()
    }

    private static func watch() async throws -> Bool {
        while signals.load(ordering: .relaxed) == 0 { try await Task.sleep(for: .milliseconds(50)) }
        return false
    }
}
