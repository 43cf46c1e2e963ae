// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Role {
    /// The rules that this role breaks by itself.
    func findings(tools known: [ToolManifest]?, profiles: [Profile]?) -> [Finding] {
        var faults: [Finding] = []
        func fail(_ rule: Rule, _ path: [Finding.Part], _ message: String, _ hint: String) {
            faults.append(Finding(rule, ["roles", .name(name.rawValue)] + path, message, hint: hint))
        }
        if !Spelling.isName(name.rawValue) {
            fail(.badName, [], "“\(name.rawValue.shortened)” cannot name a role", Spelling.nameHint)
        }
        guard kind != .enact else {
            for (key, isThere) in partsOfEpisodes where isThere {
                fail(
                    .misplacedPart,
                    [.name(key)],
                    "a role of kind enact has no \(key)",
                    "leave it out: enacting is not an episode"
                )
            }
            return faults
        }
        if let performer {
            if let profiles, !profiles.contains(where: { $0.name == performer }) {
                fail(
                    .unknownReference,
                    ["performer"],
                    "no profile is called “\(performer)”",
                    Spelling.hint(for: performer.rawValue, among: profiles.map(\.name.rawValue), listedAs: "profiles")
                        + "; or describe it in agency.yaml"
                )
            }
        } else {
            fail(
                .missingPart,
                [],
                "“performer” is missing",
                "name the profile of who performs this role, such as performer: strong"
            )
        }
        if instructions.trimmingWhitespace.isEmpty {
            fail(.missingPart, ["instructions"], "there are no instructions", "say what the role is to do")
        }
        checkTexts(fail)
        checkReads(fail)
        checkTools(known, fail)
        checkCriteria(fail)
        checkBudget(fail)
        checkAdvance(fail)
        if holes == true, ![.propose, .update, .enact].contains(kind) {
            fail(.misplacedPart, ["holes"], "a role of kind \(kind.rawValue) makes no plans", "leave holes out")
        }
        return faults
    }

    private typealias Fail = (_ rule: Rule, _ path: [Finding.Part], _ message: String, _ hint: String) -> Void

    private var partsOfEpisodes: [(key: String, isThere: Bool)] {
        [
            ("performer", performer != nil), ("instructions", !instructions.isEmpty),
            ("narratives", !narratives.isEmpty), ("reads", !reads.isEmpty), ("tools", !tools.isEmpty),
            ("budget", budget != Budget()), ("criteria", !criteria.isEmpty), ("sketch", sketch != nil),
            ("vote", vote != nil), ("holes", holes != nil),
        ]
    }

    private func checkTexts(_ fail: Fail) {
        var texts: [(path: [Finding.Part], text: String)] = [(["instructions"], instructions)]
        texts += narratives.enumerated().map { (["narratives", .index($0.offset)], $0.element) }
        if let sketch { texts.append((["sketch"], sketch)) }
        for (path, text) in texts where text.utf8.count > Limits.textBytes {
            fail(.outOfLimits, path, "\(text.utf8.count) bytes of text", "at most \(Limits.textBytes) are accepted")
        }
        if !Limits.narratives.contains(narratives.count) {
            fail(
                .outOfLimits,
                ["narratives"],
                "\(narratives.count) narratives",
                "at most \(Limits.narratives.upperBound) are accepted"
            )
        }
        for (index, narrative) in narratives.enumerated() {
            let place: [Finding.Part] = ["narratives", .index(index)]
            if narrative.trimmingWhitespace.isEmpty {
                fail(.missingPart, place, "an empty narrative", "write what sets the scene, or leave it out")
            } else if narratives[..<index].contains(narrative) {
                fail(.duplicate, place, "the same narrative twice", "diversity comes from narratives that differ")
            }
        }
    }

    private func checkReads(_ fail: Fail) {
        let sensible = kind.sensibleReads
        for (index, input) in reads.enumerated() {
            let place: [Finding.Part] = ["reads", .index(index)]
            if !sensible.contains(input) {
                let list = sensible.map(\.rawValue).joined(separator: ", ")
                let isJudgement = kind.evaluates && (input == .evaluations || input == .critique)
                fail(
                    isJudgement ? .judgesSeeEachOther : .strangeInput,
                    place,
                    "a role of kind \(kind.rawValue) cannot read \(input.rawValue)",
                    "\(kind.rawValue) may read: \(list)"
                )
            } else if reads[..<index].contains(input) {
                fail(.duplicate, place, "“\(input.rawValue)” is read twice", "leave one of them out")
            }
        }
        for input in kind.neededReads where !reads.contains(input) {
            fail(
                .missingPart,
                ["reads"],
                "a role of kind \(kind.rawValue) must read \(input.rawValue)",
                "add \(input.rawValue) to reads: an episode is given nothing else"
            )
        }
    }

    private func checkTools(_ known: [ToolManifest]?, _ fail: Fail) {
        for (index, tool) in tools.enumerated() {
            let place: [Finding.Part] = ["tools", .index(index)]
            if tools[..<index].contains(tool) {
                fail(.duplicate, place, "the tool “\(tool)” is listed twice", "leave one of them out")
                continue
            }
            guard let known else { continue }
            let readable = known.filter { $0.effect == .read }.map(\.name.rawValue)
            guard let manifest = known.first(where: { $0.name == tool }) else {
                let hint = Spelling.hint(for: tool.rawValue, among: readable, listedAs: "tools for episodes")
                fail(.unknownReference, place, "no tool is called “\(tool.rawValue.shortened)”", hint)
                continue
            }
            if manifest.effect != .read {
                fail(
                    .actingEpisode,
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
                fail(
                    .misplacedPart,
                    ["criteria"],
                    "a role of kind \(kind.rawValue) has no criteria",
                    "only evaluating roles score"
                )
            }
            return
        }
        if kind == .evaluate, criteria.isEmpty {
            fail(
                .nothingScored,
                ["criteria"],
                "there are no criteria",
                "say what each score is about: criteria: [data-safety, cost]"
            )
        }
        if criteria.count > Limits.criteria.upperBound {
            fail(
                .outOfLimits,
                ["criteria"],
                "\(criteria.count) criteria",
                "at most \(Limits.criteria.upperBound) are accepted"
            )
        }
        for (index, criterion) in criteria.enumerated() {
            let place: [Finding.Part] = ["criteria", .index(index)]
            if criterion.trimmingWhitespace.isEmpty {
                fail(.missingPart, place, "an empty criterion", "name it, or leave it out")
            } else if criteria[..<index].contains(criterion) {
                fail(.duplicate, place, "the same criterion twice", "leave one of them out")
            }
        }
    }

    private func checkAdvance(_ fail: Fail) {
        if let state {
            guard kind == .advance else {
                return fail(.misplacedPart, ["state"], "a role of kind \(kind.rawValue) has no state", "leave it out")
            }
            let faults = state.faults()
            if let fault = faults.first {
                fail(.wrongValue, ["state"], "not a schema: \(fault)", "write a JSON Schema")
            }
        }
        guard kind == .advance else { return }
        if !tools.isEmpty {
            fail(
                .misplacedPart,
                ["tools"],
                "a role of kind advance looks at nothing",
                "what it needs goes into the brief or the state"
            )
        }
        if narratives.count > 1 {
            fail(.misplacedPart, ["narratives"], "a role of kind advance has one scene", "leave all but one out")
        }
    }

    private func checkBudget(_ fail: Fail) {
        budget.outOfRange.forEach { fail(.noBound, ["budget", .name($0.key)], $0.message, $0.hint) }
        if !Limits.repairs.contains(repairs) {
            fail(.noBound, ["repairs"], "\(repairs) is out of range", "from \(Limits.repairs.words)")
        }
        if vote == nil, let calls = budget.calls, calls <= repairs {
            fail(
                .noRoomForRepairs,
                ["budget", "calls"],
                "\(calls) calls leave no room for \(repairs) repairs",
                "allow more than \(repairs) calls, or fewer repairs"
            )
        }
    }
}
