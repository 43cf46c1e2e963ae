// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// A finding with what it is recognised by when lines have moved.
public struct FingerprintedFinding: Hashable, Sendable {
    /// The finding.
    public var finding: Finding
    /// Sixteen hexadecimal digits that stay the same while the finding is about the same thing.
    public var fingerprint: String
}

extension [Finding] {
    /// Gives each finding its fingerprint.
    ///
    /// It covers the rule, the name of what was checked, the names on the path and the subject; neither lines nor places in
    /// lists nor the wording of messages. Findings that are alike in all of that are told apart by their order.
    ///
    /// - Parameter name: The name of the architecture.
    /// - Returns: The findings in their order.
    public func fingerprinted(in name: String) -> [FingerprintedFinding] {
        var seen: [Digest: Int] = [:]
        return map { finding in
            let names = finding.path.compactMap { if case .name(let name) = $0 { name } else { nil } }
            let known: JSONValue = [
                "rule": .string(finding.rule.id), "in": .string(name), "source": .string(finding.source.rawValue),
                "path": .array(names.map { .string($0) }), "about": .string(finding.subject),
            ]
            let first = Digest(of: known)
            let count = seen[first, default: 0]
            seen[first] = count + 1
            let digest = count == 0 ? first : Digest(of: JSONValue.array([known, .integer(Int64(count))]))
            return FingerprintedFinding(finding: finding, fingerprint: String(digest.hex.prefix(16)))
        }
    }
}
