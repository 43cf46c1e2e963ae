// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencySchema

/// What every episode of a long work has in common: who performs it, on what, and within which limits.
struct Advance: Sendable {
    let run: RunID
    let order: EpisodeOrder
    let role: Role
    let prompt: IterationPrompt
    let performer: any Performer
    let profile: Profile
    let purse: Purse
    let clock: any Clock<Duration>

    /// What an episode came to.
    struct Ending: Sendable {
        var result: Result<Int, Failure>
        var answers: [String] = []
        var votes: [Int] = []
        /// Why answers do not count, by their place in ``answers``.
        var flags: [Int: Flag] = [:]
        var usage = Usage()
        var performer: String?
        var isRecorded = false
        var milliseconds = 0

        /// Why no answer counts.
        struct Failure: Error {
            var code: String
            var message: String
        }
    }

    /// Why an answer does not count.
    struct Flag: Sendable {
        /// The stable word for it.
        var word: String
        /// What is wrong with it.
        var note: String
    }

    /// One answer as it came.
    struct Sample: Sampled {
        var text = ""
        /// Why there is no answer, if there is none.
        var flag: Flag?
        var usage = Usage()
        var performer: String?
        var isRecorded = false
        /// Why nobody was asked, or the answer was not waited for.
        var absence: Flag?

        var isUnaffordable: Bool { absence?.word == Self.outOfBudget }

        /// The word for a call whose worst case the purse cannot hold.
        static let outOfBudget = "out-of-budget"
    }

    private var seconds: Double { role.budget.seconds ?? Limits.secondsPerEpisode }

    /// Performs the next episode: answers are asked for until one counts or none can be had.
    ///
    /// - Throws: `PerformerError` when nothing is wrong with the episode but it cannot be performed now;
    ///   `CancellationError`.
    func perform(number: Int, state: JSONValue) async throws -> Ending {
        let stopwatch = Stopwatch(clock)
        let request = request(number: number, state: state)
        var ending =
            if let vote = role.vote { try await count(vote, request) } else { try await first(request) }
        ending.milliseconds = Int(stopwatch.seconds * 1000)
        return ending
    }

    /// Takes the first answer that fits.
    private func first(_ request: TurnRequest) async throws -> Ending {
        var ending = Ending(result: .failure(Ending.Failure(code: "invalid-output", message: "no answer")))
        for _ in 0...role.repairs {
            let sample = try await sample(request, after: ending)
            if let absence = sample.absence {
                ending.result = .failure(Ending.Failure(code: absence.word, message: absence.note))
                break
            }
            let (place, _) = ending.take(sample) { assess($0).flag }
            guard let flag = ending.flags[place] else {
                ending.result = .success(place)
                break
            }
            ending.result = .failure(Ending.Failure(code: "invalid-output", message: flag.note))
        }
        return ending
    }

    /// Samples answers side by side until the ballot is decided.
    private func count(_ vote: VotePolicy, _ request: TurnRequest) async throws -> Ending {
        var poll = Poll<Int, Sample>(vote.rule)
        var ending = Ending(result: .failure(Ending.Failure(code: "undecided", message: "no answer has won")))
        // For each different text the first one that says the same, or `nil` when it does not count.
        var meanings: [Int?] = []
        var known: [Digest: Int] = [:]
        var discarded: [String] = []
        var shortage: Flag?
        try await poll.hold(draw: { _ in try await draw(request) }) { _, sample, isLate in
            if let absence = sample.absence {
                if sample.isUnaffordable { shortage = absence }
                discarded.append(absence.word)
                return nil
            }
            var answer: Digest?
            let (place, isNew) = ending.take(sample) { text in
                let assessed = assess(text, under: vote)
                answer = assessed.answer
                return assessed.flag
            }
            if isNew {
                meanings.append(answer.map { known[$0, default: place] })
                if let answer, known[answer] == nil { known[answer] = place }
            }
            if let meaning = meanings[place], !isLate { return meaning }
            discarded.append(ending.flags[place]?.word ?? "late")
            return nil
        }
        if let winner = poll.ballot.winner {
            ending.result = .success(winner)
        } else if poll.isShort, let shortage {
            ending.result = .failure(Ending.Failure(code: shortage.word, message: shortage.note))
        } else {
            let line = BallotRecord.line(
                rule: vote.rule.words,
                votes: poll.ballot.tally.map(\.votes),
                flags: discarded,
                isDecided: false
            )
            ending.result = .failure(Ending.Failure(code: "undecided", message: line))
        }
        return ending
    }

    /// Draws one sample of several.
    private func draw(_ request: TurnRequest) async throws -> Sample {
        do {
            return try await sample(request)
        } catch is CancellationError {
            return Sample(absence: Flag(word: "cancelled", note: "the ballot closed, or the work was interrupted"))
        }
    }

    private func request(number: Int, state: JSONValue) -> TurnRequest {
        TurnRequest(
            run: run,
            episode: EpisodeID("0.advance.\(role.name).\(number)"),
            role: role.name,
            messages: prompt.messages(for: state),
            output: prompt.output,
            outputTokens: profile.outputTokens,
            seconds: seconds
        )
    }

    /// Asks for one answer, unless the limits forbid it: the purse's, and the role's, which samples of a vote do not share.
    private func sample(_ request: TurnRequest, after before: Ending? = nil) async throws -> Sample {
        let worst = Performance.worstCase(of: request, by: profile)
        if let shortage = shortage(worst, before) { return Sample(absence: shortage) }
        let stopwatch = Stopwatch(clock)
        do {
            let turn = try await performer.respond(to: request)
            let usage = turn.usage.counted
            purse.settle(worst, actual: usage, seconds: stopwatch.seconds)
            return Sample(
                text: turn.text,
                usage: usage,
                performer: turn.performer == performer.about ? nil : turn.performer,
                isRecorded: turn.recorded
            )
        } catch let error as PerformerError {
            let usage = error.usage.counted
            purse.settle(worst, actual: usage, seconds: stopwatch.seconds)
            guard error.failsEpisode else { throw error }
            return Sample(flag: Flag(word: error.code.description, note: "\(error)"), usage: usage)
        } catch {
            purse.settle(worst, actual: Usage(), seconds: stopwatch.seconds)
            throw error
        }
    }

    /// Says why a text cannot count, or by what it is compared with others if it can.
    private func assess(_ text: String, under vote: VotePolicy? = nil) -> (flag: Flag?, answer: Digest?) {
        if let most = vote?.flags.bytes, text.utf8.count > most {
            return (Flag(word: "too-long", note: "longer than \(most) bytes"), nil)
        }
        do {
            let output = try JSONValue(parsing: text.trimmingWhitespace)
            if let fault = Performance.faults(of: output, against: prompt.output).first {
                return (Flag(word: "schema-invalid", note: "\(fault)"), nil)
            }
            guard let vote else { return (nil, nil) }
            guard let answer = vote.answer(of: output) else {
                return (Flag(word: "ill-formed", note: "a part by which answers are compared is missing"), nil)
            }
            return (nil, answer)
        } catch {
            return (Flag(word: "ill-formed", note: "not one JSON value: \(error)"), nil)
        }
    }

    /// Says why there can be no other answer, or sets its worst case aside.
    private func shortage(_ worst: Usage, _ before: Ending?) -> Flag? {
        let limits = role.budget
        let spent = before?.usage ?? Usage()
        if let tokens = limits.tokens, spent.tokens + worst.inputTokens >= tokens {
            return Flag(word: "out-of-tokens", note: "another answer would exceed the role's \(tokens)")
        }
        if let money = limits.money, spent.money + worst.money > money {
            return Flag(word: "out-of-money", note: "another answer could exceed the role's \(money)")
        }
        if let calls = limits.calls, (before?.votes.count ?? 0) >= calls {
            return Flag(word: "out-of-calls", note: "no answer that counts after \(calls) calls")
        }
        do {
            try purse.reserve(worst)
            return nil
        } catch {
            return Flag(word: Sample.outOfBudget, note: error.description)
        }
    }
}

extension Advance.Ending {
    /// Takes an answer in.
    ///
    /// - Parameters:
    ///   - sample: The answer.
    ///   - assess: Says why a text cannot count; asked once for each different text, which is most often one.
    /// - Returns: Its place among the different texts, and whether it is the first of its text.
    mutating func take(_ sample: Advance.Sample, _ assess: (String) -> Advance.Flag?) -> (place: Int, isNew: Bool) {
        usage += sample.usage
        performer = sample.performer ?? performer
        isRecorded = isRecorded || sample.isRecorded
        let known = answers.firstIndex { $0.utf8.elementsEqual(sample.text.utf8) }
        let place = known ?? answers.count
        votes.append(place)
        guard known == nil else { return (place, false) }
        answers.append(sample.text)
        if var flag = sample.flag ?? assess(sample.text) {
            flag.note = String(flag.note.prefix(400))
            flags[place] = flag
        }
        return (place, true)
    }

    /// What is recorded of it.
    func event(number: Int) throws -> Event {
        switch result {
        case .success(let winner):
            .stateAdvanced(
                try StateAdvanced(
                    number: number,
                    answers: answers,
                    votes: votes,
                    flags: flags.mapValues(\.note),
                    winner: winner,
                    usage: usage,
                    milliseconds: milliseconds,
                    performer: performer,
                    recorded: isRecorded
                )
            )
        case .failure(let failure):
            .advanceFailed(
                AdvanceFailed(
                    number: number,
                    code: failure.code,
                    message: failure.message,
                    answers: answers,
                    usage: usage,
                    milliseconds: milliseconds
                )
            )
        }
    }
}
