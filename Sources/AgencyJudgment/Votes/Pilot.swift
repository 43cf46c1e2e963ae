// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What a pilot showed: several samples of each of several items, and how many of them were right.
public struct Pilot: Hashable, Sendable {
    /// One item.
    public struct Item: Hashable, Sendable {
        /// The samples taken.
        public var samples: Int
        /// Those that were right.
        public var right: Int

        /// Makes an item; what is right is cut to what was taken.
        public init(samples: Int, right: Int) {
            self.samples = max(0, samples)
            self.right = min(max(0, right), max(0, samples))
        }
    }

    /// The items.
    public var items: [Item]

    /// Makes a pilot.
    public init(_ items: [Item]) { self.items = items.filter { $0.samples > 0 } }

    /// The mean share of right samples; `nil` without items.
    public var success: Double? {
        items.isEmpty ? nil : mean(items) { Double($0.right) / Double($0.samples) }
    }

    /// The correlation of errors between two samples of one item; `nil` when no item has two, or when nothing varies.
    ///
    /// (q₂ − (1 − p)²) / (p (1 − p)), where q₂ is the share of pairs of samples of one item that are both wrong, which
    /// estimates its numerator without bias. It may be negative by chance.
    public var correlation: Double? {
        let paired = items.filter { $0.samples > 1 }
        guard let success, success > 0, success < 1, !paired.isEmpty else { return nil }
        let bothWrong = mean(paired) { item in
            let wrong = Double(item.samples - item.right)
            return wrong * (wrong - 1) / (Double(item.samples) * Double(item.samples - 1))
        }
        let wrong = 1 - success
        return (bothWrong - wrong * wrong) / (success * wrong)
    }

    /// The mixture that fits what was seen; `nil` without items.
    ///
    /// A correlation that could not be measured, or that is negative by chance, counts as none.
    public var mixture: StepMixture? {
        success.map { StepMixture(success: $0, correlation: correlation ?? 0) }
    }

    /// The share of items of which all of `tries` samples are right: the mean of C(c, k) / C(n, k).
    ///
    /// > Source: τ-bench, arXiv 2406.12045.
    ///
    /// - Returns: `nil` when no item has so many samples.
    public func allRight(of tries: Int) -> Double? {
        chance(of: tries) { Self.allRight($0.right, of: $0.samples, tries) }
    }

    /// The share of items of which at least one of `tries` samples is right: the mean of 1 − C(n − c, k) / C(n, k).
    ///
    /// - Returns: `nil` when no item has so many samples.
    public func anyRight(of tries: Int) -> Double? {
        chance(of: tries) { 1 - Self.allRight($0.samples - $0.right, of: $0.samples, tries) }
    }

    private func chance(of tries: Int, _ value: (Item) -> Double) -> Double? {
        let enough = items.filter { $0.samples >= tries }
        guard tries > 0, !enough.isEmpty else { return nil }
        return mean(enough, value)
    }

    /// C(c, k) / C(n, k), as a product so that nothing overflows.
    private static func allRight(_ right: Int, of samples: Int, _ tries: Int) -> Double {
        guard right >= tries else { return 0 }
        return (0..<tries).reduce(1) { $0 * Double(right - $1) / Double(samples - $1) }
    }

    private func mean(_ items: [Item], _ value: (Item) -> Double) -> Double {
        items.reduce(0) { $0 + value($1) } / Double(items.count)
    }
}
