// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// The episodes that the current stage still needs, in order.
    ///
    /// An episode that was begun and not finished is due: it has no effect, so it is performed again.
    public func dueOrders() -> [EpisodeOrder] {
        ordersOfStage().filter { episodes[$0.id]?.isOver != true }
    }

    /// Whether an episode is among those that the current stage still needs.
    ///
    /// Asked for each episode that is begun, so it must not list a stage of thousands.
    func isDue(_ order: EpisodeOrder) -> Bool {
        guard episodes[order.id]?.isOver != true else { return false }
        switch currentStage {
        case .propose(let role, let count):
            return (0..<max(1, count)).contains(order.narrative) && order == proposing(role, order.narrative + 1)
        case .evaluate(let roles):
            guard let subject = order.subject, options.contains(where: { $0.id == subject }) else { return false }
            return roles.contains(order.role) && order == evaluating(order.role, subject)
        case .probe(let role, let times): return isProbing(order, role, times: times)
        default: return dueOrders().contains(order)
        }
    }

    private func ordersOfStage() -> [EpisodeOrder] {
        switch currentStage {
        case .propose(let role, let count): (1...Self.width(count)).map { proposing(role, $0) }
        case .critique(let role, let rounds): critiquing(role, rounds: rounds)
        case .evaluate(let roles): roles.flatMap { role in options.map { evaluating(role, $0.id) } }
        case .explain(let role): [EpisodeOrder(id: "\(cycle).explain.\(role)", role: role, task: .explain)]
        case .update(let role, _): [revising(role)]
        case .probe(let role, let times): probing(role, times: times)
        case .iterate, .choose, .enact, nil: []
        }
    }

    /// How many proposals are made side by side; whatever a record says, an agenda has an end.
    private static func width(_ count: Int) -> Int { max(1, min(count, Limits.proposals.upperBound)) }

    private func proposing(_ role: RoleName, _ index: Int) -> EpisodeOrder {
        EpisodeOrder(id: "\(cycle).propose.\(role).\(index)", role: role, task: .propose, narrative: index - 1)
    }

    private func evaluating(_ role: RoleName, _ proposal: ProposalID) -> EpisodeOrder {
        EpisodeOrder(id: "\(cycle).evaluate.\(role).\(proposal)", role: role, task: .evaluate, subject: proposal)
    }

    private func revising(_ role: RoleName) -> EpisodeOrder {
        EpisodeOrder(id: "\(cycle).revise.\(role)", role: role, task: .revise, subject: enactment.proposal)
    }

    /// One round after another: first every critique, then the mending of what was criticised.
    private func critiquing(_ critic: RoleName, rounds: Int) -> [EpisodeOrder] {
        var orders: [EpisodeOrder] = []
        for round in 1...max(1, min(rounds, Limits.rounds.upperBound)) {
            let critiques = options.map { option in
                EpisodeOrder(
                    id: "\(cycle).critique.\(critic).\(option.id).\(round)",
                    role: critic,
                    task: .critique,
                    subject: option.id
                )
            }
            orders += critiques
            guard critiques.allSatisfy({ episodes[$0.id]?.isOver == true }) else { return orders }
            let refinements = critiques.compactMap { mending($0, round: round) }
            orders += refinements
            guard refinements.allSatisfy({ episodes[$0.id]?.isOver == true }) else { return orders }
        }
        return orders
    }

    private func mending(_ critique: EpisodeOrder, round: Int) -> EpisodeOrder? {
        guard let subject = critique.subject, episodes[critique.id]?.status == .completed,
            let author = author(of: subject), let found = critiques[subject],
            !found.objections.isEmpty || !found.suggestions.isEmpty
        else { return nil }
        let id = EpisodeID("\(cycle).refine.\(author.role).\(subject).\(round)")
        // What a later round finds is mended in that round; it does not open an earlier one again.
        let later = EpisodeID("\(cycle).critique.\(critique.role).\(subject).\(round + 1)")
        guard episodes[id] != nil || episodes[later] == nil else { return nil }
        return EpisodeOrder(
            id: id,
            role: author.role,
            task: .refine,
            subject: subject,
            narrative: author.narrative
        )
    }

    /// The episode in which a proposal was first written.
    private func author(of proposal: ProposalID) -> EpisodeOrder? {
        guard let episode = proposals[proposal]?.episode else { return nil }
        return episodes[episode]?.order
    }

    /// The answer that a person waits for.
    func dueAnswer() -> EpisodeOrder? {
        guard let question = questions.first(where: { $0.answer == nil && !$0.failed }),
            let role = architecture?.roles.first(where: { $0.kind == .explain })?.name
        else { return nil }
        let order = EpisodeOrder(id: "\(cycle).answer.\(role).q\(question.number)", role: role, task: .answer)
        return episodes[order.id]?.isOver == true ? nil : order
    }

    /// Takes in what an episode produced.
    mutating func absorb(_ event: EpisodeCompleted, of order: EpisodeOrder) throws {
        if let words = event.output["dissent"]?.string, !words.trimmingWhitespace.isEmpty {
            dissents.append(Dissent(role: order.role, episode: order.id, statement: words))
        }
        switch order.task {
        case .propose: try absorbProposal(event, of: order)
        case .refine: try absorbRefinement(event, of: order)
        case .critique:
            guard let subject = order.subject else { return }
            critiques[subject] = try event.output.decode(Critique.self)
        case .evaluate: try absorbEvaluation(event, of: order)
        case .explain: explanation = event.explanation
        case .answer:
            guard let index = questions.firstIndex(where: { $0.answer == nil && !$0.failed }) else { return }
            questions[index].answer = event.explanation
            questions[index].failed = event.explanation == nil
            sheet = nil
        case .revise: try absorbRevision(event, of: order)
        case .probe: try absorbProbe(event, of: order)
        // Verdicts are part of the ballot that asked for them, and steps of a long work have events of their own.
        case .verify, .advance: break
        }
    }

    private mutating func absorbProposal(_ event: EpisodeCompleted, of order: EpisodeOrder) throws {
        var width = 1
        if case .propose(_, let count) = architecture?.flow.first(where: { $0.word == "propose" }) {
            width = Self.width(count)
        }
        let draft = try event.output.decode(ProposalDraft.self)
        let id = ProposalID("p\(returnsUsed * width + order.narrative + 1)")
        let proposal = draft.proposal(id: id, episode: order.id, parent: nil)
        let isNew = proposals.updateValue(proposal, forKey: id) == nil
        if !isNew, let index = options.firstIndex(where: { $0.id == id }) {
            options[index] = proposal
        } else {
            // Parallel episodes end in any order; the options keep the order of their numbers.
            let place = options.lastIndex { Self.number($0.id) < Self.number(id) }.map { $0 + 1 } ?? 0
            options.insert(proposal, at: place)
        }
    }

    private static func number(_ id: ProposalID) -> Int { Int(id.rawValue.dropFirst()) ?? .max }

    private mutating func absorbRefinement(_ event: EpisodeCompleted, of order: EpisodeOrder) throws {
        guard let subject = order.subject, let before = proposals[subject],
            let index = options.firstIndex(where: { $0.id == subject })
        else { return }
        let draft = try event.output.decode(ProposalDraft.self)
        // The first episode stays its author, so that a later round goes to the same narrative.
        let proposal = draft.proposal(id: subject, episode: before.episode, parent: before.parent)
        proposals[subject] = proposal
        options[index] = proposal
    }

    private mutating func absorbEvaluation(_ event: EpisodeCompleted, of order: EpisodeOrder) throws {
        guard let subject = order.subject else { return }
        let draft = try event.output.decode(EvaluationDraft.self)
        evaluations.removeAll { $0.role == order.role && $0.proposal == subject }
        evaluations.append(draft.evaluation(role: order.role, proposal: subject, episode: order.id))
        // Answers come in any order; what is read from them, and shown, must not depend on it.
        evaluations = evaluations.sorted { rank($0) < rank($1) }
    }

    /// The place of an evaluation: by option, then by role in the order of declaration.
    private func rank(_ evaluation: Evaluation) -> (Int, Int) {
        let option = options.firstIndex { $0.id == evaluation.proposal } ?? -1
        return (option, architecture?.roles.firstIndex { $0.name == evaluation.role } ?? 0)
    }

    private mutating func absorbRevision(_ event: EpisodeCompleted, of order: EpisodeOrder) throws {
        let draft = try event.output.decode(ProposalDraft.self)
        let parent = order.subject ?? enactment.proposal
        updatesUsed += 1
        let root = parent?.rawValue.split(separator: ".").first.map(String.init) ?? "p"
        let id = ProposalID("\(root).r\(updatesUsed)")
        let proposal = draft.proposal(id: id, episode: order.id, parent: parent)
        proposals[id] = proposal
        options = [proposal]
        cycle += 1
        choice = nil
        sheet = nil
        explanation = nil
        reason = nil
        stage = judgementStage
    }
}

/// A proposal as an episode writes it.
struct ProposalDraft: Codable {
    var title: String
    var summary: String
    var steps: [Step]
    var assumptions: [String]

    func proposal(id: ProposalID, episode: EpisodeID?, parent: ProposalID?) -> Proposal {
        Proposal(
            id: id,
            title: title,
            summary: summary,
            plan: Plan(steps: steps, assumptions: assumptions),
            episode: episode,
            parent: parent
        )
    }
}

/// An evaluation as an episode writes it.
struct EvaluationDraft: Codable {
    var summary: String
    var scores: [Evaluation.Score]
    var objections: [Objection]
    var probability: Double?

    func evaluation(role: RoleName, proposal: ProposalID, episode: EpisodeID) -> Evaluation {
        Evaluation(
            role: role,
            proposal: proposal,
            episode: episode,
            scores: scores,
            probability: probability,
            objections: objections,
            summary: summary
        )
    }
}
