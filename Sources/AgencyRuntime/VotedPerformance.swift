// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyLedger
import AgencySchema

extension Performance {
    /// Performs the episode: once, or as many samples as its role's vote takes.
    ///
    /// - Throws: what ``perform()`` throws.
    func play() async throws -> Ending {
        guard let voting else { return try await perform() }
        return try await voting.wrappedValue.perform()
    }

    /// The same, sampled, if its role is voted on.
    @inline(never)
    private var voting: Boxed<VotedPerformance>? {
        role.vote.map { Boxed(wrappedValue: VotedPerformance(sample: self, policy: $0)) }
    }

    /// The same performance under the name of one of its samples, by which recordings tell them apart.
    fileprivate func numbered(_ number: Int) -> Performance {
        var sample = self
        sample.order.id = EpisodeID("\(order.id).v\(number + 1)")
        return sample
    }
}

/// One episode that is sampled until its answers are decided.
struct VotedPerformance: Sendable {
    /// What each sample is.
    let sample: Performance
    let policy: VotePolicy

    /// What came of one sample.
    fileprivate struct Drawn: Sampled {
        var ending: Performance.Ending?
        var verdict: Performance.Ending?
        /// The answer, when it may count.
        var answer: Digest?
        var flag: String?
        var note: String?

        var usage: Usage { (ending?.usage ?? Usage()) + (verdict?.usage ?? Usage()) }
        var milliseconds: Int { (ending?.milliseconds ?? 0) + (verdict?.milliseconds ?? 0) }
        var isUnaffordable: Bool { flag == "out-of-budget" }
    }

    /// Samples until the ballot is decided.
    ///
    /// - Throws: `PerformerError` when a sample cannot be performed now: the run waits, and the ballot is held again from
    ///   its beginning; `CancellationError`.
    func perform() async throws -> Performance.Ending {
        var poll = Poll<Digest, Drawn>(policy.rule)
        var drawn: [Int: Drawn] = [:]
        try await poll.hold(draw: draw) { number, one, isLate in
            drawn[number] = isLate ? one.late : one
            return one.answer
        }
        let samples = drawn.sorted { $0.key < $1.key }.map(\.value)
        let shortage = poll.isShort ? samples.first { $0.isUnaffordable }?.note : nil
        return ending(poll.ballot, samples, shortage)
    }

    private func draw(_ number: Int) async throws -> Drawn {
        let sample = sample.numbered(number)
        do {
            var drawn = Drawn(ending: try await sample.perform())
            switch drawn.ending?.result {
            case .completed(let output)?: try await weigh(output, of: sample, &drawn)
            case .failed(let code, let message)?: (drawn.flag, drawn.note) = (code, message)
            case nil: break
            }
            return drawn
        } catch is CancellationError {
            return Drawn(flag: "cancelled", note: "the ballot closed, or the work was interrupted")
        }
    }

    /// Finds the answer in an output, and has it verified where the rule says so.
    private func weigh(_ output: JSONValue, of sample: Performance, _ drawn: inout Drawn) async throws {
        guard let answer = policy.answer(of: output, to: sample.order.task) else {
            (drawn.flag, drawn.note) = ("ill-formed", "a part that must be equal is not there")
            return
        }
        guard let verification = sample.verification else {
            drawn.answer = answer
            return
        }
        let verdict = try await verification.wrappedValue.performance(of: output, from: sample)?.perform()
        drawn.verdict = verdict
        switch verdict?.result {
        case .completed(let output)?:
            let verdict = try? output.decode(Verdict.self)
            if verdict?.accept == true { drawn.answer = answer }
            if verdict?.accept != true { (drawn.flag, drawn.note) = ("rejected", verdict?.reason) }
        case .failed("out-of-budget", let message)?: (drawn.flag, drawn.note) = ("out-of-budget", message)
        case .failed(let code, let message)?: (drawn.flag, drawn.note) = ("unverified", "\(code): \(message)")
        case nil: (drawn.flag, drawn.note) = ("unverified", "nobody is there to verify it")
        }
    }
}

extension VotedPerformance.Drawn {
    /// The same when it came after the ballot had closed.
    fileprivate var late: Self {
        var copy = self
        if answer != nil { (copy.answer, copy.flag) = (nil, "late") }
        return copy
    }
}

extension VotedPerformance {
    private func ending(_ ballot: Ballot<Digest>, _ drawn: [Drawn], _ shortage: String?) -> Performance.Ending {
        let kept = drawn.map { ($0.ending?.transcriptArtefact, $0.verdict?.transcriptArtefact) }
        let record = record(ballot, drawn, kept)
        let stands = record.winner ?? drawn.firstIndex { $0.answer == ballot.leading } ?? 0
        let standing = drawn.indices.contains(stands) ? drawn[stands].ending : nil
        let result: Performance.Ending.Result
        switch standing?.result {
        case .completed(let output)? where record.winner != nil: result = .completed(output)
        default:
            result =
                shortage.map { .failed(code: "out-of-budget", message: $0) }
                ?? .failed(code: "undecided", message: record.line)
        }
        return Performance.Ending(
            result: result,
            transcript: standing?.transcript ?? [],
            usage: drawn.reduce(Usage()) { $0 + $1.usage },
            performer: standing?.performer ?? sample.performer.about,
            isRecorded: drawn.contains { $0.ending?.isRecorded == true || $0.verdict?.isRecorded == true },
            milliseconds: drawn.reduce(0) { $0 + $1.milliseconds },
            ballot: record,
            others: kept.flatMap { [$0, $1].compactMap(\.self) },
            hidden: drawn.lazy.compactMap { $0.ending?.hidden ?? $0.verdict?.hidden }.first
        )
    }

    private func record(
        _ ballot: Ballot<Digest>,
        _ drawn: [Drawn],
        _ kept: [(sample: Artefact?, verdict: Artefact?)]
    ) -> BallotRecord {
        var answers: [BallotRecord.Answer] = []
        let samples = zip(drawn, kept).map { one, kept in
            var place: Int?
            if let answer = one.answer {
                place = answers.firstIndex { $0.key == answer } ?? answers.count
                if place == answers.count { answers.append(BallotRecord.Answer(key: answer, votes: 0)) }
                if let place { answers[place].votes += 1 }
            }
            return BallotRecord.Sample(
                answer: place,
                flag: one.flag,
                note: one.note.map { String($0.prefix(400)) },
                transcript: kept.sample?.reference,
                verdict: kept.verdict?.reference,
                performer: one.ending?.performer ?? sample.performer.about,
                usage: one.usage,
                milliseconds: one.milliseconds
            )
        }
        let winner = ballot.winner.flatMap { winner in drawn.firstIndex { $0.answer == winner } }
        return BallotRecord(rule: policy.rule.words, answers: answers, samples: samples, winner: winner)
    }
}
