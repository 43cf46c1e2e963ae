// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencySchema
import ArgumentParser
import Foundation

/// What checking came to, in the form that editors and code hosts read.
///
/// > Source: Static Analysis Results Interchange Format (SARIF) 2.1.0, OASIS Standard, 2020.
enum CheckSARIF {
    static func log(_ report: CheckReport) -> JSONValue {
        let accepted = report.accepted.map { result($0.fault, acceptedBecause: $0.reason) }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                [
                    "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
                    "results": .array(report.faults.map { result($0) } + accepted),
                ]
            ],
        ]
    }

    private static var driver: JSONValue {
        [
            "name": "agency", "semanticVersion": .string(AgencyCommand.configuration.version),
            "rules": .array(Rule.all.map(rule)),
        ]
    }

    private static func rule(_ rule: Rule) -> JSONValue {
        [
            "id": .string(rule.id), "name": .string(rule.name.split(separator: "-").map(\.capitalized).joined()),
            "shortDescription": ["text": .string(rule.title)], "fullDescription": ["text": .string(rule.reason)],
            "help": ["text": .string("\(rule.title) \(rule.reason) See \(rule.page).")],
            "defaultConfiguration": ["level": .string(level(rule.severity))],
            "properties": ["matter": .string(rule.matter.rawValue), "page": .string(rule.page)],
        ]
    }

    private static func result(_ fault: Fault, acceptedBecause reason: String? = nil) -> JSONValue {
        var result: JSONObject = [
            "ruleId": .string(fault.rule.id), "level": .string(level(fault.severity)),
            "message": ["text": .string("\(fault.message). Fix: \(fault.hint)")],
            "locations": [
                [
                    "physicalLocation": [
                        "artifactLocation": ["uri": .string(reference(fault.file))],
                        "region": [
                            "startLine": .integer(Int64(fault.line)), "startColumn": .integer(Int64(fault.column)),
                        ],
                    ]
                ]
            ],
        ]
        if let index = Rule.all.firstIndex(of: fault.rule) { result["ruleIndex"] = .integer(Int64(index)) }
        if !fault.fingerprint.isEmpty { result["partialFingerprints"] = ["agency/v1": .string(fault.fingerprint)] }
        if let reason {
            result["suppressions"] = [["kind": "external", "status": "accepted", "justification": .string(reason)]]
        }
        return .object(result)
    }

    private static func level(_ severity: Severity) -> String { severity == .off ? "none" : severity.rawValue }

    /// A path as the reference that a URI may have, with what has a meaning there or is not ASCII as its bytes.
    private static func reference(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let escaped = path.utf8.map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
        return path.hasPrefix("/") ? "file://" + escaped : escaped
    }
}
