// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencySchema

/// What checking came to, for programs.
enum CheckJSON {
    static func value(_ report: CheckReport) throws -> JSONValue {
        var object: JSONObject = [
            "passes": .bool(report.passes), "errors": .integer(Int64(report.count(.error))),
            "warnings": .integer(Int64(report.count(.warning))), "notes": .integer(Int64(report.count(.note))),
            "findings": .array(report.faults.map { .object(finding($0)) }),
            "accepted": .array(
                report.accepted.map { accepted in
                    var object = finding(accepted.fault)
                    object["accepted_because"] = .string(accepted.reason)
                    return .object(object)
                }
            ),
        ]
        if let architecture = report.architecture {
            object["architecture"] = try JSONValue(encoding: architecture)
            object["loops"] = .array(architecture.loops.map(loop))
        }
        if let bounds = report.bounds { object["bounds"] = try JSONValue(encoding: bounds) }
        return .object(object)
    }

    private static func finding(_ fault: Fault) -> JSONObject {
        [
            "rule": .string(fault.rule.id), "name": .string(fault.rule.name),
            "severity": .string(fault.severity.rawValue), "file": .string(fault.file),
            "line": .integer(Int64(fault.line)), "column": .integer(Int64(fault.column)),
            "message": .string(fault.message), "fix": .string(fault.hint), "reason": .string(fault.rule.reason),
            "fingerprint": .string(fault.fingerprint), "page": .string(fault.rule.page),
        ]
    }

    private static func loop(_ loop: LoopBound) -> JSONValue {
        [
            "what": .string(loop.what), "at_most": .integer(Int64(loop.most)),
            "place": .string(Finding(.noBound, loop.path, "", hint: "").place),
        ]
    }

    /// All rules.
    static var rules: JSONValue {
        .array(
            Rule.all.map { rule in
                [
                    "rule": .string(rule.id), "name": .string(rule.name), "severity": .string(rule.severity.rawValue),
                    "matter": .string(rule.matter.rawValue), "title": .string(rule.title),
                    "reason": .string(rule.reason), "firm": .bool(rule.isFirm), "page": .string(rule.page),
                ]
            }
        )
    }
}
