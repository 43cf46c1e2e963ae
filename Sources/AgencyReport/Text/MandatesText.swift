// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyJudgment
public import AgencySchema

/// How choices by rule fare in every architecture that allows a mandate for them.
public struct MandatesText: TextBlock {
    private let records: [MandateRecord]

    /// Makes the text.
    ///
    /// - Parameter records: What is known, in the order in which it is shown.
    public init(_ records: [MandateRecord]) { self.records = records }

    /// The same as sentences, one paragraph for each thing that is said.
    public var paragraphs: [String] {
        records.isEmpty
            ? [Self.none]
            : records.map {
                "\($0.work): \($0.evidence.words) \($0.standingWords) (cast \($0.cast.short))"
            }
    }

    private static let none = "No run that is over has an architecture that allows a mandate for its choices."

    /// Lays them out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading("Choices by rule")
        if records.isEmpty {
            page.paragraph(
                "No run that is over has an architecture that allows a mandate for its choices.",
                tone: .quiet
            )
        }
        for record in records {
            page.paragraph(record.work, lead: "§ ", leadTone: .heading)
            page.paragraph(record.evidence.words, indent: 4)
            page.paragraph(record.standingWords, indent: 4)
            page.paragraph("cast \(record.cast.short)", indent: 4, tone: .quiet)
        }
        return page.text
    }

    /// The same for programs.
    public static func json(_ records: [MandateRecord]) -> JSONValue {
        .array(
            records.map { record in
                [
                    "work": .string(record.work), "cast": .string(record.cast.hex),
                    "standing": .string(record.grade.standing.rawValue),
                    "successes": .integer(Int64(record.evidence.successes)),
                    "failures": .integer(Int64(record.evidence.failures)),
                    "lower_bound": .number(record.evidence.lowerBound),
                    "floor": .number(record.terms.success),
                    "mandate": record.granted.map { .string($0.mandate.id) } ?? .null,
                    "granted_by": record.granted.map { .string($0.person) } ?? .null,
                    "until_ms": record.granted.map { .integer($0.mandate.untilMilliseconds) } ?? .null,
                    "proposed_in": record.proposedIn.map { .string($0.rawValue) } ?? .null,
                    "granted_in": record.grantedIn.map { .string($0.rawValue) } ?? .null,
                    "ended": record.ended.map { .string($0.rawValue) } ?? .null,
                ]
            }
        )
    }
}

extension MandateRecord {
    /// How it stands, in a sentence.
    var standingWords: String {
        if let granted {
            return granted.words
        }
        let over = isOver ? "The time of its last mandate is over. " : ""
        let before = ended.map { "The last mandate ended: \($0.words). " } ?? over
        switch grade.standing {
        case .proposable:
            let place = proposedIn.map { "agency delegate grant \($0) --why …" } ?? "the next run that ends proposes it"
            return before + "It may be granted: \(place)"
        case .beyondCeiling: return "Its stakes stay with people, whatever the record."
        case .unproven, .granted:
            let need =
                "needed are at least \(terms.cases.counted("case")) and a rate shown to be above \(terms.success.percent), with "
                + "a chance of error of at most \(terms.falseGrants.percent)"
            return before + "People choose; \(need)."
        }
    }
}

extension DelegationGrade.Reason {
    /// Why a mandate ended, after “ended:”.
    var words: String {
        switch self {
        case .boundFell: "what its cases show has fallen"
        case .decline: "it was wrong too often since it was granted"
        case .drift: "a role's judgement has moved"
        case .performerChanged: "another performer took over"
        case .stakes: "the stakes have risen"
        case .person: "a person took it back"
        }
    }
}
