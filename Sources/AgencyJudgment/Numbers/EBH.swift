// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Picks from many pieces of evidence those to believe, so that few of the picked are false.
///
/// The k strongest are picked for the largest k at which the k-th is at least m / (k α), of m. Of what is picked at
/// most a share α is false on average, however the pieces depend on one another.
///
/// > Source: the e-BH procedure, R. Wang and A. Ramdas, False discovery rate control with e-values, 2022, arXiv
/// > 2009.02824.
public enum EBH {
    /// Picks those to believe.
    ///
    /// What is given has to be the evidence as it stands, not the largest that it ever was: the largest is no e-value.
    ///
    /// - Parameters:
    ///   - logE: The natural logarithm of each e-value. NaN counts as no evidence.
    ///   - alpha: The share of false ones, above 0.
    /// - Returns: Their places, in rising order; none for a share that is not above 0.
    public static func found(_ logE: [Double], alpha: Double) -> [Int] {
        guard alpha > 0 else { return [] }
        let evidence = logE.map { $0.isNaN ? -.infinity : $0 }
        // Equal evidence is picked in the order given, though the rule never picks one of equals only.
        let order = evidence.indices.sorted { (-evidence[$0], $0) < (-evidence[$1], $1) }
        let enough = order.indices.last { rank in
            evidence[order[rank]] >= log(Double(evidence.count)) - log(Double(rank + 1)) - log(alpha)
        }
        guard let enough else { return [] }
        return order[...enough].sorted()
    }
}
