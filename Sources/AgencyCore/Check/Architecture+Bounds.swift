// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Computes the worst case of a run before anything runs.
    ///
    /// The first pass and each time a person sends the work back take all stages up to the explanation. Each update takes
    /// one episode to revise the plan, one of every evaluator for the revised plan, and one to explain it.
    ///
    /// - Parameters:
    ///   - brief: What is asked for; its resources are what the worst case is compared with.
    ///   - profiles: Who performs; their prices bound the money, their concurrency the time.
    /// - Returns: The worst case. It is defined for any architecture, but means something only where
    ///   ``faults(tools:profiles:)`` is empty.
    public func bounds(for brief: Brief, profiles: [Profile]) -> Bounds {
        var tally = Tally(architecture: self, profiles: profiles, questions: brief.questions?.count ?? 0)
        let updates = flow.lazy.compactMap { if case .update(_, let most) = $0 { max(0, most) } else { nil } }
        let passes = max(0, choosing?.returns ?? 0).saturatingPlus(1)
        let revisions = updates.first ?? 0
        tally.count(flow, passes: passes, revisions: revisions)
        tally.bounds.exceeded = tally.bounds.beyond(brief.resources).map { "\($0.key): \($0.words)" }
        return tally.bounds
    }
}

private struct Tally {
    let architecture: Architecture
    let profiles: [Profile]
    /// The questions that a probe asks.
    let questions: Int
    var bounds = Bounds()

    init(architecture: Architecture, profiles: [Profile], questions: Int) {
        self.architecture = architecture
        self.profiles = profiles
        self.questions = questions
    }

    /// Episodes of one role that are performed side by side.
    struct Batch {
        var role: RoleName
        var count: Int
    }

    mutating func count(_ flow: [Stage], passes: Int, revisions: Int) {
        let proposals =
            flow.lazy.compactMap { if case .propose(_, let count) = $0 { max(0, count) } else { nil } }.first ?? 0
        let again = passes == 1 ? "" : " × \(passes) passes"
        for stage in flow {
            switch stage {
            case .propose(let role, let count):
                add("propose", [Batch(role: role, count: max(0, count))], times: passes, again)
            case .critique(let role, let rounds):
                let times = passes.saturatingTimes(max(0, rounds))
                let words = (rounds == 1 ? "" : " × \(rounds) rounds") + again
                add("critique", [Batch(role: role, count: proposals)], times: times, words)
                for case .propose(let proposer, _) in flow {
                    add("refine", [Batch(role: proposer, count: proposals)], times: times, words)
                }
            case .evaluate(let roles):
                add("evaluate", roles.map { Batch(role: $0, count: proposals) }, times: passes, again)
                if revisions > 0 {
                    add(
                        "evaluate revised",
                        roles.map { Batch(role: $0, count: 1) },
                        times: revisions,
                        " × \(revisions)"
                    )
                }
            case .explain(let role):
                add("explain", [Batch(role: role, count: 1)], times: passes, again)
                if revisions > 0 {
                    add("explain revised", [Batch(role: role, count: 1)], times: revisions, " × \(revisions)")
                }
                add(
                    "answer",
                    [Batch(role: role, count: 1)],
                    times: Limits.questions,
                    " × \(Limits.questions) questions"
                )
            case .update(let role, _):
                add("update", [Batch(role: role, count: 1)], times: revisions, " × \(revisions)")
            case .iterate(let role, let atMost):
                add("iterate", [Batch(role: role, count: 1)], times: max(0, atMost), " × \(atMost.grouped) steps")
            case .probe(let role, let times):
                let count = questions.saturatingTimes(max(0, times))
                add(
                    "probe",
                    [Batch(role: role, count: count)],
                    times: 1,
                    " (\(questions.grouped) questions × \(times.grouped))"
                )
            case .choose(let choosing):
                let choices = passes.saturatingPlus(revisions)
                let persons = choosing.persons
                let time = choosing.within.map { "made within \(Double($0).durationWords) and " } ?? ""
                bounds.derivation.append(
                    "choose: at most \(choices) choices\(persons > 1 ? " by \(persons) persons" : ""), each \(time)open for "
                        + "\(Double(choosing.expires).durationWords), which is not counted"
                )
            case .enact:
                let plans = revisions.saturatingPlus(1)
                bounds.effects = Limits.steps.saturatingTimes(plans)
                let words = plans == 1 ? "1 plan" : "\(plans) plans"
                bounds.derivation.append("enact: \(words) × \(Limits.steps) steps = \(bounds.effects.grouped) effects")
            }
        }
    }

    /// Adds batches that run side by side, repeated one after another.
    private mutating func add(_ stage: String, _ batches: [Batch], times: Int, _ words: String) {
        var busy: [ProfileName?: Double] = [:]
        for batch in batches {
            guard let role = architecture.role(batch.role) else { continue }
            let episodes = batch.count.saturatingTimes(times)
            bounds.episodes = bounds.episodes.saturatingPlus(episodes)
            guard let vote = role.vote else {
                count(stage, role, batch.count, times: times, words, &busy)
                continue
            }
            let samples = max(1, vote.rule.mostSamples)
            let most = " × \(samples) samples"
            count(stage, role, batch.count.saturatingTimes(samples), of: batch.count, times: times, most + words, &busy)
            if case .verified(let name, _) = vote.rule, let verifier = architecture.role(name) {
                let count = batch.count.saturatingTimes(samples)
                self.count("verify", verifier, count, of: batch.count, times: times, most + words, &busy)
            }
        }
        // Performers of different profiles do not wait for one another; those of one profile share its places.
        bounds.seconds += (busy.values.max() ?? 0) * Double(times)
    }

    /// Counts performances that run side by side; of `written` episodes when each is performed several times.
    private mutating func count(
        _ stage: String,
        _ role: Role,
        _ count: Int,
        of written: Int? = nil,
        times: Int,
        _ words: String,
        _ busy: inout [ProfileName?: Double]
    ) {
        let profile = profiles.first { $0.name == role.performer }
        let limits = role.limits(performedBy: profile)
        let performances = count.saturatingTimes(times)
        let tokens = performances.saturatingTimes(limits.tokens ?? 0)
        bounds.calls = bounds.calls.saturatingPlus(performances.saturatingTimes(limits.calls ?? 0))
        bounds.tokens = bounds.tokens.saturatingPlus(tokens)
        let cost = limits.money.map { $0 * performances }
        bounds.money = bounds.money.flatMap { sum in cost.map { sum + $0 } }
        // In the worst case samples come one at a time, so only those of different episodes run side by side.
        let inTurn = (Double(written ?? count) / Double(max(1, profile?.concurrency ?? 1))).rounded(.up)
        let rounds = Double(count) / Double(max(1, written ?? count))
        busy[profile?.name, default: 0] += inTurn * rounds * (limits.seconds ?? 0)
        let price = cost.map { $0 == .zero ? "" : ", \($0.boundWords)" } ?? ", price unknown"
        bounds.derivation.append(
            "\(stage): \(role.name) \(written ?? count) × \((limits.tokens ?? 0).grouped) tokens\(words)"
                + " = \(tokens.grouped) tokens\(price)"
        )
    }
}

extension Bounds {
    /// Where these numbers are beyond a budget: its part, and by how much.
    func beyond(_ resources: Budget) -> [(key: String, words: String)] {
        var lines: [(key: String, words: String)] = []
        func compare(_ what: String, _ worst: String, _ allowed: String) {
            lines.append((what, "up to \(worst), the brief allows \(allowed)"))
        }
        if let most = resources.tokens, tokens > most { compare("tokens", tokens.grouped, most.grouped) }
        if let most = resources.calls, calls > most { compare("calls", calls.grouped, most.grouped) }
        if let most = resources.seconds, seconds > most {
            compare("seconds", seconds.durationWords, most.durationWords)
        }
        if let most = resources.money {
            if let money {
                if money > most { compare("money", money.boundWords, most.boundWords) }
            } else {
                lines.append(("money", "unknown, the brief allows \(most.boundWords)"))
            }
        }
        return lines
    }
}
