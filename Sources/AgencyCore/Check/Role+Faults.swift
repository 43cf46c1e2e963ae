// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Role.Kind {
    /// The inputs that make sense for episodes of this kind, in the order in which declarations list them.
    public var sensibleReads: [Role.Input] {
        switch self {
        case .propose: [.brief, .actions, .tree, .reason, .proposal, .critique, .observations]
        case .critique: [.brief, .actions, .tree, .proposal, .reason]
        // No other evaluation and no critique: evaluations are independent of one another.
        case .evaluate, .redTeam: [.brief, .actions, .tree, .proposal, .changes, .observations, .reason]
        case .explain:
            [.brief, .actions, .tree, .proposals, .evaluations, .changes, .observations, .reason, .question]
        case .update: [.brief, .actions, .tree, .proposal, .observations, .reason]
        case .verify:
            [
                .brief, .actions, .tree, .proposal, .critique, .proposals, .evaluations, .observations, .reason,
                .question,
                .changes, .output,
            ]
        case .advance: [.brief]
        case .enact: []
        }
    }

    /// The inputs without which episodes of this kind cannot do their work.
    public var neededReads: [Role.Input] {
        switch self {
        case .propose: [.brief, .actions]
        case .critique, .evaluate, .redTeam: [.brief, .proposal]
        case .explain: [.brief, .proposals]
        case .update: [.brief, .actions, .proposal, .observations]
        case .verify: [.output]
        case .advance, .enact: []
        }
    }
}

extension Role {
    /// The rules that this role breaks by itself.
    func faults(tools known: [ToolManifest]?, profiles: [Profile]?) -> [RuleFault] {
        var faults: [RuleFault] = []
        func fail(_ path: [RuleFault.Part], _ message: String, _ hint: String) {
            faults.append(RuleFault(["roles", .name(name.rawValue)] + path, message, hint: hint))
        }
        if !Spelling.isName(name.rawValue) {
            fail([], "“\(name.rawValue.shortened)” cannot name a role", Spelling.nameHint)
        }
        guard kind != .enact else {
            for (key, isThere) in partsOfEpisodes where isThere {
                fail([.name(key)], "a role of kind enact has no \(key)", "leave it out: enacting is not an episode")
            }
            return faults
        }
        if let performer {
            if let profiles, !profiles.contains(where: { $0.name == performer }) {
                fail(
                    ["performer"],
                    "no profile is called “\(performer)”",
                    Spelling.hint(for: performer.rawValue, among: profiles.map(\.name.rawValue), listedAs: "profiles")
                )
            }
        } else {
            fail([], "“performer” is missing", "name the profile of who performs this role, such as performer: strong")
        }
        if instructions.trimmingWhitespace.isEmpty {
            fail(["instructions"], "there are no instructions", "say what the role is to do")
        }
        checkTexts(fail)
        checkReads(fail)
        checkTools(known, fail)
        checkCriteria(fail)
        checkBudget(fail)
        checkAdvance(fail)
        return faults
    }

    private typealias Fail = (_ path: [RuleFault.Part], _ message: String, _ hint: String) -> Void

    private var partsOfEpisodes: [(key: String, isThere: Bool)] {
        [
            ("performer", performer != nil), ("instructions", !instructions.isEmpty),
            ("narratives", !narratives.isEmpty), ("reads", !reads.isEmpty), ("tools", !tools.isEmpty),
            ("budget", budget != Budget()), ("criteria", !criteria.isEmpty), ("sketch", sketch != nil),
            ("vote", vote != nil),
        ]
    }

    private func checkTexts(_ fail: Fail) {
        var texts: [(path: [RuleFault.Part], text: String)] = [(["instructions"], instructions)]
        texts += narratives.enumerated().map { (["narratives", .index($0.offset)], $0.element) }
        if let sketch { texts.append((["sketch"], sketch)) }
        for (path, text) in texts where text.utf8.count > Limits.textBytes {
            fail(path, "\(text.utf8.count) bytes of text", "at most \(Limits.textBytes) are accepted")
        }
        if !Limits.narratives.contains(narratives.count) {
            fail(
                ["narratives"],
                "\(narratives.count) narratives",
                "at most \(Limits.narratives.upperBound) are accepted"
            )
        }
        for (index, narrative) in narratives.enumerated() {
            let place: [RuleFault.Part] = ["narratives", .index(index)]
            if narrative.trimmingWhitespace.isEmpty {
                fail(place, "an empty narrative", "write what sets the scene, or leave it out")
            } else if narratives[..<index].contains(narrative) {
                fail(place, "the same narrative twice", "diversity comes from narratives that differ")
            }
        }
    }

    private func checkReads(_ fail: Fail) {
        let sensible = kind.sensibleReads
        for (index, input) in reads.enumerated() {
            let place: [RuleFault.Part] = ["reads", .index(index)]
            if !sensible.contains(input) {
                let list = sensible.map(\.rawValue).joined(separator: ", ")
                fail(
                    place,
                    "a role of kind \(kind.rawValue) cannot read \(input.rawValue)",
                    "\(kind.rawValue) may read: \(list)"
                )
            } else if reads[..<index].contains(input) {
                fail(place, "“\(input.rawValue)” is read twice", "leave one of them out")
            }
        }
        for input in kind.neededReads where !reads.contains(input) {
            fail(
                ["reads"],
                "a role of kind \(kind.rawValue) must read \(input.rawValue)",
                "add \(input.rawValue) to reads: an episode is given nothing else"
            )
        }
    }

    private func checkTools(_ known: [ToolManifest]?, _ fail: Fail) {
        for (index, tool) in tools.enumerated() {
            let place: [RuleFault.Part] = ["tools", .index(index)]
            if tools[..<index].contains(tool) {
                fail(place, "the tool “\(tool)” is listed twice", "leave one of them out")
                continue
            }
            guard let known else { continue }
            let readable = known.filter { $0.effect == .read }.map(\.name.rawValue)
            guard let manifest = known.first(where: { $0.name == tool }) else {
                let hint = Spelling.hint(for: tool.rawValue, among: readable, listedAs: "tools for episodes")
                fail(place, "no tool is called “\(tool.rawValue.shortened)”", hint)
                continue
            }
            if manifest.effect != .read {
                fail(
                    place,
                    "an episode cannot have the tool “\(tool)”: its effect is \(manifest.effect.rawValue)",
                    "episodes only look; tools for episodes: \(readable.joined(separator: ", "))"
                )
            }
        }
    }

    private func checkCriteria(_ fail: Fail) {
        guard kind.evaluates else {
            if !criteria.isEmpty {
                fail(["criteria"], "a role of kind \(kind.rawValue) has no criteria", "only evaluating roles score")
            }
            return
        }
        if kind == .evaluate, criteria.isEmpty {
            fail(["criteria"], "there are no criteria", "say what each score is about: criteria: [data-safety, cost]")
        }
        if criteria.count > Limits.criteria.upperBound {
            fail(["criteria"], "\(criteria.count) criteria", "at most \(Limits.criteria.upperBound) are accepted")
        }
        for (index, criterion) in criteria.enumerated() {
            let place: [RuleFault.Part] = ["criteria", .index(index)]
            if criterion.trimmingWhitespace.isEmpty {
                fail(place, "an empty criterion", "name it, or leave it out")
            } else if criteria[..<index].contains(criterion) {
                fail(place, "the same criterion twice", "leave one of them out")
            }
        }
    }

    private func checkAdvance(_ fail: Fail) {
        if let state {
            guard kind == .advance else {
                return fail(["state"], "a role of kind \(kind.rawValue) has no state", "leave it out")
            }
            let faults = state.faults()
            if let fault = faults.first { fail(["state"], "not a schema: \(fault)", "write a JSON Schema") }
        }
        guard kind == .advance else { return }
        if !tools.isEmpty {
            fail(["tools"], "a role of kind advance looks at nothing", "what it needs goes into the brief or the state")
        }
        if narratives.count > 1 {
            fail(["narratives"], "a role of kind advance has one scene", "leave all but one out")
        }
    }

    private func checkBudget(_ fail: Fail) {
        budget.outOfRange.forEach { fail(["budget", .name($0.key)], $0.message, $0.hint) }
        if !Limits.repairs.contains(repairs) {
            fail(["repairs"], "\(repairs) is out of range", "from \(Limits.repairs.words)")
        }
        if vote == nil, let calls = budget.calls, calls <= repairs {
            fail(
                ["budget", "calls"],
                "\(calls) calls leave no room for \(repairs) repairs",
                "allow more than \(repairs) calls, or fewer repairs"
            )
        }
    }
}

extension Budget {
    /// The limits that are no limits.
    var outOfRange: [(key: String, message: String, hint: String)] {
        var found: [(key: String, message: String, hint: String)] = []
        if let tokens, !Limits.tokens.contains(tokens) {
            found.append(("tokens", "\(tokens) is out of range", "from \(Limits.tokens.words)"))
        }
        if let calls, !Limits.calls.contains(calls) {
            found.append(("calls", "\(calls) is out of range", "from \(Limits.calls.words)"))
        }
        if let seconds, !Limits.seconds.contains(seconds) {
            found.append(("seconds", "\(seconds.shortText) is out of range", "from \(Limits.seconds.words)"))
        }
        let most = Money(microdollars: Int64(Limits.dollars.upperBound) * 1_000_000)
        if let money, money < .zero || money > most {
            found.append(("money", "the amount of money is out of range", "from \(Limits.dollars.words) dollars"))
        }
        return found
    }
}

extension Comparable {
    /// The value as it is written in a declaration.
    var asWritten: String { (self as? Double)?.shortText ?? "\(self)" }
}

extension ClosedRange<Int> {
    /// The range for people: `1 to 16`.
    public var words: String { "\(lowerBound) to \(upperBound)" }
}

extension ClosedRange<Double> {
    /// The range for people: `0.5 to 1`.
    public var words: String { "\(lowerBound.shortText) to \(upperBound.shortText)" }
}

extension String {
    /// The text cut to a length that fits into a message, so that a hostile one cannot flood it.
    public var shortened: String {
        let line = prefix(48).map { $0.isNewline ? " " : String($0) }.joined()
        return dropFirst(48).isEmpty ? line : line + "…"
    }
}
