// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What several evaluators forecast on one statement.
///
/// They are kept in the order of their names, so that every sum over them comes out the same whatever order they came in.
public struct Forecasts: Hashable, Sendable {
    /// One of them.
    public struct Entry: Hashable, Sendable {
        /// Who says so.
        public let evaluator: Evaluator
        /// What was said.
        public let probability: Probability
    }

    /// Who gave a probability, in the order of their names.
    public let entries: [Entry]
    /// Who was asked and gave none: NaN or a number below 0 or above 1; they are absent, not wrong.
    public let missing: [Evaluator]

    /// Takes what was given; of several by one evaluator the last counts.
    public init(_ given: some Sequence<(Evaluator, Double)>) {
        var entries: [Entry] = []
        var missing: [Evaluator] = []
        let sorted = given.enumerated().sorted {
            $0.element.0.name == $1.element.0.name ? $0.offset < $1.offset : $0.element.0.name < $1.element.0.name
        }
        for (place, (_, (evaluator, value))) in sorted.enumerated() {
            if place + 1 < sorted.count, sorted[place + 1].element.0.name == evaluator.name { continue }
            if let probability = Probability(value) {
                entries.append(Entry(evaluator: evaluator, probability: probability))
            } else {
                missing.append(evaluator)
            }
        }
        self.entries = entries
        self.missing = missing
    }

    /// Takes what was given by evaluators that stand alone.
    public init(_ given: [String: Double]) { self.init(given.map { (Evaluator($0.key), $0.value) }) }

    /// Takes what a docket kept, with the family of each evaluator.
    public init(_ given: [String: Probability], family: (String) -> String? = { _ in nil }) {
        self.init(given.map { (Evaluator($0.key, family: family($0.key)), $0.value.value) })
    }

    /// Whether nobody gave a probability.
    public var isEmpty: Bool { entries.isEmpty }
}

extension Forecasts: ExpressibleByDictionaryLiteral {
    /// Takes what was given by evaluators that stand alone; of several by one evaluator the last counts.
    public init(dictionaryLiteral elements: (String, Double)...) {
        self.init(elements.map { (Evaluator($0.0), $0.1) })
    }
}
