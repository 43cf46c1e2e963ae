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
        var flags: [Int: String] = [:]
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

    /// One answer as it came.
    struct Sample: Sendable {
        var text: String
        /// Why there is no answer, if there is none.
        var flag: String?
        var usage: Usage
        var performer: String?
        var isRecorded = false
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
            if let failure = shortage(ending, request) {
                ending.result = .failure(failure)
                break
            }
            let (place, _) = ending.take(try await sample(request)) { assess($0).flag }
            guard let flag = ending.flags[place] else {
                ending.result = .success(place)
                break
            }
            ending.result = .failure(Ending.Failure(code: "invalid-output", message: flag))
        }
        return ending
    }

    /// Samples answers side by side until the ballot is decided.
    private func count(_ vote: VotePolicy, _ request: TurnRequest) async throws -> Ending {
        var ending = Ending(result: .failure(Ending.Failure(code: "undecided", message: "no answer has won")))
        var ballot = Ballot<Int>(vote.rule)
        // For each different text the first one that says the same, or `nil` when it does not count.
        var meanings: [Int?] = []
        var known: [Digest: Int] = [:]
        try await withThrowingTaskGroup(of: Sample.self) { group in
            var inFlight = 0
            while ballot.isOpen {
                for _ in 0..<ballot.wanted(inFlight: inFlight) {
                    if let failure = shortage(ending, request) {
                        ending.result = .failure(failure)
                        return
                    }
                    // A performer in this process often answers without waiting; then nothing needs to be woken.
                    if #available(macOS 26, *) {
                        group.addImmediateTask { try await sample(request) }
                    } else {
                        group.addTask { try await sample(request) }
                    }
                    inFlight += 1
                }
                guard let sample = try await group.next() else { return }
                inFlight -= 1
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
                if let meaning = meanings[place] { ballot.count(meaning) } else { ballot.discard() }
            }
        }
        if let winner = ballot.winner { ending.result = .success(winner) }
        return ending
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

    private func sample(_ request: TurnRequest) async throws -> Sample {
        let worst = Performance.worstCase(of: request, by: profile)
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
            return Sample(text: "", flag: "\(error)", usage: usage)
        } catch {
            purse.settle(worst, actual: Usage(), seconds: stopwatch.seconds)
            throw error
        }
    }

    /// Says why a text cannot count, or by what it is compared with others if it can.
    private func assess(_ text: String, under vote: VotePolicy? = nil) -> (flag: String?, answer: Digest?) {
        if let most = vote?.flags.bytes, text.utf8.count > most { return ("longer than \(most) bytes", nil) }
        do {
            let output = try JSONValue(parsing: text.trimmingWhitespace)
            if let fault = Performance.faults(of: output, against: prompt.output).first { return ("\(fault)", nil) }
            guard let vote else { return (nil, nil) }
            guard let answer = vote.answer(of: output) else {
                return ("a part by which answers are compared is missing", nil)
            }
            return (nil, answer)
        } catch {
            return ("not one JSON value: \(error)", nil)
        }
    }

    private func shortage(_ ending: Ending, _ request: TurnRequest) -> Ending.Failure? {
        let worst = Performance.worstCase(of: request, by: profile)
        let limits = role.budget
        if let tokens = limits.tokens, ending.usage.tokens + worst.inputTokens >= tokens {
            return Ending.Failure(code: "out-of-tokens", message: "another answer would exceed the role's \(tokens)")
        }
        if let money = limits.money, ending.usage.money + worst.money > money {
            return Ending.Failure(code: "out-of-money", message: "another answer could exceed the role's \(money)")
        }
        if let calls = limits.calls, ending.votes.count >= calls {
            return Ending.Failure(code: "out-of-calls", message: "no answer that counts after \(calls) calls")
        }
        do {
            try purse.reserve(worst)
            return nil
        } catch {
            return Ending.Failure(code: "out-of-budget", message: error.description)
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
    mutating func take(_ sample: Advance.Sample, _ assess: (String) -> String?) -> (place: Int, isNew: Bool) {
        usage += sample.usage
        performer = sample.performer ?? performer
        isRecorded = isRecorded || sample.isRecorded
        let known = answers.firstIndex { $0.utf8.elementsEqual(sample.text.utf8) }
        let place = known ?? answers.count
        votes.append(place)
        guard known == nil else { return (place, false) }
        answers.append(sample.text)
        if let flag = sample.flag ?? assess(sample.text) { flags[place] = String(flag.prefix(400)) }
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
                    flags: flags,
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
