// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// A person's permission to make the choices of an architecture by rule, as it is cast now, for as long as the record of
/// such choices carries it.
public struct ChoiceMandate: Hashable, Sendable, Codable {
    /// Its name: 32 hexadecimal digits that no other has.
    public var id: String
    /// The run that proposed it and in which it was granted; a copy of the grant in another is none.
    public var run: RunID
    /// What had shown that it may be.
    public var evidence: MandateEvidence
    /// The architecture, by name.
    public var work: String
    /// What choices are made by: ``RunState/cast``.
    public var cast: Digest
    /// On what terms.
    public var terms: MandateTerms
    /// When it ends at the latest, in milliseconds since 1970 UTC.
    public var untilMilliseconds: Int64

    /// Makes a mandate.
    public init(
        id: String,
        run: RunID,
        evidence: MandateEvidence,
        work: String,
        cast: Digest,
        terms: MandateTerms,
        untilMilliseconds: Int64
    ) {
        self.id = id
        self.run = run
        self.evidence = evidence
        self.work = work
        self.cast = cast
        self.terms = terms
        self.untilMilliseconds = untilMilliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case id, run, evidence, work, cast, terms, untilMilliseconds = "until-ms"
    }

    /// The bytes that a desk signs: a line that says what they are, and every word of the mandate as canonical JSON.
    ///
    /// - Parameters:
    ///   - person: Who grants it.
    ///   - key: The ``DeskKey/id`` of the key that signs.
    /// - Returns: The bytes; no other kind of signature of this program begins with that line.
    public func statement(by person: String, key: String) -> [UInt8] {
        let json: JSONValue = [
            "mandate": (try? JSONValue(encoding: self)) ?? .null, "person": .string(person), "key": .string(key),
        ]
        return Array("OpenAgency choice mandate, version 1\n".utf8) + json.canonicalBytes
    }
}

/// A mandate with the signature of the desk where a person granted it.
public struct GrantedMandate: Hashable, Sendable, Codable {
    /// The mandate.
    public var mandate: ChoiceMandate
    /// Who granted it.
    public var person: String
    /// The ``DeskKey/id`` of the key that signed it.
    public var key: String
    /// The Ed25519 signature of ``ChoiceMandate/statement(by:key:)``, as 128 hexadecimal digits.
    public var signature: String

    /// Makes a granted mandate.
    public init(mandate: ChoiceMandate, person: String, key: String, signature: String) {
        self.mandate = mandate
        self.person = person
        self.key = key
        self.signature = signature
    }

    /// Whether one of some desks has signed every word of it.
    public func isSigned(by desks: [DeskKey]) -> Bool {
        desks.first { $0.id == key }?.verifies(signature, of: mandate.statement(by: person, key: key)) == true
    }
}
