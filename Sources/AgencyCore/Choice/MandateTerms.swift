// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment

/// When an architecture's choices may be made by rule, if a person grants it.
///
/// The rule takes the option that is most likely to reach the goals, if it is likely enough and nobody objects. How often that
/// has been right is known from runs that people chose in.
public struct MandateTerms: Hashable, Sendable, Codable {
    /// The rate of success that the cases have to be shown to surpass, between 0.5 and 1.
    public var success: Double
    /// The fewest settled cases.
    public var cases: Int
    /// The chance that the rate is ever found to be surpassed when it is not, between 0 and 0.2.
    public var falseGrants: Double
    /// The highest stakes, of the brief and of every step.
    public var stakes: Stakes
    /// The least probability of an option that the rule takes, between 0.5 and 1.
    public var atLeast: Double

    /// Makes terms.
    public init(
        success: Double,
        cases: Int = 20,
        falseGrants: Double = 0.05,
        stakes: Stakes = .low,
        atLeast: Double = 0.8
    ) {
        self.success = success
        self.cases = cases
        self.falseGrants = falseGrants
        self.stakes = stakes
        self.atLeast = atLeast
    }

    private enum CodingKeys: String, CodingKey {
        case success, cases, falseGrants = "false-grants", stakes, atLeast = "at-least"
    }

    /// The same as the numbers know it.
    var delegation: DelegationTerms {
        DelegationTerms(floor: success, alpha: falseGrants, leastCases: cases, ceiling: stakes.rank)
    }
}

extension Stakes {
    /// Its place from the lowest.
    var rank: Double { Double(Self.allCases.firstIndex(of: self) ?? 0) }
}

extension RunState {
    /// The digest of what a choice is made by: the architecture, everybody who performed for it and what their profiles said
    /// of them at the start, the tools and the policy.
    ///
    /// With another model or another word in a prompt it is another, and what was shown of the one shows nothing of the other.
    /// Programs name themselves: that a name stands for the same thing as before is what probes are for.
    public var cast: Digest {
        let profiles = (started?.performers ?? [:]).map { "profile \($0.key)=\($0.value)" }.sorted()
        let tools = (try? Digest(encoding: started?.tools ?? []))?.hex ?? ""
        let named = makers.map(\.description).sorted()
        let lines = [architecture?.digest.hex ?? "", tools, started?.policy?.digest.hex ?? ""] + profiles + named
        return Digest(of: lines.map { $0.replacing("\n", with: " ") }.joined(separator: "\n"))
    }

    /// Whoever proposed or judged.
    var makers: Set<RecordKey> {
        let tasks: Set<EpisodeOrder.Task> = [.propose, .critique, .refine, .evaluate]
        let done = episodes.values.filter { $0.status == .completed && tasks.contains($0.order.task) }
        return Set(done.map(recordKey))
    }

    /// The option that may be taken by rule at the choice as it stands: the most likely one, where it is likely enough, nobody
    /// objects or dissents, the stakes are not too high, and nothing has gone otherwise than planned before.
    ///
    /// - Returns: `nil` where the rule takes none, and a person has to choose.
    public var rulePick: ProposalID? {
        guard let terms = architecture?.choosing?.mandate, personsNeeded == 1, isSigned, cycle == 0, choices.isEmpty,
            halt == nil, dissents.isEmpty, questions.isEmpty, (brief?.stakes ?? .high) <= terms.stakes
        else { return nil }
        // What a person wrote in was judged by nobody.
        guard options.allSatisfy({ $0.episode != nil && $0.asks == nil }) else { return nil }
        let likely = options.compactMap { option in probability(of: option.id).map { (option, $0) } }
        guard likely.count == options.count, let best = likely.max(by: { $0.1 < $1.1 }), best.1 >= terms.atLeast,
            likely.count(where: { $0.1 == best.1 }) == 1,
            // What a proposer says of its steps is not enough: a checkpoint has to undo whatever they do.
            best.0.plan.steps.allSatisfy({ $0.stakes <= terms.stakes && effects(of: $0).staysInWorkspace }),
            records?.evaluators.contains(where: { $0.drift != nil }) != true,
            !evaluations.contains(where: { one in
                one.proposal == best.0.id && one.objections.contains { $0.severity == .blocking }
            })
        else { return nil }
        return best.0.id
    }
}
