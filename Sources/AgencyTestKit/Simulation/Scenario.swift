// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// One undertaking of a simulated history: its brief, its architecture, its workspace, and what its performers say.
struct Scenario: Sendable {
    let run: RunID
    let world: SimulatedWorld
    private(set) var simulated: SimulatedRun
    /// Whether any step is carried out.
    var enacts: Bool { simulated.architecture.flow.contains { $0.word == "enact" } }

    init(run: RunID, chance: Chance) {
        self.run = run
        simulated = SimulatedRun(seed: UInt64(chance.number(0...1_000_000)), critique: chance.pick([0, 0, 1, 2]) ?? 0)
        world = simulated.makeWorld()
        var flow = simulated.architecture.flow
        flow[0] = .propose(role: "writer", count: chance.pick([1, 1, 2, 3]) ?? 1)
        for index in flow.indices {
            switch flow[index] {
            case .evaluate: if chance.happens(0.5) { flow[index] = .evaluate(roles: ["auditor"]) }
            case .choose:
                flow[index] = .choose(expires: chance.pick([60, 600, 3600]) ?? 60, returns: chance.number(0...1))
            default: continue
            }
        }
        if chance.happens(0.3) { flow.removeAll { $0.word == "explain" } }
        if chance.happens(0.2) {
            flow.removeAll { $0.word == "enact" || $0.word == "update" }
        } else if chance.happens(0.3) {
            flow.removeAll { $0.word == "update" }
        }
        simulated.architecture.flow = flow
        let used = Set(flow.flatMap(\.roles))
        simulated.architecture.roles.removeAll { !used.contains($0.name) }
        for index in simulated.architecture.roles.indices where simulated.architecture.roles[index].kind != .enact {
            simulated.architecture.roles[index].budget.seconds = 30
            simulated.architecture.roles[index].repairs = chance.number(0...2)
        }
        if chance.happens(0.1) { simulated.brief.resources = Budget(calls: chance.number(5...40)) }
    }

    /// What an episode says, valid for its task; a plan has a random course.
    func output(of episode: EpisodeID, chance: Chance, faults: SimulatedFaults) -> JSONValue {
        let parts = episode.rawValue.split(separator: ".").map(String.init)
        guard parts.count > 1, ["propose", "refine", "revise"].contains(parts[1]) else {
            return simulated.output(of: episode)
        }
        return SimulatedRun.proposal("\(parts[1]) \(chance.number(0...999))", steps(chance, faults.surprise))
    }

    private func steps(_ chance: Chance, _ surprise: Double) -> [Step] {
        let count = chance.happens(surprise) ? 2 : 1
        var steps = SimulatedRun.steps(
            first: chance.happens(0.8) ? "first" : "another first",
            second: "second \(chance.number(0...99))",
            third: "third",
            forecast: count
        )
        if chance.happens(surprise) {
            steps[chance.number(0...2)].action = SimulatedWorld.append("/outside.txt", "never")
        }
        return steps
    }
}
