// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation

/// The answers of roles to their probes, in the order in which they were given, and what comparing them shows.
///
/// The answers of a role as one performer plays it are compared with those of who played it before, and with its own
/// earlier ones: before and after each run, since nobody says when the model behind a name was changed. Each of these
/// comparisons has a share of the error, which is fixed when it begins, so that as many runs may follow as there are.
/// Answers that were voted on are compared with answers of the same vote only.
public struct RoleProbes: Hashable, Sendable {
    /// The answers that are compared with one another: of one role, on one kind of work, by one vote.
    private struct Part: Hashable, Comparable {
        var work: String
        var role: String
        var vote: String

        static func < (left: Part, right: Part) -> Bool {
            (left.work, left.role, left.vote) < (right.work, right.role, right.vote)
        }
    }

    /// The answers that one performer gave in one run.
    struct Session: Hashable {
        var key: RecordKey
        var run: RunID
        var endedAtMilliseconds: Int64
        var answers: [RunForecasts.Probed]
    }

    /// What comparing them shows for each role as one performer plays it, in the order of keys; where a performer answered
    /// by several votes, the comparison that shows most.
    public let comparisons: [RoleDrift]

    /// Compares the answers in some runs, in whatever order they come.
    public init(_ runs: some Sequence<RunForecasts>) {
        var parts: [Part: [Session]] = [:]
        let ordered = runs.filter { !$0.probed.isEmpty }
            .sorted { ($0.endedAtMilliseconds, $0.run) < ($1.endedAtMilliseconds, $1.run) }
        for run in ordered {
            // In a run of which a part was taken up elsewhere, more than one performer may have answered.
            for key in Set(run.probed.map(\.key)).sorted() {
                let answers = run.probed.filter { $0.key == key }
                guard let first = answers.first else { continue }
                let part = Part(work: key.work, role: key.role, vote: first.vote)
                parts[part, default: []].append(
                    Session(
                        key: key,
                        run: run.run,
                        endedAtMilliseconds: run.endedAtMilliseconds,
                        answers: answers
                    )
                )
            }
        }
        var found: [RecordKey: RoleDrift] = [:]
        var changes: [RoleDrift] = []
        for part in parts.sorted(by: { $0.key < $1.key }) {
            for drift in Self.compare(part.value) {
                if drift.isDrift, drift.isSameName { changes.append(drift) }
                // That it has changed itself, and when last, is the news; else what shows most.
                if let other = found[drift.now], Self.weight(other) >= Self.weight(drift) { continue }
                found[drift.now] = drift
            }
        }
        self.changes = changes
        comparisons = found.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Every time that the same name is known to have come to stand for something else.
    public let changes: [RoleDrift]

    private static func weight(_ drift: RoleDrift) -> (Int, Int64, Double) {
        drift.isDrift && drift.isSameName ? (1, drift.sinceMilliseconds, drift.logE) : (0, 0, drift.logE)
    }

    /// What is known of the performer of a role; `nil` where its answers could be compared with none.
    public func comparison(of key: RecordKey) -> RoleDrift? { comparisons.first { $0.now.isPlayed(as: key) } }

    /// The runs without what was forecast under a name behind which there was something else then, and without the cases of
    /// choices that rested on it.
    public func current(_ runs: [RunForecasts]) -> [RunForecasts] {
        guard !changes.isEmpty else { return runs }
        return runs.map { run in
            let before = changes.filter { $0.now.work == run.work && run.startedAtMilliseconds < $0.sinceMilliseconds }
            guard !before.isEmpty else { return run }
            var run = run
            run.forecasts.removeAll { forecast in before.contains { $0.now.isPlayed(as: forecast.key) } }
            // Cases in which it took no part stay.
            if run.makers.contains(where: { maker in before.contains { $0.now.isPlayed(as: maker) } }) {
                run.moments.removeAll(where: \.isEvidence)
            }
            return run
        }
    }

    /// The most runs before which one performer may be found to have changed; a later change shows at the last of them.
    static let mostChanges = 64
    /// The most pairs of one comparison; what comes after them is not looked at, so that a choice never waits long.
    static let mostPairs = 4096

    /// Compares every performer of one role with who was asked before it, and with itself.
    private static func compare(_ sessions: [Session]) -> [RoleDrift] {
        Set(sessions.map(\.key)).sorted().flatMap { key -> [RoleDrift] in
            let own = sessions.indices.filter { sessions[$0].key == key }
            guard let first = own.first else { return [] }
            let order = sessions.map(\.run)
            let before = sessions[..<first].last?.key
            var drifts: [RoleDrift] = []
            if let before {
                let old = sessions.filter { $0.key == before }
                ProbeBet(old: old, new: own.map { sessions[$0] }, order: order).drift(share: 0.5).map {
                    drifts.append($0)
                }
            }
            // After a change everything is compared with what came after it.
            var since = own[...]
            while let change = change(in: since.map { sessions[$0] }, order, share: before == nil ? 1 : 0.5) {
                drifts.append(change.drift)
                guard change.drift.isDrift else { break }
                since = since.dropFirst(change.place)
            }
            return drifts
        }
    }

    /// The place before which the answers of one performer differ most from those after it.
    private static func change(
        in sessions: [Session],
        _ order: [RunID],
        share: Double
    ) -> (place: Int, drift: RoleDrift)? {
        let found = sessions.indices.dropFirst().prefix(mostChanges).compactMap {
            place -> (place: Int, drift: RoleDrift)? in
            // The shares of all places at which it may have changed come to what is left for them.
            let bet = ProbeBet(old: Array(sessions[..<place]), new: Array(sessions[place...]), order: order)
            return bet.drift(share: share / Double(place * (place + 1))).map { (place, $0) }
        }
        return found.max { $0.drift.logE < $1.drift.logE }
    }
}

/// One comparison: the n-th earlier answer to each question with the n-th later one, in the order in which the pairs came
/// to be.
private struct ProbeBet {
    struct Pair {
        var old: RunForecasts.Probed
        var new: RunForecasts.Probed
        /// The place of the run with which the pair was complete.
        var run: Int
        var number: Int
    }

    let pairs: [Pair]
    let new: [RoleProbes.Session]

    init(old: [RoleProbes.Session], new: [RoleProbes.Session], order: [RunID]) {
        self.new = new
        let places = Dictionary(order.enumerated().map { ($1, $0) }) { first, _ in first }
        func answers(_ sessions: [RoleProbes.Session]) -> [Digest: [(place: Int, answer: RunForecasts.Probed)]] {
            var found: [Digest: [(place: Int, answer: RunForecasts.Probed)]] = [:]
            for session in sessions {
                for answer in session.answers {
                    found[answer.asked, default: []].append((places[session.run] ?? 0, answer))
                }
            }
            return found
        }
        let earlier = answers(old)
        let pairs = answers(new).flatMap { asked, later in
            zip(earlier[asked] ?? [], later).enumerated().map { number, pair in
                Pair(
                    old: pair.0.answer,
                    new: pair.1.answer,
                    run: max(pair.0.place, pair.1.place),
                    number: number
                )
            }
        }
        let ordered = pairs.sorted { ($0.run, $0.new.asked.hex, $0.number) < ($1.run, $1.new.asked.hex, $1.number) }
        self.pairs = Array(ordered.prefix(RoleProbes.mostPairs))
    }

    /// What the pairs show, with a share of the error.
    func drift(share: Double) -> RoleDrift? {
        guard let first = pairs.first, let start = new.first, let since = new.first?.endedAtMilliseconds else {
            return nil
        }
        // What is bet on has to be fixed beforehand: the questions that both had been asked when there was a first pair.
        let probes = Set(pairs.filter { $0.run == first.run }.map(\.new.asked.hex))
        var test = DriftTest(probes: Array(probes), measures: ["length", "probability"])
        var names: [String: String] = [:]
        for pair in pairs {
            let probe = pair.new.asked.hex
            names[probe] = pair.new.answer.question
            test.see(probe, old: pair.old.seen, new: pair.new.seen)
        }
        let most = test.probes.max { (test.order(of: $0)?.logE ?? 0, $1) < (test.order(of: $1)?.logE ?? 0, $0) }
        return RoleDrift(
            role: RoleName(start.key.role),
            was: pairs[0].old.key,
            now: start.key,
            logE: test.peak + log(share),
            pairs: test.pairs,
            question: most.flatMap { names[$0] } ?? "",
            run: start.run,
            sinceMilliseconds: since
        )
    }
}

extension RunForecasts.Probed {
    /// What is compared of it: what was chosen, or the stance; how long it is, and how sure it is.
    fileprivate var seen: DriftTest.Answer {
        var measures = ["length": Double(answer.answer.count)]
        measures["probability"] = answer.probability
        let isChosen = isChoice && answer.stance == .answer
        return DriftTest.Answer(isChosen ? "chose \(answer.answer)" : answer.stance.rawValue, measures: measures)
    }
}
