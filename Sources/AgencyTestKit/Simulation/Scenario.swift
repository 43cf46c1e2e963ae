// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// One undertaking of a simulated history: its brief, its architecture, its workspace, and what its performers say.
struct Scenario: Sendable {
    let run: RunID
    let world: SimulatedWorld
    private(set) var simulated: SimulatedRun
    /// The number that a long work counts up to, when the undertaking is one.
    private(set) var target: Int64?
    /// Which tool posts a notice in the course of a plan, if one does.
    private let notice: ToolName?
    /// Whether the second step writes what the first has shown; of the seed, so that it changes no other course of a history.
    private var leavesHoles: Bool { simulated.seed % 4 == 0 }
    /// Whether any step is carried out.
    var enacts: Bool { simulated.architecture.flow.contains { $0.word == "enact" } }

    init(run: RunID, chance: Chance) {
        self.run = run
        simulated = SimulatedRun(seed: UInt64(chance.number(0...1_000_000)), critique: chance.pick([0, 0, 1, 2]) ?? 0)
        world = simulated.makeWorld()
        notice = chance.happens(0.7) ? chance.pick(SimulatedService.manifests.map(\.name)) : nil
        if chance.happens(0.15) {
            count(chance)
            return
        }
        if notice != nil { simulated.tools += SimulatedService.manifests }
        simulated.architecture.flow = Self.flow(simulated.architecture.flow, chance)
        let used = Set(simulated.architecture.flow.flatMap(\.roles))
        simulated.architecture.roles.removeAll { !used.contains($0.name) }
        for index in simulated.architecture.roles.indices where simulated.architecture.roles[index].kind != .enact {
            simulated.architecture.roles[index].budget.seconds = 30
            simulated.architecture.roles[index].repairs = chance.number(0...2)
        }
        if leavesHoles { leaveHoles() }
        if chance.happens(0.3) { vote(chance) }
        if chance.happens(0.1) { simulated.brief.resources = Budget(calls: chance.number(5...40)) }
    }

    private static func flow(_ usual: [Stage], _ chance: Chance) -> [Stage] {
        var flow = usual
        flow[0] = .propose(role: "writer", count: chance.pick([1, 1, 2, 3]) ?? 1)
        for index in flow.indices {
            switch flow[index] {
            case .evaluate: if chance.happens(0.5) { flow[index] = .evaluate(roles: ["auditor"]) }
            case .choose:
                let (expires, returns) = (chance.pick([60, 600, 3600]) ?? 60, chance.number(0...1))
                let within = expires == 600 && returns == 0 ? 900 : nil
                flow[index] = .choose(expires: expires, returns: returns, within: within)
            default: continue
            }
        }
        if chance.happens(0.3) { flow.removeAll { $0.word == "explain" } }
        if chance.happens(0.2) {
            flow.removeAll { $0.word == "enact" || $0.word == "update" }
        } else if chance.happens(0.3) {
            flow.removeAll { $0.word == "update" }
        }
        return flow
    }

    /// Lets plans have holes; half of the undertakings have a mandate for what fills them.
    private mutating func leaveHoles() {
        for index in simulated.architecture.roles.indices {
            let kind = simulated.architecture.roles[index].kind
            if kind == .propose || kind == .update { simulated.architecture.roles[index].holes = true }
        }
        guard simulated.seed % 8 == 0 else { return }
        simulated.brief.mandates = [
            Mandate(
                id: "notes",
                classes: [.transactional],
                authority: ["undeclared": .init(oneOf: ["written", "b.txt"])],
                writers: [.person, .tool, .model, .anyone]
            )
        ]
    }

    /// Has a role's answers voted on, or verified.
    private mutating func vote(_ chance: Chance) {
        let checked: [VotePolicy.Rule] = [.verified(by: "checker", atMost: 4)]
        let counted: [VotePolicy.Rule] = [.aheadBy(2, atMost: 8), .majority(of: 3, atMost: 7)]
        let isWriter = chance.happens(0.4)
        guard let rule = chance.pick(isWriter ? checked : checked + counted),
            let index = simulated.architecture.roles.firstIndex(where: { $0.name == (isWriter ? "writer" : "auditor") })
        else { return }
        simulated.architecture.roles[index].vote = VotePolicy(rule)
        simulated.architecture.roles[index].repairs = 0
        guard case .verified = rule else { return }
        var checker = Role(
            name: "checker",
            kind: .verify,
            performer: "any",
            instructions: "See whether it is right.",
            reads: [.brief, .output]
        )
        checker.budget.seconds = 30
        simulated.architecture.roles.append(checker)
    }

    /// A long work: a number is counted up, voted on or not.
    private mutating func count(_ chance: Chance) {
        let target = Int64(chance.number(3...40))
        self.target = target
        var counter = Role(
            name: "counter",
            kind: .advance,
            performer: "any",
            instructions: "Add one.",
            repairs: chance.number(0...2),
            state: .integer()
        )
        counter.budget.seconds = 30
        if chance.happens(0.5) {
            counter.repairs = Role.usualRepairs
            counter.vote = VotePolicy(
                chance.pick([.aheadBy(2, atMost: 12), .majority(of: 3, atMost: 9)]) ?? .aheadBy(2, atMost: 12)
            )
        }
        simulated.architecture = Architecture(
            name: "count",
            roles: [counter],
            flow: [.iterate(role: "counter", atMost: 100)]
        )
        simulated.tools = []
        simulated.brief = Brief(
            name: "count",
            title: "Count",
            goals: [Goal(id: "counted", want: "It is counted.")],
            state: 0
        )
    }

    /// Whether answers are counted, so that one that fits and is wrong does no harm.
    var isVoted: Bool { simulated.architecture.roles.contains { $0.vote != nil } }

    /// What an episode says, valid for its task; a plan has a random course.
    func output(of request: TurnRequest, chance: Chance, faults: SimulatedFaults) -> JSONValue {
        if request.episode.rawValue.hasSuffix(".verify") {
            return ["reason": "it was looked at", "accept": .bool(chance.happens(0.8))]
        }
        let episode = request.episode.unsampled
        if let target { return advance(from: request.state, to: target, chance, faults) }
        let parts = episode.rawValue.split(separator: ".").map(String.init)
        guard parts.count > 1, ["propose", "refine", "revise"].contains(parts[1]) else {
            return simulated.output(of: episode)
        }
        return SimulatedRun.proposal("\(parts[1]) \(chance.number(0...999))", steps(chance, faults.surprise))
    }

    private func advance(from state: Int64, to target: Int64, _ chance: Chance, _ faults: SimulatedFaults) -> JSONValue
    {
        let isWrong = isVoted && chance.happens(faults.nonsense)
        let next = isWrong ? Int64(chance.number(-1_000_000 ... -1)) : state + 1
        return ["done": .bool(next == target), "state": .integer(next)]
    }

    private func steps(_ chance: Chance, _ surprise: Double) -> [Step] {
        let count = chance.happens(surprise) ? 2 : 1
        var steps = SimulatedRun.steps(
            first: chance.happens(0.8) ? "first" : "another first",
            second: "second \(chance.number(0...99))",
            third: "third",
            forecast: count
        )
        if leavesHoles {
            let shape = JSONSchema.string(maxLength: 50)
            steps[1].action.arguments = ["path": "b.txt"]
            steps[1].holes = [Hole(argument: "text", step: "s1", field: FieldPath("output"), shape: shape)]
        }
        if let notice {
            let post = Step(
                id: "post",
                intent: "Tell everybody.",
                action: Action(tool: notice, arguments: ["text": .string("news \(chance.number(0...9))")]),
                after: ["s2"]
            )
            steps.insert(post, at: 2)
        }
        if chance.happens(surprise) {
            let place = chance.pick(steps.indices.filter { steps[$0].id != "post" }) ?? 0
            steps[place].holes = nil
            steps[place].action = SimulatedWorld.append("/outside.txt", "never")
        }
        return steps
    }
}

extension TurnRequest {
    /// The number that a long work has reached, as its prompt says.
    fileprivate var state: Int64 {
        guard messages.count > 1, case .user(let parts) = messages[1], case .text(let text)? = parts.first else {
            return 0
        }
        let lines = text.split(separator: "\n").map(String.init)
        guard let place = lines.firstIndex(where: { $0.hasPrefix("## state") }), lines.count > place + 2 else {
            return 0
        }
        return Int64(lines[place + 2]) ?? 0
    }
}
