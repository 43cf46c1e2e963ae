// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// What a role is probed with.
    var probeQuestions: [ProbeQuestion] {
        Array((started?.brief.questions ?? []).prefix(Limits.questionsOfProbe.upperBound))
    }

    /// The question that an episode answers; `nil` for an episode that is no probe.
    public func probeQuestion(of order: EpisodeOrder) -> ProbeQuestion? {
        guard order.task == .probe, let asked = order.probe else { return nil }
        return probeQuestions.first { $0.id == asked.question }
    }

    /// The episodes of a probe, in order.
    func probing(_ role: RoleName, times: Int) -> [EpisodeOrder] {
        probeQuestions.flatMap { question in
            (1...Self.times(times)).map { probing(role, EpisodeOrder.Asked(question: question.id, time: $0)) }
        }
    }

    private func probing(_ role: RoleName, _ asked: EpisodeOrder.Asked) -> EpisodeOrder {
        let id = EpisodeID("0.probe.\(role).\(asked.question).\(asked.time)")
        return EpisodeOrder(id: id, role: role, task: .probe, probe: asked)
    }

    /// Whether an episode is one of a probe; asked for each that is begun.
    func isProbing(_ order: EpisodeOrder, _ role: RoleName, times: Int) -> Bool {
        guard let asked = order.probe, (1...Self.times(times)).contains(asked.time),
            probeQuestions.contains(where: { $0.id == asked.question })
        else { return false }
        return order == probing(role, asked)
    }

    /// How often a question is put; whatever a record says, an agenda has an end.
    private static func times(_ times: Int) -> Int { max(1, min(times, Limits.timesOfProbe.upperBound)) }

    /// The end of a probe, once everything was asked; `nil` in a run that is none.
    var endOfProbe: RunFinished? {
        guard case .probe(let role, let times)? = architecture?.flow.last else { return nil }
        let asked = probing(role, times: times).count
        let summary = "\(probes.count.grouped) answers of \(asked.grouped)"
        return RunFinished(outcome: probes.isEmpty ? .unmet : .done, summary: summary)
    }

    /// Answers with whose they are.
    func probed(_ answers: [ProbeAnswer]) -> [RunForecasts.Probed] {
        let questions = Dictionary(probeQuestions.map { ($0.id, $0) }) { first, _ in first }
        return answers.compactMap { answer in
            guard let record = episodes[answer.episode], let question = questions[answer.question] else { return nil }
            return RunForecasts.Probed(
                key: recordKey(of: record),
                vote: architecture?.role(record.order.role)?.vote?.rule.words ?? "",
                asked: question.asked,
                isChoice: question.choices != nil,
                answer: answer
            )
        }
    }

    /// Which roles of this run, as they are performed in it, answer their probes otherwise than before: each with a sentence.
    public func drift(by probes: RoleProbes) -> [RoleName: String] {
        guard !probes.comparisons.isEmpty else { return [:] }
        var last: [RoleName: EpisodeRecord] = [:]
        for id in episodeOrder {
            if let record = episodes[id] { last[record.order.role] = record }
        }
        return last.compactMapValues { record in
            probes.comparison(of: recordKey(of: record)).flatMap { $0.isDrift ? $0.words : nil }
        }
    }

    mutating func absorbProbe(_ event: EpisodeCompleted, of order: EpisodeOrder) throws {
        guard let asked = order.probe else { return }
        let draft = try event.output.decode(ProbeDraft.self)
        let answer = ProbeAnswer(
            question: asked.question,
            time: asked.time,
            stance: draft.stance,
            answer: draft.answer,
            probability: draft.probability,
            episode: order.id
        )
        // Answers come in any order; what is read from them must not depend on it.
        let places = Dictionary(probeQuestions.enumerated().map { ($1.id, $0) }) { first, _ in first }
        func rank(_ one: ProbeAnswer) -> (Int, Int) { (places[one.question] ?? .max, one.time) }
        var (low, high) = (0, probes.count)
        while low < high {
            let middle = (low + high) / 2
            if rank(probes[middle]) < rank(answer) { low = middle + 1 } else { high = middle }
        }
        if low < probes.count, probes[low].episode == order.id {
            probes[low] = answer
        } else {
            probes.insert(answer, at: low)
        }
    }
}

/// An answer as an episode writes it.
private struct ProbeDraft: Codable {
    var stance: ProbeAnswer.Stance
    var answer: String
    var probability: Double?
}
