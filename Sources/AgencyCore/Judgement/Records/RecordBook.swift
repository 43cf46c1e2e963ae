// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyJudgment

/// The track records of all who forecast in some runs.
///
/// The same runs give the same book, in whatever order they are taken up: they are sorted before anything is summed.
public struct RecordBook: Hashable, Sendable {
    /// One record.
    public struct Entry: Hashable, Sendable {
        /// Whose it is.
        public let key: RecordKey
        /// What became of what was settled.
        public let record: TrackRecord
        /// Forecasts of which nothing is known yet, or never will be.
        public let unsettled: Int
        /// Times when a probability was asked for and none was given; held against nobody.
        public let missing: Int
        /// Outcomes that a later one contradicts.
        public let disputed: Int
        /// When the first of the runs began, in milliseconds since 1970 UTC.
        public let sinceMilliseconds: Int64
        /// The bets against all of its forecasts, in the order of the runs: whether they are together too far off.
        public let surprise: SurpriseTest
        /// What is expected of the next forecasts, drawn to those of who came before and who are like it.
        public let expected: ExpectedScore
    }

    /// The chance that forecasts which are as good as they say are ever called too far off, for one record.
    public static let falseAlarms = 0.01

    /// The records, in the order of their keys.
    public let entries: [Entry]

    /// What the probes of roles show, in the order of their keys; whether anything has moved or not.
    public let comparisons: [RoleDrift]

    private let drafts: [RecordKey: Draft]
    private let drifted: Set<RecordKey>

    /// Makes a book of some runs.
    ///
    /// - Parameters:
    ///   - runs: The runs.
    ///   - drifted: Whose judgement was seen to have moved since it was played before; what was known of those before says
    ///     nothing of them.
    public init(_ runs: some Sequence<RunForecasts>, drifted: Set<RecordKey> = []) {
        let all = Array(runs)
        let probes = RoleProbes(all)
        let runs = probes.current(all)
        var drafts: [RecordKey: Draft] = [:]
        for run in runs.sorted(by: { ($0.startedAtMilliseconds, $0.run) < ($1.startedAtMilliseconds, $1.run) }) {
            for forecast in run.forecasts {
                drafts[forecast.key, default: Draft(since: run.startedAtMilliseconds)].take(forecast)
            }
        }
        comparisons = probes.comparisons
        let drifted = drifted.union(comparisons.filter(\.isDrift).map(\.now))
        self.drafts = drafts
        self.drifted = drifted
        let book = drafts
        entries = drafts.keys.sorted().map { Self.entry(of: $0, among: book, drifted) }
    }

    /// The record of a key; one that is not in the book has nothing but what is known of those before it.
    public func entry(of key: RecordKey) -> Entry { Self.entry(of: key, among: drafts, drifted) }

    private static func entry(of key: RecordKey, among drafts: [RecordKey: Draft], _ drifted: Set<RecordKey>) -> Entry {
        let draft = drafts[key] ?? Draft(since: .max)
        let hasMoved = drifted.contains { $0.isPlayed(as: key) }
        let others = drafts.keys.filter { $0 != key && $0.plays(as: key) }.sorted()
        let parent = others.filter { (drafts[$0]?.since ?? .max) < draft.since }
            .max { (drafts[$0]?.since ?? 0, $0) < (drafts[$1]?.since ?? 0, $1) }
        var group = TrackRecord()
        for other in others where other != parent {
            if let record = drafts[other]?.record { group.merge(record) }
        }
        let before = hasMoved ? nil : parent.flatMap { drafts[$0]?.record }
        return Entry(
            key: key,
            record: draft.record,
            unsettled: draft.unsettled,
            missing: draft.missing,
            disputed: draft.disputed,
            sinceMilliseconds: draft.since,
            surprise: draft.surprise,
            expected: draft.record.shrunk(to: before, group: hasMoved ? TrackRecord() : group)
        )
    }

    /// What the probes of the role of a record show; `nil` where there were none that could be compared.
    public func comparison(of key: RecordKey) -> RoleDrift? { comparisons.first { $0.now.isPlayed(as: key) } }

    /// The records of one role, each as it is among all.
    public func only(of role: String) -> RecordBook {
        RecordBook(
            entries: entries.filter { $0.key.role == role },
            comparisons: comparisons.filter { $0.role.rawValue == role },
            drafts: drafts,
            drifted: drifted
        )
    }

    private init(
        entries: [Entry],
        comparisons: [RoleDrift],
        drafts: [RecordKey: Draft],
        drifted: Set<RecordKey>
    ) {
        self.entries = entries
        self.comparisons = comparisons
        self.drafts = drafts
        self.drifted = drifted
    }

    private struct Draft: Hashable, Sendable {
        var since: Int64
        var record = TrackRecord()
        var unsettled = 0
        var missing = 0
        var disputed = 0
        var surprise = SurpriseTest(alpha: RecordBook.falseAlarms)

        init(since: Int64) { self.since = since }

        mutating func take(_ forecast: RunForecasts.Forecast) {
            guard let probability = forecast.probability else { return missing += 1 }
            guard let outcome = forecast.outcome else { return unsettled += 1 }
            record.settle(probability, outcome: outcome)
            surprise.see(probability.value, outcome: outcome)
            if forecast.isDisputed { disputed += 1 }
        }
    }
}
