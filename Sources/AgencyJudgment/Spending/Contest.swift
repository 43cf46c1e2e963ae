// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Spends a budget of evaluation on the proposals that could still be the best.
///
/// It says what to evaluate next, takes the results, and ends with an outcome. Proposals that break a hard constraint
/// are vetoed before anything is spent. The others meet the same questions of the same evaluators, the cheap ones
/// first, so that what a question is like does not count for or against any of them. One that is shown to be worse
/// than the leader drops out at once; at the end of a round the better half by rank stays, if there is enough to
/// spend that a rank means something. The outcome is clear when all the others that were still in are shown to be
/// worse; otherwise it is not determined, and the finalists are put before a person.
///
/// What it shows holds with ``Rules/risk`` for what was dropped as beaten. What a round drops by rank it drops
/// without proof.
///
/// > Source: sequential halving, Z. Karnin, T. Koren and O. Somekh, Almost optimal exploration in multi-armed
/// > bandits, 2013. That a leader is shown to be better is an e-process on the differences, that of betting on
/// > bounded means, with a share of the risk for each rival.
public struct Contest: Hashable, Sendable, Codable {
    /// One proposal.
    public struct Entry: Hashable, Sendable, Codable {
        /// What it is called.
        public var name: String
        /// The probability that it keeps each hard constraint, by the constraint's name.
        public var constraints: [String: Double]

        /// Makes an entry.
        public init(_ name: String, constraints: [String: Double] = [:]) {
            self.name = name
            self.constraints = constraints
        }
    }

    /// What proposals are judged by.
    public struct Criterion: Hashable, Sendable, Codable {
        /// What it is called.
        public let name: String
        /// How much it counts, as a person has set it.
        public let weight: Double

        /// Makes a criterion; a weight that is not above 0 or not finite counts as 0.
        public init(_ name: String, weight: Double = 1) {
            self.name = name
            self.weight = weight > 0 && weight.isFinite ? weight : 0
        }
    }

    /// One question to one evaluator, which can be put for any proposal.
    public struct Item: Hashable, Sendable, Codable {
        /// The evaluator.
        public let evaluator: String
        /// The question or the scenario.
        public let question: String
        /// What it costs for one proposal, in the unit of the budget.
        public let cost: Double

        /// Makes an item; a cost that is negative or not finite counts as 1.
        public init(evaluator: String, question: String, cost: Double = 1) {
            self.evaluator = evaluator
            self.question = question
            self.cost = cost >= 0 && cost.isFinite ? cost : 1
        }
    }

    /// One question to be put for one proposal.
    public struct Request: Hashable, Sendable, Codable {
        /// The place of the proposal.
        public let proposal: Int
        /// The place of the item.
        public let item: Int

        /// Makes a request.
        public init(proposal: Int, item: Int) {
            self.proposal = proposal
            self.item = item
        }
    }

    /// What is to be kept to.
    public struct Rules: Hashable, Sendable, Codable {
        /// What may be spent.
        public let budget: Double
        /// The chance that the best is ever dropped as beaten; at 0 nothing is ever shown, and everything is spent.
        public let risk: Double
        /// The items that are put at once.
        public let together: Int
        /// The items a proposal below which nothing is dropped by rank.
        public let leastToHalve: Int
        /// The least probability with which a proposal must keep a constraint, by the constraint's name.
        public let floors: [String: Double]

        /// Makes rules.
        ///
        /// - Parameters:
        ///   - budget: NaN and what is below 0 count as 0.
        ///   - risk: From 0 to below 1; what is not counts as .05.
        ///   - together: Below 1 counts as 1.
        ///   - leastToHalve: With fewer items a proposal, halving chooses worse than asking all alike.
        ///   - floors: Cut to 0 and 1; those that are NaN count as 1.
        public init(
            budget: Double,
            risk: Double = 0.05,
            together: Int = 1,
            leastToHalve: Int = 10,
            floors: [String: Double] = [:]
        ) {
            self.budget = budget > 0 ? min(budget, 1e300) : 0
            self.risk = risk >= 0 && risk < 1 ? risk : 0.05
            self.together = max(1, together)
            self.leastToHalve = leastToHalve
            self.floors = floors.mapValues { $0.isNaN ? 1 : min(1, max(0, $0)) }
        }
    }

    /// What has become of a proposal.
    public enum Fate: Hashable, Sendable, Codable {
        /// It could still win.
        case standing
        /// It breaks hard constraints, in order of their names.
        case vetoed([String])
        /// It was shown to be worse than another, by that one's place.
        case beaten(by: Int)
        /// It was not among the better half of a round, counted from 1.
        case outranked(round: Int)
    }

    /// How the contest stands.
    public enum Outcome: Hashable, Sendable, Codable {
        /// It goes on.
        case open
        /// This one is the best of those that were in to the end; the others were shown to be worse.
        case clear(Int)
        /// These could all be the best, the likeliest first.
        case notDetermined([Int])
        /// All were vetoed, or there were none.
        case noneStands
    }

    /// The proposals.
    public let entries: [Entry]
    /// What they are judged by.
    public let criteria: [Criterion]
    /// The questions, the cheap ones first.
    public let items: [Item]
    /// What is kept to.
    public let rules: Rules
    /// What has become of each proposal.
    public internal(set) var fates: [Fate]
    /// How it stands.
    public internal(set) var outcome: Outcome
    /// What was spent.
    public internal(set) var spent = 0.0
    /// The results that nobody had asked for, or that came twice, and were left out.
    public internal(set) var unusable = 0

    /// The answers to the items put so far, in the items' order, by the place of the proposal.
    ///
    /// An answer without scores is missing.
    var sheets: [[Int: Sheet]] = []
    /// What is to be asked and has not been answered.
    var waiting: [Request] = []
    var round = 1
    var rounds = 1
    var spentBeforeRound = 0.0

    /// The scores of a proposal on one item.
    struct Sheet: Hashable, Sendable, Codable {
        /// By the place of the criterion; `nil` where one is missing.
        var scores: [Double?]
    }

    /// Begins a contest.
    ///
    /// - Parameters:
    ///   - entries: The proposals. One whose probability of keeping a constraint is below the floor is vetoed; a
    ///     probability that is missing or is none vetoes nothing, see ``unchecked(_:)``.
    ///   - criteria: Where no weight is above 0, all count alike.
    ///   - items: The questions; those that cost the same are put in the order given, which has to be drawn by chance.
    ///   - rules: What is to be kept to.
    public init(_ entries: [Entry], criteria: [Criterion], items: [Item], rules: Rules) {
        // What is no probability is as good as missing, and could not be written down.
        let entries = entries.map { entry in
            Entry(entry.name, constraints: entry.constraints.filter { $0.value >= 0 && $0.value <= 1 })
        }
        self.entries = entries
        self.criteria = criteria
        let byCost = items.indices.sorted { (items[$0].cost, $0) < (items[$1].cost, $1) }
        self.items = byCost.map { items[$0] }
        self.rules = rules
        fates = entries.map { entry in
            let broken = rules.floors.keys.sorted().filter { name in
                entry.constraints[name].map { $0 < rules.floors[name] ?? 0 } ?? false
            }
            return broken.isEmpty ? .standing : .vetoed(broken)
        }
        outcome = .open
        begin()
    }

    /// The constraints of a proposal that nobody has given a probability for, in order of their names.
    public func unchecked(_ proposal: Int) -> [String] {
        guard entries.indices.contains(proposal) else { return [] }
        return rules.floors.keys.sorted().filter { entries[proposal].constraints[$0] == nil }
    }

    /// The places of the proposals that could still win, in order.
    public var standing: [Int] { fates.indices.filter { fates[$0] == .standing } }
}
