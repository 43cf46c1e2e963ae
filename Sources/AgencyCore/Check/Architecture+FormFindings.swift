// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// What is wrong with how it is written down: names, references, order, and what stages and roles must have.
    func formFindings(tools: [ToolManifest]?, profiles: [Profile]?) -> [Finding] {
        var faults: [Finding] = []
        if !Spelling.isName(name) {
            let message = "“\(name.shortened)” cannot name an architecture"
            faults.append(Finding(.badName, ["architecture"], message, hint: Spelling.nameHint))
        }
        if !Limits.roles.contains(roles.count) {
            let hint = "from \(Limits.roles.words) are accepted"
            faults.append(Finding(.outOfLimits, ["roles"], "\(roles.count) roles", hint: hint))
        }
        for (index, role) in roles.enumerated() {
            faults += role.findings(tools: tools, profiles: profiles)
            if roles[..<index].contains(where: { $0.name == role.name }) {
                let path: [Finding.Part] = ["roles", .name(role.name.rawValue)]
                faults.append(
                    Finding(.duplicate, path, "two roles are called “\(role.name)”", hint: "give each its own name")
                )
            }
        }
        faults += voteFindings(profiles: profiles)
        faults += orderFindings
        for (index, stage) in flow.enumerated() {
            faults += stageFindings(stage).map { $0.within(["flow", .index(index), .name(stage.word)]) }
        }
        return faults + useFindings
    }

    /// Faults in which stages there are and how they follow one another.
    private var orderFindings: [Finding] {
        guard let first = flow.first else {
            return [Finding(.flowOrder, ["flow"], "the flow has no stages", hint: "begin with - propose: {role: …}")]
        }
        var faults: [Finding] = []
        if first.rank != 0, first.word != "iterate", first.word != "probe" {
            let hint = "begin with propose, or with iterate for a long work"
            faults.append(Finding(.flowOrder, ["flow", 0], "the flow begins with \(first.word)", hint: hint))
        }
        for (index, stage) in flow.enumerated() {
            let earlier = flow[..<index]
            let place: [Finding.Part] = ["flow", .index(index)]
            if earlier.contains(where: { $0.rank == stage.rank }) {
                faults.append(
                    Finding(.flowOrder, place, "a second \(stage.word) stage", hint: stage.adviceAgainstSecond)
                )
                continue
            }
            if !earlier.isEmpty, stage.word == "probe" || first.word == "probe" {
                let hint = "a probe is a flow of its own; leave out the others, or it"
                faults.append(
                    Finding(.flowOrder, place, "\(stage.word) stands after \(flow[index - 1].word)", hint: hint)
                )
            } else if case .choose = stage, !earlier.contains(where: { $0.word == "propose" }) {
                faults.append(Finding(.flowOrder, place, "there is nothing to choose from", hint: "begin with propose"))
            } else if case .enact = stage, !earlier.contains(where: { $0.word == "choose" }) {
                // That is worse than an order: whether a choice dominates each effect is looked at for itself.
                continue
            } else if case .choose = stage, earlier.contains(where: { $0.word == "enact" }) {
                // The same, seen from its other side.
                continue
            } else if case .update = stage, !earlier.contains(where: { $0.word == "enact" }) {
                let hint = "an update revises a plan that enactment has halted; put enact before it"
                faults.append(Finding(.flowOrder, place, "there is no enact before update", hint: hint))
            } else if let later = earlier.last(where: { $0.rank > stage.rank }) {
                let order = "propose, critique, evaluate, explain, iterate, choose, enact, update"
                faults.append(
                    Finding(
                        .flowOrder,
                        place,
                        "\(stage.word) stands after \(later.word)",
                        hint: "the order is \(order)"
                    )
                )
            }
        }
        return faults
    }

    /// Faults of one stage, with paths that begin inside it.
    private func stageFindings(_ stage: Stage) -> [Finding] {
        var faults: [Finding] = []
        func range<Value>(_ key: String, _ value: Value, _ range: ClosedRange<Value>, _ words: String) {
            if range.contains(value) { return }
            faults.append(Finding(.noBound, [.name(key)], "\(value.asWritten) is out of range", hint: "from \(words)"))
        }
        switch stage {
        case .propose(let role, let count):
            faults += roleFindings(role, ["role"], [.propose], stage)
            range("count", count, Limits.proposals, Limits.proposals.words)
        case .critique(let role, let rounds):
            faults += roleFindings(role, ["role"], [.critique], stage)
            range("rounds", rounds, Limits.rounds, Limits.rounds.words)
        case .evaluate(let roles):
            if !Limits.evaluators.contains(roles.count) {
                let hint = "from \(Limits.evaluators.words) are accepted"
                faults.append(Finding(.noBound, ["roles"], "\(roles.count) evaluating roles", hint: hint))
            }
            for (index, role) in roles.enumerated() {
                let place: [Finding.Part] = ["roles", .index(index)]
                faults += roleFindings(role, place, [.evaluate, .redTeam], stage)
                if roles[..<index].contains(role) {
                    faults.append(
                        Finding(.duplicate, place, "“\(role)” is listed twice", hint: "leave one of them out")
                    )
                }
            }
        case .explain(let role): faults += roleFindings(role, ["role"], [.explain], stage)
        case .iterate(let role, let atMost):
            faults += roleFindings(role, ["role"], [.advance], stage)
            range("at-most", atMost, Limits.iterations, Limits.iterations.words)
        case .probe(let role, let times):
            faults += roleFindings(role, ["role"], Role.Kind.allCases.filter { $0 != .enact }, stage)
            range("times", times, Limits.timesOfProbe, Limits.timesOfProbe.words)
            if case .verified? = self.role(role)?.vote?.rule {
                let message = "“\(role)” is verified, and a verifier is not told what a probe asks"
                let hint = "leave vote out, or let it be by ahead-by or majority"
                faults.append(Finding(.misplacedPart, ["role"], message, hint: hint))
            }
        case .choose(let choosing):
            range("persons", choosing.persons, Limits.persons, Limits.persons.words)
            range("expires", choosing.expires, Limits.expiry, "a minute to 90 days")
            if let within = choosing.within { range("within", within, Limits.expiry, "a minute to 90 days") }
            range("returns", choosing.returns, Limits.returns, Limits.returns.words)
            if let terms = choosing.mandate { faults += findings(terms, choosing) }
        case .enact(let enacting):
            faults += roleFindings(enacting.role, ["role"], [.enact], stage)
            if let surprise = enacting.surprise {
                range("surprise", surprise, Limits.surprise, Limits.surprise.words)
            } else if enacting.falseAlarms == nil {
                let hint = "set surprise, or false-alarms, or both"
                faults.append(Finding(.missingPart, [], "nothing that is seen would halt enactment", hint: hint))
            }
            if let rate = enacting.falseAlarms {
                range("false-alarms", rate, Limits.falseAlarms, Limits.falseAlarms.words)
            }
        case .update(let role, let atMost):
            faults += roleFindings(role, ["role"], [.update], stage)
            range("at-most", atMost, Limits.updates, Limits.updates.words)
        }
        return faults
    }

    private func findings(_ terms: MandateTerms, _ choosing: Choosing) -> [Finding] {
        let rates: [(String, Double, ClosedRange<Double>)] = [
            ("success", terms.success, Limits.mandateSuccess), ("at-least", terms.atLeast, Limits.mandateLeast),
            ("false-grants", terms.falseGrants, Limits.falseAlarms),
        ]
        var faults = rates.filter { !$0.2.contains($0.1) }.map { key, value, range in
            Finding(
                .noBound,
                ["mandate", .name(key)],
                "\(value.asWritten) is out of range",
                hint: "from \(range.words)"
            )
        }
        if !Limits.mandateCases.contains(terms.cases) {
            let hint = "from \(Limits.mandateCases.words)"
            faults.append(Finding(.noBound, ["mandate", "cases"], "\(terms.cases) cases are out of range", hint: hint))
        }
        if terms.stakes == .high {
            let hint = "low or moderate"
            faults.append(Finding(.noBound, ["mandate", "stakes"], "high stakes stay with people", hint: hint))
        }
        for word in ["evaluate", "enact"] where !flow.contains(where: { $0.word == word }) {
            let message = "without a stage “\(word)” nothing shows whether the rule is right"
            faults.append(Finding(.missingPart, ["mandate"], message, hint: "add the stage, or leave the mandate out"))
        }
        if choosing.persons > 1 {
            let message = "where \(choosing.persons) persons have to choose, no rule chooses for them"
            faults.append(Finding(.wrongDuty, ["mandate"], message, hint: "leave out persons, or the mandate"))
        }
        return faults
    }

    private func roleFindings(
        _ name: RoleName,
        _ path: [Finding.Part],
        _ kinds: [Role.Kind],
        _ stage: Stage
    ) -> [Finding] {
        guard let role = role(name) else {
            let fitting = roles.filter { kinds.contains($0.kind) }.map(\.name.rawValue)
            let near = fitting.isEmpty ? roles.map(\.name.rawValue) : fitting
            let list = fitting.isEmpty ? "roles" : "roles for \(stage.word)"
            let hint = Spelling.hint(for: name.rawValue, among: near, listedAs: list)
            return [Finding(.unknownReference, path, "no role is called “\(name.rawValue.shortened)”", hint: hint)]
        }
        guard !kinds.contains(role.kind) else { return [] }
        let words = kinds.map(\.rawValue).joined(separator: " or ")
        let message = "“\(name)” is a role of kind \(role.kind.rawValue), and \(stage.word) needs kind \(words)"
        return [Finding(.wrongDuty, path, message, hint: "duties stay apart: declare a role of kind \(words) for it")]
    }

    /// Faults in how roles and stages fit together.
    private var useFindings: [Finding] {
        let used = Set(flow.flatMap(\.roles)).union(verifiers)
        var faults: [Finding] = []
        for role in roles where !used.contains(role.name) {
            let path: [Finding.Part] = ["roles", .name(role.name.rawValue)]
            let hint = "name it in a stage of the flow, or remove it"
            faults.append(Finding(.unusedRole, path, "the role “\(role.name)” is never used", hint: hint))
        }
        guard flow.contains(where: { $0.word == "critique" }) else { return faults }
        for case .propose(let name, _) in flow {
            guard let proposer = role(name) else { continue }
            for input in [Role.Input.proposal, .critique] where !proposer.reads.contains(input) {
                faults.append(
                    Finding(
                        .missingPart,
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
        case .probe: 8
        }
    }

    fileprivate var adviceAgainstSecond: String {
        switch self {
        case .propose: "raise count, and set the scenes apart by narratives"
        case .critique: "raise rounds"
        case .evaluate: "list all evaluating roles in one evaluate stage"
        case .explain, .choose, .enact: "leave one of them out"
        case .update, .iterate: "raise at-most"
        case .probe: "raise times, or ask more questions"
        }
    }
}
