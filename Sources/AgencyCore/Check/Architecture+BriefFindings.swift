// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Where the architecture and a brief do not fit together.
    func briefFindings(_ brief: Brief, profiles: [Profile]) -> [Finding] {
        let bounds = bounds(for: brief, profiles: profiles)
        var findings = bounds.beyond(brief.resources).map { excess in
            Finding(
                .beyondBrief,
                ["resources", .name(excess.key)],
                "the worst case of “\(name)” is more than the brief allows: \(excess.words)",
                hint:
                    "allow more, or bound the architecture closer; agency check --brief shows how the number comes about",
                in: .brief
            )
        }
        findings += faults(for: brief)
        return findings
    }

    /// Finds the rules that this architecture and a brief break together so that they may not run; empty when they may.
    ///
    /// That the worst case is beyond the brief is no reason not to begin: the limits hold all the same.
    ///
    /// - Returns: The findings of severity error, with paths that begin at the brief.
    public func faults(for brief: Brief) -> [Finding] {
        if flow.contains(where: { $0.word == "probe" }), (brief.questions ?? []).isEmpty {
            let hint = "write them under questions, or ask them with: agency probe ROLE --questions FILE"
            return [
                Finding(.missingPart, ["questions"], "there are no questions to probe with", hint: hint, in: .brief)
            ]
        }
        guard !flow.contains(where: { $0.word == "iterate" }) else { return [] }
        return brief.goals.looks(at: ["goals"]).filter { $0.check.tool == ToolManifest.state.name }.map { look in
            Finding(
                .missingState,
                look.path + ["tool"],
                "“\(name)” has no iterate stage, and so no state that the check could look at",
                hint: "use an architecture with an iterate stage, or a check on the workspace",
                in: .brief
            )
        }
    }

    /// Models that cost something, as far as anybody knows.
    func priceFindings(_ profiles: [Profile]) -> [Finding] {
        profiles.compactMap { profile in
            guard profile.isRemote, profile.inputPrice == .zero, profile.outputPrice == .zero else { return nil }
            let unlimited = roles.filter { $0.performer == profile.name && $0.budget.money == nil }.map(\.name.rawValue)
            guard !unlimited.isEmpty else { return nil }
            return Finding(
                .unknownPrice,
                ["profiles", .name(profile.name.rawValue)],
                "“\(profile.name)” has no prices, and there is no limit of money for \(unlimited.joined(separator: ", "))",
                hint: "write prices: {input: …, output: …} in dollars for a million tokens",
                in: .profiles
            )
        }
    }
}

extension [Goal] {
    /// The checks of all goals, each with the way to it.
    fileprivate func looks(at path: [Finding.Part]) -> [(path: [Finding.Part], check: Check)] {
        enumerated().flatMap { index, goal in
            let place = path + [.index(index)]
            let own = goal.check.map { [(path: place + ["check"], check: $0)] } ?? []
            return own + goal.goals.looks(at: place + ["goals"])
        }
    }
}
