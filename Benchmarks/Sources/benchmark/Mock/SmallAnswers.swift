// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// Answers to the roles of ``SmallBoard``: of the length in which others were answered, and each different from the next.
enum SmallAnswers {
    /// Stands where an answer names itself, so that no two of them are the same.
    static let name = "00000000"

    /// An output as an episode of the role writes it.
    static func output(of role: Role) -> JSONValue {
        switch role.kind {
        case .propose:
            [
                "title": .string("option \(name)"), "summary": "Five steps.", "assumptions": [],
                "steps": .array((1...5).map(step)), "dissent": nil,
            ]
        case .evaluate:
            [
                "summary": .string("r\(name)"), "objections": [],
                "scores": .array(role.criteria.map { ["criterion": .string($0), "reason": "", "value": 7] }),
                "probability": 0.7, "dissent": nil,
            ]
        default:
            [
                "summary": .string("The options differ in cost and risk; the scores are those given (\(name))."),
                "claims": [["text": "All are for the goal.", "citations": [["record": "brief", "quote": "Goal"]]]],
                "dissent": nil,
            ]
        }
    }

    private static func step(_ number: Int) -> JSONValue {
        [
            "id": .string("s\(number)"), "intent": .string("step \(number)"),
            "action": ["tool": "files.write", "arguments": [:]], "forecasts": [],
            "reversibility": "reversible", "stakes": "low", "after": [],
        ]
    }

    /// A number for a request: the same for the same bytes (FNV-1a, 32 bits).
    static func number(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
