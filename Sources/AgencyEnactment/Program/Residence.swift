// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A contained program that stays and is spoken to, on a thread of its own.
///
/// The kernel ends the program when the thread that started it ends; so that thread waits for the end, watches over the bounds
/// meanwhile, and then carries over what was changed, if whoever had the program says so.
final class Residence: Sendable {
    /// What carries over the changes of a program that has ended.
    typealias Harvest = @Sendable (Program.Outcome, _ changes: Int32?, _ isCopy: Bool) throws -> Program.Outcome

    /// Our ends of what it reads, which is a socket, of what it prints and of what it complains of.
    ///
    /// None of them waits.
    let input: Int32
    let output: Int32
    let errors: Int32
    private let stay: Stay

    /// Starts a program; blocks until it has begun.
    ///
    /// - Throws: ``ContainedProgram/Failure`` when it did not begin.
    init(_ program: ContainedProgram, harvest: @escaping Harvest) throws {
        let stay = Stay()
        DispatchQueue(label: "org.openagency.resident").async {
            let result = Result {
                try program.runHere(stay.leash) { handles in
                    stay.begin(handles)
                    let ending = program.watch(handles, stay.leash)
                    stay.gone.leave()
                    let nothing = Capture(head: 0, tail: 0)
                    return Program.Outcome(status: 0, output: nothing, errors: nothing, ending: ending)
                } _: { outcome, changes, isCopy in
                    guard stay.awaitVerdict() else { return outcome }
                    return try harvest(outcome, changes, isCopy)
                }
            }
            stay.finish(result)
        }
        stay.begun.wait()
        let ends = stay.state.withLock { $0.ends }
        guard ends.count == 3 else {
            // It did not begin, so that the thread waits for no word.
            stay.over.wait()
            _ = try stay.state.withLock { $0.result }?.get()
            throw ContainedProgram.Failure.noChannel
        }
        (input, output, errors) = (ends[0], ends[1], ends[2])
        self.stay = stay
    }

    deinit {
        cut()
        for end in [input, output, errors] { close(end) }
    }

    /// What it had to do with hosts, once it is to end.
    var connections: [NetworkConnection]? { stay.state.withLock { $0.proxy }?.finish() }

    /// Why it was ended, when it was at a bound.
    func bound(within seconds: Double) -> Program.Ending? {
        guard stay.gone.wait(timeout: .now() + seconds) == .success else { return nil }
        stay.decide(false)
        stay.over.wait()
        guard case .success(let outcome) = stay.state.withLock({ $0.result }) else { return nil }
        return outcome.ending == .exited ? nil : outcome.ending
    }

    /// Closes its input, waits until it has ended by itself, and carries over what it changed.
    ///
    /// - Parameters:
    ///   - seconds: The longest time to wait.
    ///   - flood: The most bytes that it may still write.
    /// - Returns: What became of it; `nil` when it had to be ended, and nothing was carried over.
    /// - Throws: What the harvest throws.
    func leave(within seconds: Double, flood: Int) throws -> Program.Outcome? {
        let end = ContinuousClock.now + .seconds(seconds)
        shutdown(input, Int32(SHUT_WR))
        drain(until: end, most: flood)
        let left = ContinuousClock.now.duration(to: end) / .seconds(1)
        guard stay.gone.wait(timeout: .now() + max(0, left)) == .success else {
            cut()
            return nil
        }
        stay.decide(true)
        stay.over.wait()
        return try stay.state.withLock { $0.result }?.get()
    }

    /// Ends it with everything that it started; nothing that it changed comes out.
    func cut() {
        stay.leash.pull()
        stay.decide(false)
        stay.over.wait()
    }

    /// Takes what it still writes, so that nothing keeps it from ending.
    private func drain(until end: ContinuousClock.Instant, most: Int) {
        var waiting = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var taken = 0
        while waiting.contains(where: { $0.fd >= 0 }), ContinuousClock.now < end, taken <= most {
            guard poll(&waiting, 2, 100) > 0 else {
                if stay.gone.wait(timeout: .now()) == .success { return }
                continue
            }
            for index in waiting.indices where waiting[index].revents != 0 {
                let count = read(waiting[index].fd, &buffer, buffer.count)
                taken += max(0, count)
                if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { waiting[index].fd = -1 }
            }
        }
    }

    /// What the thread and whoever has the program know of each other.
    private final class Stay: Sendable {
        struct State {
            var ends: [Int32] = []
            var isBegun = false
            var proxy: Proxy?
            var verdict: Bool?
            var result: Result<Program.Outcome, any Error>?
        }

        let leash = Leash()
        let state = Mutex(State())
        let begun = DispatchSemaphore(value: 0)
        private let told = DispatchSemaphore(value: 0)
        /// Left when the process has ended, and when the thread has done all.
        let gone = DispatchGroup()
        let over = DispatchGroup()

        init() {
            gone.enter()
            over.enter()
        }

        func begin(_ handles: ContainedProgram.Handles) {
            // Ends of our own, because those of the thread are closed when the program has ended.
            let ends = [handles.input, handles.output, handles.errors].map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
            let areOpen = ends.allSatisfy { $0 >= 0 }
            if !areOpen {
                for end in ends where end >= 0 { close(end) }
                leash.pull()
            }
            state.withLock {
                $0.isBegun = true
                $0.proxy = handles.proxy
                if areOpen { $0.ends = ends } else { $0.verdict = false }
            }
            if !areOpen { told.signal() }
            begun.signal()
        }

        /// Says, once, whether what the program changed is to be carried over.
        func decide(_ keeps: Bool) {
            let isFirst = state.withLock {
                guard $0.verdict == nil else { return false }
                $0.verdict = keeps
                return true
            }
            if isFirst { told.signal() }
        }

        func awaitVerdict() -> Bool {
            told.wait()
            return state.withLock { $0.verdict } == true
        }

        func finish(_ result: Result<Program.Outcome, any Error>) {
            let wasBegun = state.withLock {
                $0.result = result
                return $0.isBegun
            }
            if !wasBegun {
                gone.leave()
                begun.signal()
            }
            over.leave()
        }
    }
}

extension ContainedProgram {
    /// Waits until the process has ended, and ends it at the first bound it meets.
    fileprivate func watch(_ handles: Handles, _ leash: Leash) -> Program.Ending {
        let tree = ProcessTree(root: handles.number)
        var ending = Program.Ending.exited
        var waiting = [pollfd(fd: handles.process, events: Int16(POLLIN), revents: 0)]
        while poll(&waiting, 1, 250) <= 0 {
            guard ending == .exited, let why = excess(of: tree) else { continue }
            ending = why
            leash.end()
        }
        return ending
    }
}
