// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The samples of one episode that was voted on, and how they were counted.
public struct BallotRecord: Hashable, Sendable, Codable {
    /// The rule, in words.
    public var rule: String
    /// The different answers that counted, in the order of the samples that first gave them.
    public var answers: [Answer]
    /// Every sample, in the order in which they were begun.
    public var samples: [Sample]
    /// The place in ``samples`` of the one whose output stands: the first with the answer that won; `nil` when undecided.
    public var winner: Int?

    /// Makes a record.
    public init(rule: String, answers: [Answer] = [], samples: [Sample], winner: Int?) {
        self.rule = rule
        self.answers = answers
        self.samples = samples
        self.winner = winner
    }

    /// One answer and its votes.
    public struct Answer: Hashable, Sendable, Codable {
        /// What all outputs with this answer have in common.
        public var key: Digest
        /// How many samples gave it.
        public var votes: Int

        /// Makes an answer.
        public init(key: Digest, votes: Int) {
            self.key = key
            self.votes = votes
        }
    }

    /// One sample.
    public struct Sample: Hashable, Sendable, Codable {
        /// The place of its answer in ``BallotRecord/answers``; `nil` when it did not count.
        public var answer: Int?
        /// Why it did not count, as a stable word: `too-long`, `ill-formed`, `schema-invalid`, `rejected`, `unverified`,
        /// `cancelled`, `late`, or the word for why an episode fails.
        public var flag: String?
        /// Why it did not count, in a line.
        public var note: String?
        /// Its whole conversation; `nil` when it was cancelled.
        public var transcript: ArtefactReference?
        /// The verifier's whole conversation about it.
        public var verdict: ArtefactReference?
        /// Who performed, as they name themselves.
        public var performer: String
        /// What it consumed, the verifier included.
        public var usage: Usage
        /// How long it took, the verifier included.
        public var milliseconds: Int

        /// Makes a sample.
        public init(
            answer: Int? = nil,
            flag: String? = nil,
            note: String? = nil,
            transcript: ArtefactReference? = nil,
            verdict: ArtefactReference? = nil,
            performer: String,
            usage: Usage = Usage(),
            milliseconds: Int = 0
        ) {
            self.answer = answer
            self.flag = flag
            self.note = note
            self.transcript = transcript
            self.verdict = verdict
            self.performer = performer
            self.usage = usage
            self.milliseconds = milliseconds
        }
    }
}

extension BallotRecord {
    /// The samples that counted.
    public var votes: Int { answers.reduce(0) { $0 + $1.votes } }

    /// The ballot in a line: `ahead by 3, at most 15 samples: 4 votes 3–1, 1 discarded (too-long); decided`.
    public var line: String {
        Self.line(
            rule: rule,
            votes: answers.map(\.votes),
            flags: samples.filter { $0.answer == nil }.map { $0.flag },
            isDecided: winner != nil
        )
    }

    /// A ballot in a line.
    ///
    /// - Parameters:
    ///   - rule: The rule, in words.
    ///   - votes: The votes of each answer.
    ///   - flags: Why samples did not count: one for each, `nil` where no word is known.
    ///   - isDecided: Whether an answer won.
    /// - Returns: The line.
    public static func line(rule: String, votes: [Int], flags: [String?], isDecided: Bool) -> String {
        let counts = votes.sorted(by: >).map(String.init).joined(separator: "–")
        let kinds = Dictionary(grouping: flags.compactMap(\.self)) { $0 }.mapValues(\.count)
        let words = kinds.sorted { $0.key < $1.key }.map { $0.value == 1 ? $0.key : "\($0.value) × \($0.key)" }
        let discarded = words.isEmpty ? "" : ", \(flags.count) discarded (\(words.joined(separator: ", ")))"
        let sum = votes.reduce(0, +)
        let counted = sum == 1 ? "1 vote" : "\(sum) votes" + (counts.isEmpty ? "" : " \(counts)")
        return "\(rule): \(counted)\(discarded); \(isDecided ? "decided" : "undecided")"
    }
}
