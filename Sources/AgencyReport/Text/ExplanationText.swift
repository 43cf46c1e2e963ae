// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// An account with its claims, each with its standing and the record that it cites.
struct ExplanationText {
    private let explanation: Explanation?
    private let title: String

    init(_ explanation: Explanation?, title: String) {
        self.explanation = explanation
        self.title = title
    }

    func write(to page: inout TextPage) {
        guard let explanation else { return }
        page.heading(title, note: explanation.countsText)
        page.paragraph(explanation.summary)
        for claim in explanation.claims {
            page.paragraph(claim.text, lead: claim.standing.mark + " ", leadTone: claim.standing.tone)
            for citation in claim.citations {
                let found = citation.found ? "" : " (not found in the record)"
                page.paragraph("“\(citation.quote)”\(found)", indent: 6, lead: citation.record + ": ", tone: .quiet)
            }
        }
    }
}

extension Explanation {
    /// The numbers of claims by standing: `9 verified · 2 asserted · 1 uncited`.
    var countsText: String {
        let counts = counts()
        return "\(counts.verified) verified · \(counts.asserted) asserted · \(counts.uncited) uncited"
    }
}

extension Claim.Standing {
    /// A shape that tells the standings apart without colour.
    var mark: String {
        switch self {
        case .verified: "✓"
        case .asserted: "?"
        case .uncited: "–"
        }
    }

    /// What the standing means, in a few words.
    var meaning: String {
        switch self {
        case .verified: "every quotation is in the record, byte for byte"
        case .asserted: "a quotation is not in the record"
        case .uncited: "cites nothing"
        }
    }

    var tone: TextStyle.Tone {
        switch self {
        case .verified: .good
        case .asserted: .caution
        case .uncited: .quiet
        }
    }
}
