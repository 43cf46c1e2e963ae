// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The account of the options that a person decides from.
public struct Explanation: Hashable, Sendable, Codable {
    /// The account in a paragraph.
    public var summary: String
    /// What it claims, each claim with the record that bears it out.
    public var claims: [Claim]

    /// Makes an explanation.
    public init(summary: String, claims: [Claim]) {
        self.summary = summary
        self.claims = claims
    }

    /// The numbers of claims by standing, for the head of the page.
    public func counts() -> (verified: Int, asserted: Int, uncited: Int) {
        let standings = claims.map(\.standing)
        return (
            standings.count { $0 == .verified }, standings.count { $0 == .asserted }, standings.count { $0 == .uncited }
        )
    }

    /// The same account with each citation compared byte for byte with the record as the explainer was shown it.
    ///
    /// - Parameter records: The exact text of each input, by its label.
    /// - Returns: The account with a standing for each claim.
    public func checked(against records: [String: String]) -> Explanation {
        var copy = self
        for index in copy.claims.indices { copy.claims[index].check(against: records) }
        return copy
    }
}

/// One claim of an explanation.
public struct Claim: Hashable, Sendable, Codable {
    /// The claim, in a sentence.
    public var text: String
    /// The places of the record that bear it out.
    public var citations: [Citation]
    /// What checking the citations showed.
    public var standing: Standing

    /// Makes a claim, not yet checked.
    public init(text: String, citations: [Citation]) {
        self.text = text
        self.citations = citations
        standing = citations.isEmpty ? .uncited : .asserted
    }

    /// Reads a claim; one that an episode wrote has no standing yet.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            text: try container.decode(String.self, forKey: .text),
            citations: try container.decode([Citation].self, forKey: .citations)
        )
        standing = try container.decodeIfPresent(Standing.self, forKey: .standing) ?? standing
    }

    /// What checking the citations of a claim showed.
    public enum Standing: String, Hashable, Sendable, Codable, CaseIterable {
        /// It cites the record, and every quotation is there byte for byte.
        case verified
        /// It cites the record, and at least one quotation is not there.
        case asserted
        /// It cites nothing.
        case uncited
    }

    mutating func check(against records: [String: String]) {
        for index in citations.indices {
            let quotation = Array(citations[index].quote.utf8)
            let record = records[citations[index].record].map { Array($0.utf8) }
            // Bytes, not characters: string comparison would take differently composed letters for the same.
            citations[index].found = !quotation.isEmpty && record?.firstRange(of: quotation) != nil
        }
        standing = citations.isEmpty ? .uncited : citations.allSatisfy(\.found) ? .verified : .asserted
    }
}

/// A quotation from the record.
public struct Citation: Hashable, Sendable, Codable {
    /// The label of the record that is quoted: `brief`, `proposal/p1`, `evaluation/auditor/p1`.
    public var record: String
    /// The words quoted.
    public var quote: String
    /// Whether the record has exactly these bytes.
    public var found: Bool

    /// Makes a citation, not yet checked.
    public init(record: String, quote: String) {
        self.record = record
        self.quote = quote
        found = false
    }

    /// Reads a citation; one that an episode wrote has not been looked up yet.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        record = try container.decode(String.self, forKey: .record)
        quote = try container.decode(String.self, forKey: .quote)
        found = try container.decodeIfPresent(Bool.self, forKey: .found) ?? false
    }
}
