// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Foundation

/// Lives through simulated histories until it is stopped, or through as many as it is told: `soak [SEED] [COUNT]`.
///
/// One history is shown line by line. Of more, each one that breaks a promise is printed as the line that lives through
/// it again; the exit status is 1 when there was one.
@main
struct Soak {
    static func main() async {
        let words = CommandLine.arguments.dropFirst().map { UInt64($0) }
        let first = words.first ?? nil
        let count = words.count > 1 ? words[1] : first == nil ? nil : 1
        let last = count.map { (first ?? 1) &+ $0 &- 1 } ?? .max
        var tally = Tally()
        await withTaskGroup(of: Simulation.Report.self) { group in
            var seed = first ?? 1
            func add() {
                guard seed <= last else { return }
                var simulation = Simulation(seed: seed)
                simulation.keepsTrace = count == 1
                group.addTask { [simulation] in await simulation.run() }
                seed += 1
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { add() }
            while let report = await group.next() {
                add()
                report.trace.forEach { show($0) }
                if !report.violations.isEmpty { show(report.description) }
                tally.take(report)
            }
        }
        show(tally.line)
        if tally.failed > 0 { exit(1) }
    }

    /// Shows a line at once, so that it is not lost when the soak is stopped.
    static func show(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

/// What the histories so far came to.
private struct Tally {
    var histories = 0
    var events = 0
    var failed = 0
    var counts: [String: Int] = [:]
    let clock = ContinuousClock()
    let begun = ContinuousClock().now
    var spoken = ContinuousClock().now

    mutating func take(_ report: Simulation.Report) {
        histories += 1
        events += report.events
        failed += report.violations.isEmpty ? 0 : 1
        counts.merge(report.counts) { $0 + $1 }
        for ending in report.endings { counts["run ends: \(ending)", default: 0] += 1 }
        guard spoken.duration(to: clock.now) > .seconds(10) else { return }
        spoken = clock.now
        Soak.show(line)
    }

    var line: String {
        let seconds =
            Double(begun.duration(to: clock.now).components.seconds)
            + Double(begun.duration(to: clock.now).components.attoseconds) / 1e18
        let rate = (Double(histories) / max(seconds, 0.001) * 10).rounded() / 10
        let what = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(histories) histories (\(rate)/s), \(events) events, \(failed) broke a promise; \(what)"
    }
}
