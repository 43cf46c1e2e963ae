// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tells whether a role still answers a fixed set of probes as it did.
///
/// Old and new answer the same probes, any number of times and in any order. On each probe an ``OrderBet`` runs, and
/// on each measure a ``SignBet``. What the bets are worth is put together so that a change in all of the probes and a
/// change in a single one both show: half of the product over the probes and half of their mean, and then the mean
/// with the measures. As long as nothing has changed it ever reaches 1/α with a probability of at most α, however
/// often one looks.
///
/// Each pair has to be exchangeable: where old answers can still be asked for, draw by chance which of the two is
/// asked first; where they were stored, they have to be the first that were given, not picked.
public struct DriftTest: Hashable, Sendable, Codable {
    /// One answer to a probe.
    public struct Answer: Hashable, Sendable, Codable {
        /// The class that it falls into; `nil` where only measures are known.
        public var kind: String?
        /// What was measured of it, by name.
        public var measures: [String: Double]

        /// Makes an answer.
        public init(_ kind: String?, measures: [String: Double] = [:]) {
            self.kind = kind
            self.measures = measures
        }
    }

    /// The probes, or groups of probes that are thought to change together, in order.
    public let probes: [String]
    /// The measures, in order.
    public let measures: [String]
    /// The pairs of no known probe and the differences that were no numbers, which were left out.
    public private(set) var unusable = 0
    /// The pairs of answers that were taken.
    public private(set) var pairs = 0
    /// The largest that ``logE`` has been.
    public private(set) var peak = 0.0
    private var orders: [String: OrderBet] = [:]
    private var signs: [String: SignBet] = [:]
    /// The logarithm of the product over the probes.
    private var product = 0.0

    /// Begins a test of one new performer against one old.
    ///
    /// - Parameters:
    ///   - probes: All probes or groups of probes; which there are has to be fixed beforehand. The same twice counts
    ///     once.
    ///   - measures: The names of what is measured of the answers. The same twice counts once.
    public init(probes: [String], measures: [String] = []) {
        self.probes = Set(probes).sorted()
        self.measures = Set(measures).sorted()
        for probe in self.probes { orders[probe] = OrderBet() }
        for measure in self.measures { signs[measure] = SignBet() }
    }

    /// Takes a pair of answers to one probe.
    ///
    /// Everything that is known of the pair has to come in one call: it is one look.
    ///
    /// - Parameters:
    ///   - probe: One of ``probes``; a pair of any other is counted as unusable and left out.
    ///   - old: The answer of the old performer.
    ///   - new: The answer of the new one.
    public mutating func see(_ probe: String, old: Answer, new: Answer) {
        guard var bet = orders[probe] else {
            unusable += 1
            return
        }
        if let first = old.kind, let second = new.kind {
            let before = bet.logE
            bet.see(old: first, new: second)
            product += bet.logE - before
            orders[probe] = bet
        }
        for measure in measures {
            guard let first = old.measures[measure], let second = new.measures[measure] else { continue }
            // Also of two infinities.
            if (second - first).isNaN { unusable += 1 }
            signs[measure]?.see(second - first)
        }
        pairs += 1
        peak = max(peak, logE)
    }

    /// The bet on one probe, to say where the change is.
    public func order(of probe: String) -> OrderBet? { orders[probe] }

    /// The bet on one measure.
    public func sign(of measure: String) -> SignBet? { signs[measure] }

    /// The natural logarithm of the evidence that the answers have changed, as it stands.
    public var logE: Double {
        var bets = measures.compactMap { signs[$0]?.logE }
        if !probes.isEmpty {
            let mean = LogSum.mean(probes.compactMap { orders[$0]?.logE })
            bets.append(LogSum.of(product, mean) - log(2))
        }
        return LogSum.mean(bets)
    }

    /// Whether the evidence has ever been enough.
    ///
    /// - Parameter alpha: The chance that it ever is without cause, above 0 and below 1.
    /// - Returns: False for any other chance.
    public func isDrift(alpha: Double) -> Bool { alpha > 0 && alpha < 1 && peak >= -log(alpha) }
}
