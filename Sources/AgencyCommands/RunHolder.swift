// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import Foundation

/// The process of this machine that holds a run, with every program that it has started.
struct RunHolder: Sendable {
    /// The lock file that it keeps open.
    let lock: String

    /// Whether there is one.
    var isThere: Bool { process() != nil }

    /// Asks it to end in good order, and then makes it end, with all below it.
    ///
    /// - Parameter patience: How long it may take to end by itself.
    func end(within patience: Duration) async {
        guard let process = process() else { return }
        kill(process, SIGTERM)
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        while clock.now < deadline {
            guard self.process() == process else { return }
            // Whoever cancels this wants it over: then there is no patience left.
            do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
        }
        guard self.process() == process else { return }
        // Stood still first, so that it starts nothing while what it has started is looked for.
        kill(process, SIGSTOP)
        for _ in 0..<10 {
            let below = Self.below(process)
            guard !below.isEmpty else { break }
            for one in below { kill(one, SIGSTOP) }
            for one in below { kill(one, SIGKILL) }
            // What is dead stays listed until its parent takes note, which the stopped one does not.
            if Self.below(process).allSatisfy(Self.isDead) { break }
        }
        kill(process, SIGKILL)
    }

    /// The process that the lock names, if it has that very file open: a number alone could be another's by now, or one of
    /// another machine.
    private func process() -> Int32? {
        guard let text = FileManager.default.contents(atPath: lock).map({ String(decoding: $0, as: UTF8.self) }),
            let process = text.split(separator: "\n").first.flatMap({ Int32($0) }), process > 1, process != getpid()
        else { return nil }
        let folder = "/proc/\(process)/fd"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        return names.contains { RunLock.isSameFile("\(folder)/\($0)", lock) } ? process : nil
    }

    /// All processes below one, whatever session or group they have made.
    private static func below(_ root: Int32) -> [Int32] {
        var children: [Int32: [Int32]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let process = Int32(name), let parent = fields(process)?.parent else { continue }
            children[parent, default: []].append(process)
        }
        var found: [Int32] = []
        var waiting = [root]
        while let next = waiting.popLast() {
            let more = children[next] ?? []
            found += more
            waiting += more
        }
        return found
    }

    private static func isDead(_ process: Int32) -> Bool { fields(process).map { "ZX".contains($0.state) } ?? true }

    /// What stands behind the name of the program, which may hold anything.
    private static func fields(_ process: Int32) -> (state: Character, parent: Int32)? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let words = text[text.index(after: end)...].split(separator: " ")
        guard words.count > 1, let state = words[0].first, let parent = Int32(words[1]) else { return nil }
        return (state, parent)
    }
}
