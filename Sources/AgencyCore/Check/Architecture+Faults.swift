// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Finds the rules that this architecture breaks; empty when it may run.
    ///
    /// The rules keep duties apart and effects behind a choice: every stage has a role of its own kind, evaluators do not
    /// read one another, episodes have only tools that look, and nothing is enacted that no person chose.
    ///
    /// - Parameters:
    ///   - tools: The tools that exist, or `nil` to leave tools unchecked.
    ///   - profiles: The profiles that exist, or `nil` to leave performers unchecked.
    /// - Returns: The faults, with paths that begin at the architecture.
    public func faults(tools: [ToolManifest]? = nil, profiles: [Profile]? = nil) -> [RuleFault] {
        var faults: [RuleFault] = []
        if !Spelling.isName(name) {
            let message = "“\(name.shortened)” cannot name an architecture"
            faults.append(RuleFault(["architecture"], message, hint: Spelling.nameHint))
        }
        if !Limits.roles.contains(roles.count) {
            let hint = "from \(Limits.roles.words) are accepted"
            faults.append(RuleFault(["roles"], "\(roles.count) roles", hint: hint))
        }
        for (index, role) in roles.enumerated() {
            faults += role.faults(tools: tools, profiles: profiles)
            if roles[..<index].contains(where: { $0.name == role.name }) {
                let path: [RuleFault.Part] = ["roles", .name(role.name.rawValue)]
                faults.append(RuleFault(path, "two roles are called “\(role.name)”", hint: "give each its own name"))
            }
        }
        faults += voteFaults(profiles: profiles)
        faults += orderFaults
        for (index, stage) in flow.enumerated() {
            faults += stageFaults(stage).map { fault in
                RuleFault(["flow", .index(index), .name(stage.word)] + fault.path, fault.message, hint: fault.hint)
            }
        }
        return faults + useFaults
    }

    /// Faults in which stages there are and how they follow one another.
    private var orderFaults: [RuleFault] {
        guard let first = flow.first else {
            return [RuleFault(["flow"], "the flow has no stages", hint: "begin with - propose: {role: …}")]
        }
        var faults: [RuleFault] = []
        if first.rank != 0, first.word != "iterate" {
            let hint = "begin with propose, or with iterate for a long work"
            faults.append(RuleFault(["flow", 0], "the flow begins with \(first.word)", hint: hint))
        }
        for (index, stage) in flow.enumerated() {
            let earlier = flow[..<index]
            let place: [RuleFault.Part] = ["flow", .index(index)]
            if earlier.contains(where: { $0.rank == stage.rank }) {
                faults.append(RuleFault(place, "a second \(stage.word) stage", hint: stage.adviceAgainstSecond))
                continue
            }
            if case .choose = stage, !earlier.contains(where: { $0.word == "propose" }) {
                faults.append(RuleFault(place, "there is nothing to choose from", hint: "begin with propose"))
            } else if case .enact = stage, !earlier.contains(where: { $0.word == "choose" }) {
                let hint = "put - choose: {by: person} before it"
                faults.append(
                    RuleFault(place, "no effect without a choice: nothing is chosen before enact", hint: hint)
                )
            } else if case .update = stage, !earlier.contains(where: { $0.word == "enact" }) {
                let hint = "an update revises a plan that enactment has halted; put enact before it"
                faults.append(RuleFault(place, "there is no enact before update", hint: hint))
            } else if let later = earlier.last(where: { $0.rank > stage.rank }) {
                let order = "propose, critique, evaluate, explain, iterate, choose, enact, update"
                faults.append(
                    RuleFault(place, "\(stage.word) stands after \(later.word)", hint: "the order is \(order)")
                )
            }
        }
        return faults
    }

    /// Faults of one stage, with paths that begin inside it.
    private func stageFaults(_ stage: Stage) -> [RuleFault] {
        var faults: [RuleFault] = []
        func range<Value>(_ key: String, _ value: Value, _ range: ClosedRange<Value>, _ words: String) {
            if range.contains(value) { return }
            faults.append(RuleFault([.name(key)], "\(value.asWritten) is out of range", hint: "from \(words)"))
        }
        switch stage {
        case .propose(let role, let count):
            faults += roleFaults(role, ["role"], [.propose], stage)
            range("count", count, Limits.proposals, Limits.proposals.words)
        case .critique(let role, let rounds):
            faults += roleFaults(role, ["role"], [.critique], stage)
            range("rounds", rounds, Limits.rounds, Limits.rounds.words)
        case .evaluate(let roles):
            if !Limits.evaluators.contains(roles.count) {
                let hint = "from \(Limits.evaluators.words) are accepted"
                faults.append(RuleFault(["roles"], "\(roles.count) evaluating roles", hint: hint))
            }
            for (index, role) in roles.enumerated() {
                let place: [RuleFault.Part] = ["roles", .index(index)]
                faults += roleFaults(role, place, [.evaluate, .redTeam], stage)
                if roles[..<index].contains(role) {
                    faults.append(RuleFault(place, "“\(role)” is listed twice", hint: "leave one of them out"))
                }
            }
        case .explain(let role): faults += roleFaults(role, ["role"], [.explain], stage)
        case .iterate(let role, let atMost):
            faults += roleFaults(role, ["role"], [.advance], stage)
            range("at-most", atMost, Limits.iterations, Limits.iterations.words)
        case .choose(let expires, let returns):
            range("expires", expires, Limits.expiry, "a minute to 90 days")
            range("returns", returns, Limits.returns, Limits.returns.words)
        case .enact(let role, let surprise):
            faults += roleFaults(role, ["role"], [.enact], stage)
            range("surprise", surprise, Limits.surprise, Limits.surprise.words)
        case .update(let role, let atMost):
            faults += roleFaults(role, ["role"], [.update], stage)
            range("at-most", atMost, Limits.updates, Limits.updates.words)
        }
        return faults
    }

    private func roleFaults(
        _ name: RoleName,
        _ path: [RuleFault.Part],
        _ kinds: [Role.Kind],
        _ stage: Stage
    ) -> [RuleFault] {
        guard let role = role(name) else {
            let fitting = roles.filter { kinds.contains($0.kind) }.map(\.name.rawValue)
            let near = fitting.isEmpty ? roles.map(\.name.rawValue) : fitting
            let list = fitting.isEmpty ? "roles" : "roles for \(stage.word)"
            let hint = Spelling.hint(for: name.rawValue, among: near, listedAs: list)
            return [RuleFault(path, "no role is called “\(name.rawValue.shortened)”", hint: hint)]
        }
        guard !kinds.contains(role.kind) else { return [] }
        let words = kinds.map(\.rawValue).joined(separator: " or ")
        let message = "“\(name)” is a role of kind \(role.kind.rawValue), and \(stage.word) needs kind \(words)"
        return [RuleFault(path, message, hint: "duties stay apart: declare a role of kind \(words) for it")]
    }

    /// Faults in how roles and stages fit together.
    private var useFaults: [RuleFault] {
        let used = Set(flow.flatMap(\.roles)).union(verifiers)
        var faults: [RuleFault] = []
        for role in roles where !used.contains(role.name) {
            let path: [RuleFault.Part] = ["roles", .name(role.name.rawValue)]
            let hint = "name it in a stage of the flow, or remove it"
            faults.append(RuleFault(path, "the role “\(role.name)” is never used", hint: hint))
        }
        guard flow.contains(where: { $0.word == "critique" }) else { return faults }
        for case .propose(let name, _) in flow {
            guard let proposer = role(name) else { continue }
            for input in [Role.Input.proposal, .critique] where !proposer.reads.contains(input) {
                faults.append(
                    RuleFault(
                        ["roles", .name(name.rawValue), "reads"],
                        "“\(name)” cannot mend its proposal without reading \(input.rawValue)",
                        hint: "the flow has a critique stage; add \(input.rawValue) to reads"
                    )
                )
            }
        }
        return faults
    }
}

extension Stage {
    /// The place of its kind in a flow.
    fileprivate var rank: Int {
        switch self {
        case .propose: 0
        case .critique: 1
        case .evaluate: 2
        case .explain: 3
        case .iterate: 4
        case .choose: 5
        case .enact: 6
        case .update: 7
        }
    }

    fileprivate var adviceAgainstSecond: String {
        switch self {
        case .propose: "raise count, and set the scenes apart by narratives"
        case .critique: "raise rounds"
        case .evaluate: "list all evaluating roles in one evaluate stage"
        case .explain, .choose, .enact: "leave one of them out"
        case .update, .iterate: "raise at-most"
        }
    }
}
